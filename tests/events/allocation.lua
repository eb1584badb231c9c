-- emit allocates nothing, with no listener, one, or several.
local events = require "procrun.events"

local n = 0
local function count(a, b) n = n + a + b end
local function grown(e)
  for _ = 1, 10 do e:emit("x", 1, 2) end
  collectgarbage() collectgarbage() collectgarbage "stop"
  local before = collectgarbage "count"
  for _ = 1, 10000 do e:emit("x", 1, 2) end
  local after = collectgarbage "count"
  collectgarbage "restart"
  return after - before
end
local e = events.new()
assert(grown(e) < 16) -- kB; one allocation a call would be 400 and more
assert(grown(e:on("x", count)) < 16)
assert(grown(e:on("x", count):on("x", count)) < 16)
assert(n == 10010 * 3 * 4)
