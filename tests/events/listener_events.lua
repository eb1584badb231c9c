-- new_listener comes before a listener is added, remove_listener after it was removed.
local events = require "procrun.events"

local e = events.new()
local log = {}
local function fn() end
e:on("new_listener", function(name, f)
  log[#log + 1] = ("+%s %s %d"):format(name, f == fn, e:listener_count(name))
end)
e:on("remove_listener", function(name, f)
  log[#log + 1] = ("-%s %s %d"):format(name, f == fn, e:listener_count(name))
end)
e:on("x", fn)
e:once("x", fn)
e:emit("x")
e:off("x", fn)
e:off("x", fn)
local want = "+remove_listener false 0;+x true 0;+x true 1;-x true 1;-x true 0"
assert(table.concat(log, ";") == want, table.concat(log, ";"))

-- remove_all_listeners tells each, the last added first, and remove_listener goes last of all.
local order = {}
e = events.new()
local function a() end
local function b() end
local names = { [a] = "a", [b] = "b" }
e:on("remove_listener", function(name, f) order[#order + 1] = name .. (names[f] or "?") end)
e:on("zz", a):once("x", a):on("x", b)
e:remove_all_listeners()
assert(table.concat(order, " ") == "xb xa zza", table.concat(order, " "))
assert(#e:event_names() == 0)

-- A new_listener that raises keeps the listener out; one that adds goes first.
e = events.new()
e:on("new_listener", function(name) if name == "no" then error("refused", 0) end end)
assert(select(2, pcall(e.on, e, "no", a)) == "refused" and e:listener_count("no") == 0)
e = events.new()
e:once("new_listener", function(name) e:on(name, b) end)
e:on("x", a)
assert(e:listeners("x")[1] == b and e:listeners("x")[2] == a)
