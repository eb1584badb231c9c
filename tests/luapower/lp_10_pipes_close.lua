-- LP-10: ends of pipes reach only the child they were given to: no hang on one that was forgotten,
-- and children do not hold each other's.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

-- our copies are closed by the call: nothing else ends what cat reads
local in_reader, in_writer = assert(fs.pipe())
local out_reader, out_writer = assert(fs.pipe())
local p = assert(proc.exec("/bin/cat", nil, nil, nil, in_reader, out_writer))
assert(in_reader:fileno() == nil and out_writer:fileno() == nil)
in_reader:close() -- as luapower's scripts do: harmless
out_writer:close()
in_writer:write("text")
in_writer:close()
check.eq(out_reader:read("a"), "text")
check.eq(p:wait(), 0)

-- many at once: each ends as soon as its own pipe does, in any order
local children = {}
for i = 1, 8 do
  children[i] = assert(proc.popen_async("/bin/cat", nil, nil, nil, true, true))
end
for _, i in ipairs { 3, 8, 1, 5, 2, 7, 6, 4 } do
  local child = children[i]
  assert(child:write_stdin("n" .. i))
  assert(child:write_stdin())
  check.eq(child:read_stdout("*a", "20s"), "n" .. i)
  check.eq(child:wait("20s"), 0)
end

-- a child sees its own three descriptors, whatever else is open here
local reader, writer = assert(fs.pipe())
local file = assert(io.open("/dev/null"))
p = assert(proc.exec { "/bin/sh", "-c", "ls /proc/$$/fd; :", stdout = writer, stdin = "ignore",
  inherit_all_handles = true })
check.eq(reader:read("a"):gsub("%s+", " "), "0 1 2 ")
check.eq(p:wait(), 0)
file:close()
