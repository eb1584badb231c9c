-- listeners and event_names hand out copies; names stand in alphabetical order.
local events = require "procrun.events"

local e = events.new()
local function a() end
local function b() end
assert(#e:event_names() == 0 and #e:listeners("x") == 0 and e:listener_count("x") == 0)
e:on("x", a)
local list = e:listeners("x")
assert(#list == 1 and list[1] == a)
e:once("x", b):on("m", a)
list = e:listeners("x")
assert(#list == 2 and list[1] == a and list[2] == b)
list[1] = nil
assert(e:listener_count("x") == 2)
assert(table.concat(e:event_names(), " ") == "m x")
e:off("m", a)
assert(table.concat(e:event_names(), " ") == "x")
