-- Misuse is an error that names function and argument, at the line of the script.
local events = require "procrun.events"

local e = events.new()
local function f() end
local function fails(want, call, ...)
  local args = table.pack(...)
  local ok, err = pcall(function() call(table.unpack(args, 1, args.n)) return true end)
  assert(not ok, "no error: " .. want)
  assert(err:sub(-#want) == want, err)
end

for _, name in ipairs { "on", "once" } do
  fails(("bad argument #1 to '%s' (event name expected, got nil)"):format(name), e[name], e)
  fails(("bad argument #1 to '%s' (event name expected, got table)"):format(name), e[name], e, {})
  fails(("bad argument #2 to '%s' (function expected, got nil)"):format(name), e[name], e, "x")
  fails(("bad argument #2 to '%s' (function expected, got table)"):format(name),
    e[name], e, "x", {})
end
fails("bad argument #1 to 'off' (event name expected, got nil)", e.off, e)
fails("bad argument #2 to 'off' (function expected, got nil)", e.off, e, "x", nil)
fails("bad argument #2 to 'off' (function expected, got string)", e.off, e, "x", "y")
fails("bad argument #1 to 'emit' (event name expected, got nil)", e.emit, e)
fails("bad argument #1 to 'emit' (event name expected, got number)", e.emit, e, 0 / 0)
fails("bad argument #1 to 'listener_count' (event name expected, got nil)", e.listener_count, e)
fails("bad argument #1 to 'listeners' (event name expected, got nil)", e.listeners, e)
fails("bad argument #1 to 'remove_all_listeners' (event name expected, got boolean)",
  e.remove_all_listeners, e, false)
fails("bad argument #1 to 'extend' (table expected, got nil)", events.extend)
assert(rawget(e, "_events") == nil)

for name in pairs(events._types.emitter) do
  local ok, err = pcall(e[name], "x", f)
  assert(not ok and err:find("call it with a colon: emitter:", 1, true), tostring(err))
end
local ok, err = pcall(function() e.on("x", f) end)
local want = "misuse.lua:%d+: bad call to 'on' %(call it with a colon: emitter:on%(%.%.%.%)%)$"
assert(not ok and err:find(want), err)
ok, err = pcall(function() e:on() end)
assert(not ok and err:find("misuse.lua:%d+: bad argument #1"), err)
