-- backup.lua packs a folder of any name, checks the archive, lets the oldest go; what fails leaves
-- no half of an archive, and the old ones alone.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need("tar", "zstd", "sha256sum")
local source, store = check.tmp "-my [data] $(x) \\n", check.tmp "store/deep"
assert(fs.mkdir_p(source .. "/sub"))
for _, name in ipairs(example.NAMES) do check.write(source .. "/sub/" .. name, name) end
check.write(source .. "/big.o", "x")

local function archives()
  return assert(fs.glob("*.zst", { cwd = store }))
end

assert(fs.mkdir_p(store))
for i = 1, 3 do
  local old = ("%s/-my [data] $(x) \\n-2001010%d-000000.tar.zst"):format(store, i)
  check.write(old, "old")
  check.write(old .. ".sha256", "old")
end
check.write(store .. "/other-20010101-000000.tar.zst", "other")

local r = example.run("backup", { "--keep", "2", "-x", "*.o", "--", source, store })
assert(r.ok, r.stderr)
local list = archives()
check.eq(#list, 3)
check.matches(list[1], "20010103%-000000") -- the newest of the old ones
local new = list[2]
check.has(r.stdout, new)
proc.run("sha256sum", { "--quiet", "-c", "--", new .. ".sha256" }, { cwd = store }):check()

local back = check.tmp "back"
assert(fs.mkdir_p(back))
local unpacked = { "zstd", "-dcq", "--", store .. "/" .. new }
proc.pipeline(unpacked, { "tar", "-xf", "-", "-C", back }):check()
for _, name in ipairs(example.NAMES) do
  check.eq(check.read(back .. "/-my [data] $(x) \\n/sub/" .. name), name)
end
assert(not fs.exists(back .. "/-my [data] $(x) \\n/big.o"))

-- procrun -n shows the commands and changes nothing.
local dry = proc.run(process.exec_path,
  { "-n", example.file "backup", "--keep", "1", "--", source, store })
check.matches(dry:check().stderr, "%+ tar .*%-%-no%-unquote.* | zstd .*>", "%+ rm %-f %-%- ")
check.eq(table.concat(archives(), "\n"), table.concat(list, "\n"))

-- A compressor that fails half way.
local bin = check.tmp "bin"
assert(fs.mkdir_p(bin))
local function compressor(text)
  assert(fs.write(bin .. "/zstd", "#!/bin/sh\nhead -c 10; " .. text, { mode = "755" }))
end
compressor "echo 'no room' >&2; exit 9"
r = example.run("backup", { "--", source, store },
  { extend_env = { PATH = bin .. ":" .. os.getenv "PATH" } })
check.eq(r.code, 9)
check.has(r.stderr, "no room")
check.eq(table.concat(archives(), "\n"), table.concat(list, "\n"))
check.eq(#fs.glob("*.part", { cwd = store }), 0)

-- Stopped in the middle of it.
compressor "exec sleep 60"
local child <close> = example.start("backup", { "--", source, store },
  { extend_env = { PATH = bin .. ":" .. os.getenv "PATH" } })
local watcher = assert(fs.watch(store))
if #fs.glob("*.part", { cwd = store }) == 0 then assert(watcher:next "30s") end
-- Another one finds the lock taken.
check.eq(example.run("backup", { "--", source, store }).code, 75)
child:kill "TERM"
r = assert(child:wait "30s")
assert(not r.ok)
check.eq(#fs.glob("*.part", { cwd = store }), 0)
check.eq(#archives(), 3)

check.eq(example.run("backup", { source .. "/nothing", store }).code, 2)
