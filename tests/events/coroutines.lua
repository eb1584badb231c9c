-- Listeners may wait: emits of one event overlap in several coroutines and none is lost.
local events = require "procrun.events"

local e = events.new()
local log = {}
e:on("x", function(id) log[#log + 1] = "a" .. id; coroutine.yield(); log[#log + 1] = "A" .. id end)
local function b(id) log[#log + 1] = "b" .. id end
e:on("x", b)
local one = coroutine.wrap(function() return e:emit("x", 1) end)
local two = coroutine.wrap(function() return e:emit("x", 2) end)
one(); two()
e:off("x", b) -- both have begun
assert(two() == true and one() == true)
assert(table.concat(log, " ") == "a1 a2 A2 b2 A1 b1", table.concat(log, " "))

-- An emit that never ends (its coroutine is closed) does no harm to the later ones.
local n = 0
e = events.new()
local function wait() n = n + 1; coroutine.yield() end
e:on("x", wait):on("x", function() n = n + 10 end)
local co = coroutine.create(function() e:emit("x") end)
assert(coroutine.resume(co) and n == 1)
assert(coroutine.close(co))
e:off("x", wait)
assert(e:emit("x") and n == 11 and e:listener_count("x") == 1)
