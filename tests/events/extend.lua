-- extend makes emitters of a class or of one object; every object has listeners of its own.
local events = require "procrun.events"

local Child = {}
Child.__index = Child
function Child:emit() return "own" end
assert(events.extend(Child) == Child)
local a, b = setmetatable({}, Child), setmetatable({}, Child)
a:on("exit", print)
assert(a:listener_count("exit") == 1 and b:listener_count("exit") == 0)
assert(rawget(b, "_events") == nil) -- nothing is made before the first `on`
assert(a:emit() == "own") -- what the class had stays

-- Listeners of the class table itself are not those of its objects.
Child:on("exit", print):on("exit", print)
assert(b:listener_count("exit") == 0 and a:listener_count("exit") == 1)
b:on("exit", print)
assert(b:listener_count("exit") == 1 and Child:listener_count("exit") == 2)

local object = events.extend({})
local got
object:on("x", function(v) got = v end)
assert(object:emit("x", 7) and got == 7)
assert(not pcall(events.extend) and not pcall(events.extend, "x"))

-- A strict object: fields come and go past its metamethods.
local strict = setmetatable(events.extend({ _listening = false }), {
  __index = function(_, k) error("no field " .. k) end,
  __newindex = function(_, k) error("no field " .. k) end,
})
assert(strict:emit("x", 8) == false)
strict:on("x", function(v) got = v end)
assert(strict:emit("x", 8) and got == 8)
