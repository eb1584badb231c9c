-- Four processes add one to a number in a file, 25,000 times each, under a mutex: none is lost.
-- timeout: 300
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local path = check.write(check.tmp("number"), "0")
local source = [[
local file = assert(io.open(arg[1], "r+"))
file:setvbuf("no")
local mutex = assert(require("procrun.sync").mutex("m"))
for i = 1, 25000 do
  local guard <close> = mutex:lock()
  file:seek("set")
  local n = file:read("n")
  file:seek("set")
  file:write(n + 1)
end
]]
local children = {}
for i = 1, 4 do children[i] = worker.fork(source, { path }) end
for i = 1, 4 do check.eq(children[i]:wait("280s").code, 0) end
check.eq(check.read(path), "100000")
