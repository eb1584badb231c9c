-- spawn, data, end, disconnect, exit, close: in this order, each once, with all that was written
-- and sent before.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function record(child)
  local log, done = {}, task.event()
  local function note(name)
    return function(...)
      log[#log + 1] = name .. (select("#", ...) > 0 and ":" .. tostring((...)) or "")
      if name == "close" then done:set() end
    end
  end
  for _, name in ipairs { "spawn", "exit", "close", "disconnect", "error" } do
    child:on(name, note(name))
  end
  return log, done, note
end

-- plain exit; data and its end come before exit
local child = assert(proc.spawn("sh", { "-c", "echo some; exit 3" }))
local log, done = record(child)
child.stdout:on("data", function(chunk) log[#log + 1] = "data " .. #chunk end)
child.stdout:on("end", function() log[#log + 1] = "end" end)
assert(done:wait(10))
assert(table.concat(log, " ") == "spawn data 5 end exit:3 close:3", table.concat(log, " "))

-- a slow listener holds exit up, and gets everything
child = assert(proc.spawn("seq", { 1, 30000 }))
log, done = record(child)
local size = 0
child.stdout:on("data", function(chunk)
  task.sleep(0.01)
  size = size + #chunk
end)
child:on("exit", function() log[#log + 1] = "size " .. size end)
assert(done:wait(10))
assert(table.concat(log, " ") == "spawn exit:0 size 168894 close:0", table.concat(log, " "))

-- nobody reads: close comes all the same, and the output stays readable
child = assert(proc.spawn("sh", { "-c", "echo kept; kill -9 $$" }))
local args
child:on("exit", function(...) args = table.pack(...) end)
log, done = record(child)
assert(done:wait(10))
assert(table.concat(log, " ") == "spawn exit:nil close:nil", table.concat(log, " "))
assert(args.n == 2 and args[1] == nil and args[2] == "SIGKILL")
assert(child.stdout:read("a") == "kept\n")

-- a grandchild holds the output: exit does not wait for it, close does
child = assert(proc.spawn("sh", { "-c", "(read _; echo late) <&3 & exit 0" },
  { stdio = { "ignore", "pipe", "ignore", "pipe" } }))
log, done = record(child)
local exited = task.event()
child:on("exit", function() exited:set() end)
child.stdout:on("data", function(chunk) log[#log + 1] = "data " .. chunk:sub(1, 4) end)
assert(exited:wait(10) and not done:is_set())
child.stdio[3]:write("go\n")
assert(done:wait(10))
assert(table.concat(log, " ") == "spawn exit:0 data late close:0", table.concat(log, " "))

-- once listeners, and listeners that come late, are told
child = assert(proc.spawn("true"))
child:wait(10)
local told = task.event()
child:once("close", function() told:set() end)
assert(told:wait(10))

-- with a channel: messages, then disconnect, then exit
local dir <close> = assert(fs.temp_dir())
local function worker(text)
  local path = dir.path .. "/worker.lua"
  fs.write(path, text)
  return path
end
for _, last in ipairs { "process.disconnect()", "os.exit(0)", "", "process.exit(0)" } do
  child = assert(proc.fork(worker([[
    for i = 1, 200 do process.send(i) end
    io.write(("x"):rep(100000))
    ]] .. last), { silent = true }))
  log, done = record(child)
  local count, bytes = 0, 0
  child:on("message", function() count = count + 1 end)
  child.stdout:on("data", function(chunk) bytes = bytes + #chunk end)
  child:once("disconnect", function() assert(count == 200, count) end)
  child:once("exit", function() assert(bytes == 100000, bytes) end)
  assert(done:wait(20))
  assert(table.concat(log, " ") == "spawn disconnect exit:0 close:0", table.concat(log, " "))
  assert(not child.connected and child.channel == nil)
end

-- we disconnect, and close still comes
child = assert(proc.fork(worker("process:on('message', print)")))
log, done = record(child)
child:disconnect()
assert(done:wait(20))
assert(table.concat(log, " ") == "spawn disconnect exit:0 close:0", table.concat(log, " "))

-- nobody takes the messages: the end is told, and they stay in the inbox
child = assert(proc.fork(worker("process.send('a') process.send('b')")))
log, done = record(child)
assert(done:wait(20))
assert(table.concat(log, " ") == "spawn disconnect exit:0 close:0", table.concat(log, " "))
assert(child:receive() == "a" and child:receive() == "b")
assert(select(3, child:receive()) == "EPIPE")
