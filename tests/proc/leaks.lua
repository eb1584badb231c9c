-- Descriptors that a script did not ask for never reach a child; none is left here after children.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function fds_of(path)
  local list = {}
  for name in fs.walk(path) do list[#list + 1] = tonumber(name:match("%d+$")) end
  table.sort(list)
  return list
end

-- io.open and io.popen open theirs without O_CLOEXEC
local open = {}
for i = 1, 30 do open[i] = assert(io.open("/dev/null")) end
local reader, writer = assert(fs.pipe())
local r = proc.run("sh", { "-c", "ls /proc/$$/fd; :" }, { stdio = { "ignore", "pipe", "pipe" } })
assert(r:text():gsub("%s+", " ") == "0 1 2", r.stdout)
local child = assert(proc.spawn("sh", { "-c", "ls /proc/$$/fd; :" },
  { stdio = { [0] = "ignore", [6] = writer } }))
assert(child:wait(10):text():gsub("%s+", " ") == "0 1 2 6")
reader:close()
for _, file in ipairs(open) do file:close() end

-- the channel is not handed on to grandchildren
local dir <close> = assert(fs.temp_dir())
fs.write(dir.path .. "/w.lua", [[
  local proc = require "procrun.proc"
  process.send(proc.run("sh", {"-c", "ls /proc/$$/fd; echo $NODE_CHANNEL_FD"}).stdout)
]])
child = assert(proc.fork(dir.path .. "/w.lua"))
assert(child:receive(10):gsub("%s+", " ") == "0 1 2 ")
assert(child:wait(10).ok)

-- nothing is left of children, however they were used
local before, now
for round = 1, 6 do
  assert(proc.run("cat", {}, { input = "x" }).ok)
  assert(proc.spawn("echo", { "x" }):wait(10).ok)
  assert(proc.pipeline({ "echo", "x" }, { "cat" }, { "cat" }).ok)
  proc.pipeline({ "echo" }, { "/nope" })
  proc.spawn("/nope")
  do local _ <close> = assert(proc.spawn("cat")) end
  local forked = assert(proc.fork(dir.path .. "/w.lua"))
  forked:receive(10)
  forked:disconnect()
  forked:wait(10)
  collectgarbage()
  collectgarbage()
  task.sleep(0)
  now = #fds_of("/proc/self/fd")
  if round == 1 then before = now end -- launches keep a few
end
assert(now <= before, ("%d descriptors before, %d after"):format(before, now))

-- nor does that take the collector: a result gives back what the child had, so does `close`
collectgarbage("stop")
before = #fds_of("/proc/self/fd")
for _ = 1, 30 do
  local c = assert(proc.spawn("true"))
  assert(c:wait(10).ok)
  local text, message, code = c.stdin:write("x")
  assert(text == nil and message and code == "EPIPE", code)
  local answered = task.event()
  proc.exec("true", function() answered:set() end)
  assert(answered:wait(10))
  answered:clear()
  local stdio = { "pipe", "ignore", "ignore" } -- what nobody has read would stay
  assert(proc.spawn("true", {}, { stdio = stdio })):on("close", function() answered:set() end)
  assert(answered:wait(10))
end
now = #fds_of("/proc/self/fd")
assert(now <= before + 10, ("%d descriptors before, %d after"):format(before, now))
collectgarbage("restart")
