-- write with `sync`, as the kernel sees it: a new file, complete and on the disk before it is
-- renamed, and then the directory.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
if not proc.which("strace") then
  print("skipped: strace is not installed")
  return
end
local dir <close> = assert(fs.temp_dir())
local file, trace = dir.path .. "/file", dir.path .. "/trace"
assert(fs.write(file, "old", { mode = "640" }))
local script = ("require 'fs'.write(%q, 'new', { sync = true })"):format(file)
local result = proc.run("strace", {
  "-f", "-qq", "-o", trace, "-e", "trace=openat,write,fchmod,fchown,fsync,rename,renameat,close",
  os.getenv("PROCRUN"), "-e", script,
})
if not result.ok then
  print("skipped: strace cannot trace here: " .. result.stderr)
  return
end
local steps = {}
local seen = false
for line in fs.lines(trace) do
  seen = seen or line:find(".procrun-", 1, true)
  local call = line:match("^%d+%s+(%a+)%(")
  if seen and call then steps[#steps + 1] = call end
end
local order = table.concat(steps, " ")
assert(order:find("^openat fchmod write fsync close rename openat fsync close"), order)
assert(fs.stat(file).mode == 416 and fs.read(file) == "new")
