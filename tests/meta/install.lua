-- meson install: what it puts where, and what is installed works by itself.
-- requires: meson
local check = require "tests.lib.check"
local fs, proc, path = require "procrun.fs", require "procrun.proc", require "procrun.path"

local build = path.dirname(os.getenv("PROCRUN"))
local dir <close> = assert(fs.temp_dir())
proc.run("meson", {"install", "--no-rebuild", "-C", build, "--destdir", dir.path}):check()

local procrun = os.getenv("PROCRUN")
local function fact(name) return proc.run(procrun, {"--config=" .. name}):check():text() end
local prefix = dir.path .. fact("prefix")

local installed = prefix .. "/bin/procrun"
check.eq(proc.run(installed, {"-e", "print(require 'json'.encode {1})"}):check():text(), "[1]")
check.eq(proc.run(installed, {"--config=executable"}):check():text(), installed)
for _, file in ipairs {"man/man1/procrun.1", "bash-completion/completions/procrun"} do
  assert(fs.is_file(prefix .. "/share/" .. file), file)
end
for _, room in ipairs {"proc", "fs", "task"} do
  local types, page = room .. ".types.lua", "modules/" .. room .. "/" .. room .. ".md"
  assert(fs.is_file(dir.path .. fact("types") .. "/" .. types), types)
  assert(fs.is_file(dir.path .. fact("doc") .. "/" .. page), page)
end

-- Every link in the installed pages leads to something installed, or out of their folder.
local doc = dir.path .. fact("doc")
for file, kind in fs.walk(doc) do
  if kind == "file" and file:find("%.md$") then
    for link in fs.read(file):gmatch("%]%(([^)#:%s]+)[)#]") do
      local target = path.join(path.dirname(file), link)
      local outside = link:find("^%.%.") and not target:find(doc, 1, true)
      assert(outside or fs.exists(target), file .. " leads nowhere with " .. link)
    end
  end
end
