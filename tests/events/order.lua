-- Listeners run at once, in the order they were added, with the arguments of emit.
local events = require "procrun.events"

local e = events.new()
local log = {}
assert(e:on("x", function(...) log[#log + 1] = "a" .. table.concat({ ... }, ",") end) == e)
assert(e:emit("x", 1, 2) == true)
e:on("x", function(...) log[#log + 1] = "b" .. select("#", ...) end)
assert(e:emit("x", nil, nil) == true)
assert(table.concat(log, " ") == "a1,2 a b2", table.concat(log, " "))
assert(e:emit("y") == false)

-- The same function may stand there more than once.
local n = 0
local function count() n = n + 1 end
e:on("z", count):on("z", count):on("z", count)
e:emit("z")
assert(n == 3)
