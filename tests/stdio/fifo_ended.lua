-- Standard input is a FIFO whose writer has gone before we look: all it wrote, then the end.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
fs.write(dir / "lines.lua", "for line in io.lines() do print(line) end print 'end'")
fs.write(dir / "stream.lua", "print(process.stdin:read 'a') print 'end'")

local START <const> = [[
  mkfifo f; { printf 'one\ntwo' >f; } & exec 3<f; wait; exec "$0" "$1" <&3 ]]
for _, script in ipairs { "lines.lua", "stream.lua" } do
  local r = proc.run("sh", { "-c", START, process.exec_path, script },
    { cwd = dir.path, timeout = "10s" }):check()
  check.eq(r:text(), "one\ntwo\nend")
  fs.remove(dir / "f")
end
