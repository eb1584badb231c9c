-- The channel at any descriptor: messages both ways, and what the child prints cannot garble them.
local check = require "tests.lib.check"
local proc = require "proc"
local worker = require "tests.lib.worker"

-- a program that writes lines
for slot = 0, 5 do
  local stdio = { [0] = "ignore", "ignore", "ignore" }
  stdio[slot] = "ipc"
  local text = ("echo '\"hello\"' >&%d; read x <&%d; echo \"$x\" >&%d"):gsub("%%d", slot)
  local child = assert(proc.spawn("sh", { "-c", text }, { stdio = stdio }))
  check.eq(child:receive(20), "hello")
  assert(child:send { n = slot })
  check.eq(child:receive(20).n, slot)
  assert(child:wait(20).ok)
  check.eq(child.stdio[slot], nil)
end

-- a worker of ours that prints by every way there is
local file = worker.file [[
  print "print"
  io.write "write\n"
  process.stdout:write("stream\n")
  io.stdout:write("file\n")
  os.execute "echo program"
  process.send "hello"
  process.send(process.receive())
  io.stderr:write("error\n")
  os.execute "echo program >&2"
]]
local OUT, ERR = "print\nwrite\nstream\nfile\nprogram\n", "error\nprogram\n"
for slot = 0, 4 do
  local stdio = { [0] = "pipe", "pipe", "pipe" }
  stdio[slot] = "ipc"
  local child = assert(proc.fork(file, {}, { stdio = stdio }))
  local faults = {}
  child:on("error", function(err) faults[#faults + 1] = tostring(err) end)
  check.eq(child:receive(20), "hello")
  assert(child:send(slot))
  check.eq(child:receive(20), slot)
  local r = child:wait(20)
  check.eq(r.code, 0)
  check.eq(table.concat(faults, "\n"), "")
  if slot == 1 then -- nothing is lost: it goes to standard error
    check.eq(r.stdout, nil)
    check.eq(r.stderr, OUT .. ERR)
  else
    check.eq(r.stdout, OUT)
    if slot == 2 then check.eq(r.stderr, nil) else check.eq(r.stderr, ERR) end
  end
end

-- where fork puts it: after a word, not into a list that has none
local child = assert(proc.fork(file, {}, { stdio = "pipe" }))
assert(child.connected and child.stdout and child.stdio[3] == nil)
child:disconnect()
child:wait(20)
check.raises("fork: stdio: one element of the list has to be 'ipc'", proc.fork, file, {},
  { stdio = { "pipe", "pipe", "pipe" } })
check.raises("one channel, 'ipc' stands at 3 and 4", proc.fork, file, {},
  { stdio = { [3] = "pipe", [4] = "ipc", [5] = "ipc" } })
child = assert(proc.fork(file, {}, { stdio = { "ignore", "ignore", "ignore" }, channel = "fd" }))
assert(child.connected and child:disconnect() == nil)
child:wait(20)
