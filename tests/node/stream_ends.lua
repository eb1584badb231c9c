-- The streams of a child tell their end and their close, also where nobody listens for data; what
-- can still be read is not thrown away for that.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"

local function watch(child)
  local log, done = {}, task.event()
  local function note(object, name, what)
    object:on(name, function() log[#log + 1] = what end)
  end
  if child.stdin then note(child.stdin, "close", "stdin close") end
  for fd, name in ipairs { "stdout", "stderr", "third", "fourth" } do
    if child.stdio[fd] then
      note(child.stdio[fd], "end", name .. " end")
      note(child.stdio[fd], "close", name .. " close")
    end
  end
  note(child, "exit", "exit")
  child:on("close", function()
    log[#log + 1] = "close"
    done:set()
  end)
  return function()
    assert(done:wait("20s"))
    return table.concat(log, ", ")
  end
end

-- ended by us, nobody listens for data
local child = assert(proc.spawn("cat", {}, { stdio = { "pipe", "pipe", "ignore" } }))
local told = watch(child)
assert(child:kill())
check.eq(told(), "exit, stdin close, stdout end, stdout close, close")

-- both ways, from 3 on
child = assert(proc.spawn("true", {}, { stdio = { "ignore", "ignore", "ignore", "pipe" } }))
check.eq(watch(child)(), "exit, third end, third close, close")

-- listeners of the streams alone
child = assert(proc.spawn("true", {}, { stdio = { "ignore", "pipe", "ignore" } }))
local heard = task.queue(2)
child.stdout:on("end", function() heard:put("end") end)
child.stdout:on("close", function() heard:put("close") end)
check.eq(heard:get("20s"), "end")
check.eq(heard:get("20s"), "close")

-- claimed by wait
child = assert(proc.spawn("echo", { "claimed" }, { stdio = { "ignore", "pipe", "ignore" } }))
told = watch(child)
check.eq(child:wait().stdout, "claimed\n")
check.eq(told(), "exit, stdout end, stdout close, close")

-- a listener for data is told once
child = assert(proc.spawn("echo", { "data" }, { stdio = { "ignore", "pipe", "ignore" } }))
child.stdout:on("data", function(bytes) check.eq(bytes, "data\n") end)
check.eq(watch(child)(), "stdout end, stdout close, exit, close")

-- piped elsewhere
child = assert(proc.spawn("echo", { "piped" }, { stdio = { "ignore", "pipe", "ignore" } }))
local cat = assert(proc.spawn("cat"))
told = watch(child)
child.stdout:pipe(cat.stdin)
check.eq(cat.stdout:read("a"), "piped\n")
check.eq(told(), "exit, stdout end, stdout close, close")

-- what nobody has taken stays, and tells nothing
child = assert(proc.spawn("echo", { "later" }, { stdio = { "ignore", "pipe", "ignore" } }))
check.eq(watch(child)(), "exit, close")
check.eq(child.stdout:read("a"), "later\n")

-- who reads sees the end there, however late
child = assert(proc.spawn("echo", { "line" }, { stdio = { "ignore", "pipe", "ignore" } }))
check.eq(child.stdout:read("l"), "line")
check.eq(watch(child)(), "exit, close")
check.eq(child.stdout:read("l"), nil)
