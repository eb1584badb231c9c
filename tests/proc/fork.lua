-- fork: a worker with a channel; silent, stdio, exec_path, exec_args, cwd, and a channel elsewhere.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
fs.mkdir_p(dir.path .. "/sub")
local worker = dir.path .. "/worker.lua"
fs.write(worker, [[
  assert(os.getenv("NODE_CHANNEL_FD") == nil)
  process.send {args = {...}, cwd = process.cwd(), channel = process.connected}
  io.write("out")
  io.stderr:write("err")
  for m in process.messages() do process.send(m) end
]])

local function greet(child)
  local hello = assert(child:receive(20))
  assert(child.connected and child.channel)
  assert(child:send { echo = true } and child:receive(20).echo)
  child:disconnect()
  assert(not child.connected)
  return hello, child:wait(20)
end

-- silent: pipes; else the outputs are ours; arguments become strings
local child = assert(proc.fork(worker, { "a b", 2 }, { silent = true }))
local hello, r, _ = greet(child)
assert(hello.args[1] == "a b" and hello.args[2] == "2" and hello.channel)
assert(r.ok and r.stdout == "out" and r.stderr == "err")
child = assert(proc.fork(worker, { stdio = { "ignore", "pipe", "ignore", "ipc" } }))
assert(child.stdin == nil and child.stderr == nil)
_, r = greet(child)
assert(r.stdout == "out" and r.stderr == nil)
local script = dir.path .. "/parent.lua"
fs.write(script, ([[
  local child = require "procrun.proc".fork(%q)
  assert(child.stdin == nil and child.stdout == nil)
  child:receive(20)
  child:disconnect()
  assert(child:wait(20).ok)]]):format(worker))
r = proc.run(process.exec_path, { script })
assert(r.ok and r.stdout == "out" and r.stderr == "err", r.stderr)

-- the script is looked for where the caller stands, also with another cwd
process.chdir(dir.path)
child = assert(proc.fork("worker.lua", {}, { cwd = "sub", silent = true }))
assert(greet(child).cwd == fs.realpath(dir.path .. "/sub"))
child = assert(proc.fork { "./worker.lua", "x", silent = true, channel = "fd" })
assert(greet(child).args[1] == "x")

-- a launcher, its own arguments, and options of procrun
child = assert(proc.fork("worker.lua", { "last" },
  { exec_path = { "env", "EXTRA=1", process.exec_path }, exec_args = { "-e", "X = 1" },
    silent = true }))
hello, r = greet(child)
assert(hello.args[1] == "last" and r.argv[1] == "env" and r.argv[4] == "-e" and r.ok)
child = assert(proc.fork("worker.lua",
  { exec_path = process.exec_path, silent = true, shell = true }))
assert(greet(child).channel, "fork never uses a shell")

-- the channel at another number; 'ipc' for spawn
child = assert(proc.fork("worker.lua", {}, { stdio = { [0] = "ignore", [3] = "pipe", [5] = "ipc" },
  stdout = "ignore", stderr = "ignore" }))
assert(child.stdio[3] and greet(child).channel)
child = assert(proc.spawn(process.exec_path, { worker },
  { stdio = { "pipe", "pipe", "pipe", "ipc" } }))
assert(greet(child).channel)
child = assert(proc.spawn(process.exec_path, { worker }, { silent = true, channel = "fd" }))
assert(greet(child).channel)

-- the channel on the child's standard input and output; what it prints goes to its stderr
child = assert(proc.fork("worker.lua", { "far" },
  { channel = "stdio", stderr = "pipe", exec_path = { "env", "-i", process.exec_path } }))
hello, r = greet(child)
assert(hello.args[1] == "far" and r.ok and r.stderr:find("out") and r.stderr:find("err"))

-- messages over standard input and output, with any program
child = assert(proc.spawn("sh", { "-c", "read line; echo \"[$line, 2]\"" },
  { channel = "stdio", stderr = "ignore" }))
assert(child.stdin == nil and child.stdout == nil and child.connected)
assert(child:send(1))
assert(child:receive(20)[2] == 2)
assert(child:wait(20).ok and select(3, child:receive(1)) == "EPIPE")
