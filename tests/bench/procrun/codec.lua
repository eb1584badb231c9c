-- codec.lua object|string|tables N - what bounds an echo: everything it does, for the way there and
-- the way back, done N times without a channel, in MB/s of JSON. `tables` only makes the tables and
-- their strings, as any decoder has to.

local json = require "procrun.json"
local timer = require "procrun.timer"
local messages = require "messages"

local work, n = arg[1], math.tointeger(arg[2])
local message = work == "string" and messages.string() or messages.object()
local bytes = #json.encode(message)

local once = messages.object
if work ~= "tables" then once = function() assert(json.decode(json.encode(message))) end end

once()
local began = timer.now()
for _ = 1, n do
  once()
  once()
end
print(json.encode { value = bytes * n / (timer.now() - began) / 1e6 })
