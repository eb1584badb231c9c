-- At the end of a regular file a stream looks again at each call, as Lua's files do.
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local name = check.tmp "log"
assert(fs.write(name, "a\n"))
local f = assert(fs.open(name))
assert(f:read("l") == "a")
assert(f:read("l") == nil and f:read_some() == nil and f:read("a") == "" and f:read(0) == nil)
fs.append(name, "b\nc")
assert(f:read("l") == "b" and f:read(0) == "" and f:read("l") == "c" and f:read("l") == nil)
fs.append(name, "d\n")
assert(f:read_some() == "d\n" and f:read_some() == nil)
fs.append(name, "e\nf\n")
local seen = {}
for line in f:lines() do seen[#seen + 1] = line end
assert(table.concat(seen) == "ef")
fs.append(name, "g")
assert(f:seek() == 11 and f:read("a") == "g")
