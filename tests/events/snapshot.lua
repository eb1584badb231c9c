-- An emit runs the listeners there were when it began, whatever they add and remove.
local events = require "procrun.events"

local e = events.new()
local log = {}
local function b() log[#log + 1] = "b" end
local function late() log[#log + 1] = "late" end
local function a()
  log[#log + 1] = "a"
  e:off("x", b)
  e:on("x", late)
end
e:on("x", a):on("x", b)
e:emit("x")
assert(table.concat(log, " ") == "a b", table.concat(log, " "))
assert(e:listener_count("x") == 2)
log = {}
e:off("x", a)
e:emit("x")
assert(table.concat(log, " ") == "late")

-- A once listener removed by an earlier one still runs in the emit that had begun, as in Node.
e, log = events.new(), {}
e:on("x", function() e:off("x", b) end)
e:once("x", b)
e:emit("x"); e:emit("x")
assert(table.concat(log, " ") == "b")

-- A listener that removes itself does not make the next one miss its turn.
e, log = events.new(), {}
local function self_remover() e:off("x", self_remover); log[#log + 1] = "self" end
e:on("x", self_remover):on("x", b)
e:emit("x"); e:emit("x")
assert(table.concat(log, " ") == "self b b")

-- All gone in the middle of an emit.
e, log = events.new(), {}
e:on("x", function() e:remove_all_listeners() end):on("x", b)
assert(e:emit("x") == true)
assert(#log == 1 and e:emit("x") == false)
