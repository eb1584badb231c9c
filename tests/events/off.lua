-- off takes the listener added last; without a function it takes them all.
local events = require "procrun.events"

local e = events.new()
local log = {}
local function a() log[#log + 1] = "a" end
local function b() log[#log + 1] = "b" end
e:on("x", a):on("x", b):on("x", a)
assert(e:off("x", a) == e)
e:emit("x")
assert(table.concat(log) == "ab", table.concat(log))
assert(e:off("x", print) == e and e:listener_count("x") == 2) -- not there: nothing happens
e:off("nothing", a)
e:off("x", b)
log = {}
e:emit("x")
assert(table.concat(log) == "a")

e:on("x", b):on("y", b)
e:off("x")
assert(e:listener_count("x") == 0 and e:listener_count("y") == 1)
e:on("x", a):remove_all_listeners("x")
assert(e:listener_count("x") == 0 and e:listener_count("y") == 1)
e:on("x", a):remove_all_listeners()
assert(#e:event_names() == 0)
assert(events.new():remove_all_listeners() ~= nil and events.new():off("x"))

-- Node's older names.
e:add_listener("z", a)
assert(e:listener_count("z") == 1)
e:remove_listener("z", a)
assert(e:listener_count("z") == 0)
