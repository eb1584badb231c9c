-- No pcall, xpcall, coroutine.resume or wrap keeps a cancel for itself, and none that spans one
-- goes on when a __close handler has replaced the error.
local task = require "procrun.task"
local check = require "tests.lib.check"

local log
local function note(text) log[#log + 1] = text end
local function closer(text) return setmetatable({}, {__close = function() note(text) end}) end
local function fails() return setmetatable({}, {__close = function() error("from close") end}) end

local function ends(fn, wanted)
  log = {}
  local t = task.spawn(function() fn() note("went on") end)
  task.yield()
  task.yield()
  check.eq(t:status(), "waiting")
  t:cancel()
  local _, _, code = t:wait()
  check.eq(code, "ECANCELED")
  check.eq(table.concat(log, " "), wanted or "")
end

local function nap() task.sleep(60) end

ends(nap)
ends(function() pcall(nap) note("pcall") end)
ends(function() xpcall(nap, function(e) note("handler") return e end) note("xpcall") end)
ends(function() local _ <close> = closer("c") pcall(pcall, nap) note("pcall") end, "c")
ends(function() coroutine.resume(coroutine.create(nap)) note("resume") end)
ends(function() pcall(coroutine.wrap(nap)) note("wrap") end)
ends(function()
  local co = coroutine.create(function() pcall(coroutine.wrap(function()
    local _ <close> = closer("inner")
    nap()
  end)) note("inner pcall") end)
  local _ <close> = closer("outer")
  coroutine.resume(co)
end, "inner outer")
ends(function() for _ in coroutine.wrap(function() coroutine.yield(1) nap() end) do end end)
ends(function() for _ in nap do end end)
ends(function() return setmetatable({}, {__index = nap}).x end)
ends(function() return setmetatable({}, {__add = nap}) + 1 end)
ends(function() return #setmetatable({}, {__len = nap}) end)
ends(function() return pcall(function() return setmetatable({}, {__lt = nap}) < 1 end) end)

-- The error is another one by the time it reaches pcall.
ends(function() pcall(function() local _ <close> = fails() nap() end) note("pcall") end)
ends(function() xpcall(function() local _ <close> = fails() nap() end,
  function(e) return e end) note("xpcall") end)
ends(function()
  coroutine.resume(coroutine.create(function() local _ <close> = fails() nap() end))
  pcall(nap)
end)
-- A pcall that began after it, in a handler, is like any other.
ends(function()
  local _ <close> = setmetatable({}, {__close = function()
    check.values(table.pack(pcall(error, "x", 0)), false, "x")
    note(tostring(coroutine.resume(coroutine.create(error))))
  end})
  nap()
end, "false")

-- Sticky: a second wait of a handler that is not one any more.
log = {}
local t = task.spawn(function()
  local co = coroutine.wrap(function() pcall(nap) nap() end)
  pcall(co)
  pcall(nap)
  note("went on")
end)
task.yield()
t:cancel()
t:wait()
check.eq(#log, 0)
