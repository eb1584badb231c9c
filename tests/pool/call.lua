-- call: what is given and returned, holes included; several functions; errors with their fields.
local check = require "tests.lib.check"
local json = require "procrun.json"
local pool = require "tests.lib.pool"

local p <close> = pool.new([[
  local task = require "procrun.task"
  local first, second = ...
  assert(arg[1] == first and arg[0]:find "worker1")
  return {
    echo = function(...) return ... end,
    count = function(...) return select("#", ...) end,
    args = function() return first, second.deep, process.script_dir end,
    raise = function(what) error(what) end,
    object = function() error(require "procrun.events.error".new {
      message = "no disk", code = "ENOSPC", exit_code = 3 }) end,
    fields = function() error { status = 42 } end,
    none = function() return nil, "nothing there", "ENOENT" end,
    talk = function() process.send "hello" end,
    nan = function() return 0 / 0 end,
    self = function()
      task.current():cancel()
      task.sleep(60)
    end,
    not_a_function = 5,
  }]], { size = 1, args = { "one", { deep = "two" } } })

check.values(table.pack(p:call("echo", 1, "a", true, 2.5, -0x8000000000000000)),
  1, "a", true, 2.5, math.mininteger)
check.values(table.pack(p:call("echo", nil, 2, nil, nil)), nil, 2, nil, nil)
check.values(table.pack(p:call("echo")))
check.eq(p:call("count", nil, nil), 2)
check.eq(p:call("echo", json.null), json.null)
check.eq(p:call("echo", { list = { { 1 } } }).list[1][1], 1)
local empty = p:call("echo", json.object {})
assert(not json.is_array(empty))
local big = ("x"):rep(3000000)
check.eq(p:call("echo", big), big)

local first, second, dir = p:call "args"
check.eq(first, "one")
check.eq(second, "two")
check.eq(dir, os.getenv "TMPDIR" or "/tmp")

check.values(table.pack(p:call "none"), nil, "nothing there", "ENOENT")

local _, value, err, code
value, err, code = p:call("raise", "boom")
check.eq(value, nil)
check.matches(err.message, "worker1.lua:8: boom$")
check.eq(tostring(err), err.message)
check.has(err.traceback, "worker1.lua:8")
check.eq(code, nil)
assert(math.type(err.worker) == "integer")

value, err, code = p:call "object"
check.eq(value, nil)
check.eq(code, "ENOSPC")
check.eq(err.message, "no disk")
check.eq(err.exit_code, 3)

_, err = p:call "fields"
check.eq(err.status, 42)

_, err = p:call "not_a_function"
check.has(err, 'no function "not_a_function"')
check.has(err, "args, count, echo")
_, err = p:call(17)
check.has(err, "no function 17")
_, err = p:call "talk"
check.has(err, "process.send: in a worker of a pool the channel belongs to the pool")
_, err = p:call "nan"
check.has(err, "the result cannot be sent")
value, err, code = p:call "self"
check.values({ value, err, code, n = 3 }, nil, "the job has cancelled itself", "ECANCELED")

-- what cannot be sent raises here, at the line of the call, and the pool goes on
check.raises("tests/pool/call.lua", function() p:call("echo", print) end)
check.raises("function", function() p:call("echo", { 1, print }) end)
check.raises("UTF-8", function() p:call("echo", "\xff") end)
check.raises("call it with a colon: pool:call(...)", function() p.call("echo") end)
check.eq(p:call("echo", 7), 7)
check.eq(p:stats().started, 1)

-- a file that returns one function
local one <close> = pool.new "#!/usr/bin/procrun\nreturn function(a, b) return a + b end"
check.eq(one:call(2, 3), 5)
