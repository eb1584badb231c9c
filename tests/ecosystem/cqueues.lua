-- cqueues: a loop of its own with its coroutines, conditions, sockets, and a thread.
local rock = require "tests.lib.rock"

rock.need("lua-cqueues", "cqueues", "cqueues.socket", "cqueues.thread")
rock.same [[
local cqueues, socket = require "cqueues", require "cqueues.socket"
local queue, condition = cqueues.new(), require "cqueues.condition".new()
queue:wrap(function()
  cqueues.sleep(0.01)
  print "slept"
  condition:signal()
end)
queue:wrap(function()
  condition:wait()
  print "signalled"
end)
local a, b = socket.pair()
queue:wrap(function()
  a:write "line\n"
  a:close()
end)
queue:wrap(function() print(b:read()) end)
print(queue:loop())
local thread, pipe = require "cqueues.thread".start(function(pipe)
  print "printed in a thread"
  pipe:write "from a thread\n"
  pipe:close()
end)
print(pipe:read())
print(thread:join())
cqueues.sleep(0.01)
print(pcall(cqueues.poll, 0.01))
print(cqueues.new():wrap(function() error("inside", 0) end):loop())]]
