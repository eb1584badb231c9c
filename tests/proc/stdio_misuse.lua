-- stdio: what is none of its forms raises, at the line of the call, and says what would be right.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local function refused(options, pattern)
  local line = debug.getinfo(1, "l").currentline + 1
  local ok, message = pcall(function() return (proc.spawn("true", {}, options)) end)
  assert(not ok, "not refused: " .. pattern)
  assert(message:find(pattern), message)
  assert(message:find("stdio_misuse.lua:" .. line .. ":", 1, true), message)
end

refused({ stdio = { "pipe", "out.txt" } },
  "stdout: 'out.txt' is none of .*io.open%(\"out.txt\", \"w\"%)")
refused({ stdout = "out.txt" }, "spawn: stdout: .*io.open")
refused({ stderr = "stdin" }, "stderr: 'stdin' is none of")
refused({ stdout = "stdout" }, "stdout: 'stdout' is none of")
refused({ stdio = 3 }, "stdio: string or table expected, got number")
refused({ stdio = { "pipe", true } }, "stdout: .* expected, got boolean")
refused({ stdio = { [0] = "pipe", [-1] = "pipe" } }, "stdio: %-1 is no descriptor")
refused({ stdio = { x = "pipe" } }, "stdio: x is no descriptor")
refused({ stdio = { "ipc", "pipe", "ipc" } }, "one channel, 'ipc' stands at 0 and 2")
refused({ input = "x", stdin = "ignore" }, "input needs stdin")
refused({ channel = "stdio", stdin = "ignore" }, "channel='stdio' takes stdin and stdout")

local closed = assert(io.open("/dev/null"))
closed:close()
refused({ stdin = closed }, "stdin: the file is closed")
local reader, writer = assert(fs.pipe())
writer:close()
refused({ stdout = writer }, "stdout: the stream is closed")

-- bytes that were read in already cannot reach a child
local from, to = assert(fs.pipe())
to:finish("one\ntwo\n")
assert(from:read() == "one")
refused({ stdin = from }, "4 bytes of this stream have been read in already")
from:close()
reader:close()

-- a number that is no open descriptor is a failure of the outside world
local child, message, code = proc.spawn("true", { stdio = { "pipe", 999 } })
assert(child == nil and code == "EBADF" and message:find("^spawn true: stdio: "), message)
