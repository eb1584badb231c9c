-- Pipes of the caller for all three streams: a number goes in, a greeting comes out byte by byte
-- up to the end; the copies that the script closes itself do no harm.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local script = check.write(check.tmp("pipe.lua"), [[
  local n = io.stdin:read("*n")
  io.stderr:write("Error\r\n\r\n")
  print("Hello " .. n)
  os.exit(123)
]])
local in_reader, in_writer = assert(fs.pipe())
local out_reader, out_writer = assert(fs.pipe())
local err_reader, err_writer = assert(fs.pipe())
local p = assert(proc.exec_luafile { script = script, stdin = in_reader, stdout = out_writer,
  stderr = err_writer, autokill = true })
in_reader:close()
out_writer:close()
err_writer:close()
in_writer:write("1234\n")
in_writer:close()
local bytes = {}
while true do
  local byte = out_reader:read(1)
  if not byte then break end
  bytes[#bytes + 1] = byte
end
check.eq(table.concat(bytes), "Hello 1234\n")
check.eq(err_reader:read("a"), "Error\r\n\r\n")
check.eq(p:wait(1 / 0), 123)

-- files of io and descriptors
local path = check.tmp("out")
local file = assert(io.open(path, "w"))
file:write("before ")
p = assert(proc.exec("cat", {}, nil, nil, assert(io.open(script)), file))
check.eq(p:wait(), 0)
file:write("after")
file:close()
check.eq(check.read(path), "before " .. check.read(script) .. "after")

-- true opens a pipe, as in later manuals
p = assert(proc.exec { cmd = { "cat" }, stdin = true, stdout = true, async = true })
assert(p.stdin and p.stdout and not p.stderr)
p.stdin:write("x")
p.stdin:close()
check.eq(p.stdout:read("a"), "x")
check.eq(p:wait(), 0)
p:forget()
assert(p.stdout:fileno() == nil)
