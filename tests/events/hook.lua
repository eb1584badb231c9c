-- _listening(name, count) hears of every change, and may refuse a listener by raising.
local events = require "procrun.events"

local log = {}
local e = events.extend({})
function e:_listening(name, count)
  assert(self == e)
  log[#log + 1] = name .. count
  if name == "full" then error("full of receivers", 4) end
end
local function a() end
e:on("x", a):once("x", a):on("y", a)
e:emit("x")
e:off("x", a):off("x", a)
e:on("x", a):on("x", a):remove_all_listeners("x")
e:remove_all_listeners("x") -- there were none: no change
assert(table.concat(log, " ") == "x1 x2 y1 x1 x0 x1 x2 x0", table.concat(log, " "))
e:remove_all_listeners()
assert(log[#log] == "y0")

local ok, err = pcall(function() e:on("full", a) end)
assert(not ok and err:find("hook.lua:%d+: full of receivers$"), err) -- the script's line
assert(e:listener_count("full") == 0 and e:emit("full") == false)
ok, err = pcall(function() e:once("full", a) end)
assert(not ok and err:find("hook.lua:%d+: full of receivers$"), err)
assert(e:listener_count("full") == 0)
