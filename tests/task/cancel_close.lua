-- __close handlers run to their ends while a cancel goes through, waits included, wherever the
-- variable stands: in a pcall, a coroutine, a generator, under a vararg or a tail call.
local task = require "procrun.task"
local check = require "tests.lib.check"

local log
local function waits(text)
  return setmetatable({}, {__close = function()
    task.sleep(0.001)
    local t = task.spawn(function() task.sleep(0.001) return text end)
    log[#log + 1] = t:wait()
    pcall(function() task.sleep(0.001) end)
    log[#log + 1] = "."
  end})
end
local function nap() task.sleep(60) end

local function ends(wanted, fn)
  log = {}
  local t = task.spawn(fn)
  task.yield()
  task.yield()
  t:cancel()
  task.yield() -- the first handler waits by now
  t:cancel()
  local _, _, code = t:wait()
  check.eq(code, "ECANCELED")
  check.eq(table.concat(log), wanted)
end

ends("a.", function() local _ <close> = waits("a") nap() end)
ends("b.a.", function()
  local _ <close> = waits("a")
  local _ <close> = waits("b")
  nap()
end)
ends("b.a.", function()
  local _ <close> = waits("a")
  pcall(function() local _ <close> = waits("b") nap() end)
  log[#log + 1] = "went on"
end)
ends("a.", function() pcall(function(...) local _ <close> = waits("a") nap(...) end, 1, 2, 3) end)
ends("a.", function()
  local function vararg(...) local _ <close> = waits("a") nap(...) end
  local function tail(...) return vararg(1, ...) end
  return pcall(tail, 1, 2)
end)
ends("a.", function()
  local function plain() local _ <close> = waits("a") nap() end
  local function tail(...) return plain(...) end
  return xpcall(tail, debug.traceback, 1)
end)
ends("a.", function()
  local callable = setmetatable({}, {__call = function() local _ <close> = waits("a") nap() end})
  pcall(pcall, pcall, callable)
end)
ends("a.", function()
  for _ in coroutine.wrap(function() local _ <close> = waits("a") coroutine.yield(1) nap() end) do
    end
end)
ends("a.b.", function()
  local _ <close> = waits("b")
  coroutine.resume(coroutine.create(function() local _ <close> = waits("a") nap() end))
end)
ends("a.", function()
  local co = coroutine.create(function()
    pcall(coroutine.wrap(function(...) local _ <close> = waits("a") nap(...) end), 1)
  end)
  pcall(coroutine.resume, co)
end)
ends("a.", function() for _ in nap, nil, nil, waits("a") do end end) -- the closing value of a for
ends("a.", function() return setmetatable({}, {__index = function() local _ <close> = waits("a")
  nap() end}).x end)
ends("inner.a.", function() -- a handler in a handler
  local _ <close> = setmetatable({}, {__close = function()
    local _ <close> = waits("a")
    local _ <close> = waits("inner")
  end})
  nap()
end)

-- At the normal end of a block a cancel does not stop the handler either, but the wait after it.
ends("a.", function()
  do local _ <close> = waits("a") end
  nap()
  log[#log + 1] = "went on"
end)

-- The function of a handler that is C.
local g = task.group()
ends("", function() local _ <close> = g nap() end)

-- After an ordinary error, the cancel comes while a handler waits.
log = {}
local t = task.spawn(function()
  pcall(function() local _ <close> = waits("a") error("x") end)
  nap()
  log[#log + 1] = "went on"
end)
task.yield()
t:cancel()
t:wait()
check.eq(table.concat(log), "a.")
