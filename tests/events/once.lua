-- A once listener runs once, even when it emits its own event, and off finds it by its function.
local events = require "procrun.events"

local e = events.new()
local log = {}
local function note(text) return function() log[#log + 1] = text end end

e:once("x", function() log[#log + 1] = "one"; e:emit("x") end)
assert(e:listener_count("x") == 1)
assert(e:emit("x") == true)
assert(e:listener_count("x") == 0 and e:emit("x") == false)
assert(table.concat(log, " ") == "one")

log = {}
e:on("x", note "a"):once("x", note "b"):on("x", note "c")
e:emit("x"); e:emit("x")
assert(table.concat(log, " ") == "a b c a c", table.concat(log, " "))

log = {}
local fn = note "never"
e:once("y", fn)
assert(e:listeners("y")[1] == fn)
e:off("y", fn)
assert(e:emit("y") == false and #log == 0)

-- Two emits of the same event under way: the inner one has taken the once listener.
log = {}
e = events.new()
local inside = false
e:on("x", function() if not inside then inside = true; e:emit("x") end end)
e:once("x", note "once")
e:emit("x")
assert(#log == 1)
