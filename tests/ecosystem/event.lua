-- luaevent: libevent's loop calls back into Lua. (It leaves a block behind, also with lua.)
-- build: no-sanitize
local rock = require "tests.lib.rock"

rock.need("lua-event", "luaevent.core")
rock.same [[
local core = require "luaevent.core"
local base, count = core.new(), 0
base:addevent(nil, core.EV_TIMEOUT, function()
  count = count + 1
  print("tick", count)
  if count == 3 then return -1 end
end, 0.001)
print(base:loop(), count)]]
