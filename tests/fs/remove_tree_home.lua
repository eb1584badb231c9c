-- remove_tree: no spelling of the home directory, of what holds it, or of "here" gets through.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local base = fs.realpath(dir.path)
assert(fs.mkdir_p(base .. "/home/me/work") and fs.symlink("home", base .. "/link"))
assert(fs.symlink("me", base .. "/home/alias") and fs.mkdir(base .. "/other"))

local script = [[
local fs = require "procrun.fs"
for _, path in ipairs {
  "/", "//", "/.", "/..", "/../", "/proc/../", "BASE/home/me", "BASE/home/me/",
  "BASE/home/me//",
  "BASE/home", "BASE", "BASE/other/../home", "BASE/link/me", "BASE/home/alias/../me", ".", "..",
  "./", "../me", "../../home", "BASE/home/me/.", "BASE/home/me/work/..", "work/../../me",
} do
  path = path:gsub("BASE", arg[1])
  local ok, message = pcall(fs.remove_tree, path)
  assert(not ok and message:find("will not remove", 1, true), path .. ": " .. tostring(message))
end
-- A link goes, and what it leads to stays.
assert(fs.remove_tree(arg[1] .. "/home/alias") and fs.is_dir(arg[1] .. "/home/me"))
assert(fs.remove_tree("work") == true and not fs.exists("work"))
assert(fs.symlink("me", arg[1] .. "/home/alias") and fs.mkdir("work"))
]]
local file = check.write(check.tmp("script.lua"), script)
local procrun = os.getenv("PROCRUN")
for _, home in ipairs { "/home/me", "/home/me/", "/link/me", "/home/alias" } do
  local command = ("cd '%s/home/me' && HOME='%s%s' '%s' '%s' '%s'"):format(base, base, home,
    procrun, file, base)
  assert(os.execute(command), home)
end

-- Without HOME it is the one that the system knows.
local pipe = assert(io.popen("getent passwd $(id -u)"))
local real = pipe:read("a"):match("^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:([^:]*):")
pipe:close()
if real and fs.is_dir(real) then
  local one = check.write(check.tmp("one.lua"), [[
    local ok, message = pcall(require "procrun.fs".remove_tree, arg[1])
    assert(not ok and message:find("will not remove", 1, true), message)]])
  assert(os.execute(("env -u HOME '%s' '%s' '%s'"):format(procrun, one, real)))
  assert(os.execute(("HOME= '%s' '%s' '%s'"):format(procrun, one, real)))
end
