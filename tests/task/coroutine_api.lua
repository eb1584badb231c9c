-- The coroutine library as Lua's: in the base coroutine of a task, and around waits.
local task = require "procrun.task"
local check = require "tests.lib.check"

-- The base coroutine looks like the main one.
local function base()
  local co, main = coroutine.running()
  assert(type(co) == "thread" and main == true)
  check.eq(coroutine.isyieldable(), false)
  check.eq(coroutine.isyieldable(co), false)
  check.eq(coroutine.status(co), "running")
  check.raises("attempt to yield from outside a coroutine", coroutine.yield, 1)
  check.raises("cannot close a running coroutine", coroutine.close, co)
  check.values(table.pack(coroutine.resume(co)), false, "cannot resume non-suspended coroutine")
  local inner = coroutine.create(function()
    check.eq(coroutine.status(co), "normal")
    check.eq(select(2, coroutine.running()), false)
    check.eq(coroutine.isyieldable(), true)
    check.values(table.pack(coroutine.resume(co)), false, "cannot resume non-suspended coroutine")
    check.raises("cannot close a normal coroutine", coroutine.close, co)
    return "inner"
  end)
  check.eq(coroutine.status(inner), "suspended")
  check.values(table.pack(coroutine.resume(inner)), true, "inner")
  check.eq(coroutine.status(inner), "dead")
end
base()
task.spawn(base):wait()

-- A coroutine inside a runtime wait belongs to the one that waits.
local co = coroutine.create(function() task.sleep(0.005) coroutine.yield("out") end)
local t = task.spawn(function() return coroutine.resume(co) end)
task.yield()
task.yield()
check.eq(coroutine.status(co), "normal")
check.values(table.pack(coroutine.resume(co)), false,
  "cannot resume a coroutine that waits inside the runtime")
check.raises("cannot close a normal coroutine", coroutine.close, co)
check.values(table.pack(t:wait()), true, "out")
check.eq(coroutine.status(co), "suspended")
check.eq(coroutine.close(co), true)
local function once() return coroutine.yield(task.sleep(0.005)) end
local wrapped = coroutine.wrap(once)
t = task.spawn(function() wrapped() end)
task.yield()
task.yield()
check.raises("cannot resume a coroutine that waits inside the runtime", wrapped)
t:wait()

-- close runs the handlers, tells their errors, and does not let them wait.
local function closing(fn)
  local c = coroutine.create(function() local _ <close> = setmetatable({},
    {__close = fn}) coroutine.yield() end)
  coroutine.resume(c)
  return c
end
local closed
check.values(table.pack(coroutine.close(closing(function(_, err) closed = err == nil end))), true)
check.eq(closed, true)
check.values(table.pack(coroutine.close(closing(function() error("x", 0) end))), false, "x")
local ok, err = coroutine.close(closing(function() task.sleep(0) end))
check.eq(ok, false)
check.has(err, "cannot wait here (in coroutine.close)")
co = coroutine.create(error)
check.values(table.pack(coroutine.resume(co, 100)), false, 100)
check.values(table.pack(coroutine.close(co)), false, 100)
check.values(table.pack(coroutine.close(co)), true)
check.values(table.pack(coroutine.close(coroutine.create(print))), true)

-- Errors: position by wrap, dead afterwards, the stack still to be seen.
co = coroutine.create(function() local x = nil; return x.y end)
ok, err = coroutine.resume(co)
check.eq(ok, false)
check.eq(err, "tests/task/coroutine_api.lua:71: attempt to index a nil value (local 'x')")
check.eq(coroutine.status(co), "dead")
check.has(debug.traceback(co), "coroutine_api.lua:71: in function <")
check.has(debug.traceback(co, "the message"), "the message\nstack traceback:")
check.has(debug.traceback(co, nil, 1), "stack traceback:")
local object = {}
check.eq(debug.traceback(co, object), object)
check.values(table.pack(coroutine.resume(co)), false, "cannot resume dead coroutine")
wrapped = coroutine.wrap(function() error("msg", 0) end)
ok, err = pcall(function() wrapped() end)
assert(not ok and err == "tests/task/coroutine_api.lua:83: msg")
check.raises("cannot resume dead coroutine", wrapped)
ok, err = pcall(coroutine.wrap(function() error(object) end))
assert(not ok and rawequal(err, object))

-- Misuse.
check.raises("bad argument #1 to 'create' (function expected, got number)",
  function() coroutine.create(1) end)
check.raises("bad argument #1 to 'wrap' (function expected, got no value)",
  function() coroutine.wrap() end)
check.raises("bad argument #1 to 'resume' (coroutine expected, got number)",
  function() coroutine.resume(1) end)
check.raises("bad argument #1 to 'status' (coroutine expected, got table)",
  function() coroutine.status({}) end)
check.raises("bad argument #1 to 'close' (coroutine expected, got no value)",
  function() coroutine.close() end)

-- Depth: a clear error, no crash.
local function nest(n)
  if n == 0 then return "deep" end
  return coroutine.wrap(nest)(n - 1)
end
check.eq(nest(50), "deep")
check.eq(nest(180), "deep")
check.raises("C stack overflow", nest, 1000)
-- Arguments and results in numbers.
local many = {n = 10000, [10000] = 1}
check.eq(select("#", coroutine.wrap(function(...) return coroutine.yield(...)
  end)(table.unpack(many, 1, many.n))), 10000)
-- More results than a stack takes (about a million values; a few more are too many for unpack):
-- resume tells it, wrap raises it.
local told, raised
for count = 999970, 999990, 2 do
  local function unpacked() return table.unpack({}, 1, count) end
  local fits, message = coroutine.resume(coroutine.create(unpacked))
  told = told or not fits and message == "too many results to resume"
  fits, message = pcall(function() coroutine.wrap(unpacked)() end)
  raised = raised or not fits and message:find("too many results to resume", 1, true)
end
assert(told and raised)
