-- A listener that raises does not stop the others; emit raises the first error, as it is.
local events = require "procrun.events"

local e = events.new()
local log = {}
local first = setmetatable({}, { __tostring = function() return "first" end })
e:on("x", function() log[#log + 1] = "a"; error(first) end)
local ok, err = pcall(e.emit, e, "x")
assert(not ok and rawequal(err, first)) -- one listener

e:on("x", function() log[#log + 1] = "b"; error("second", 0) end)
e:on("x", function() log[#log + 1] = "c" end)
log = {}
ok, err = pcall(e.emit, e, "x")
assert(not ok and rawequal(err, first))
assert(table.concat(log) == "abc", table.concat(log))

-- The last of several, and an error that is nil.
e = events.new()
e:on("x", function() end):on("x", function() error("last", 0) end)
ok, err = pcall(e.emit, e, "x")
assert(not ok and err == "last")
e = events.new():on("x", function() error(nil) end):on("x", function() log = "ran" end)
ok, err = pcall(e.emit, e, "x")
assert(not ok and err == nil and log == "ran")

-- After errors the emitter is as good as before.
e = events.new()
local n = 0
local function bad() error("bad", 0) end
e:once("x", bad):once("x", bad):on("x", function() n = n + 1 end)
assert(not pcall(e.emit, e, "x"))
assert(e:listener_count("x") == 1 and e:emit("x") and n == 2)
