-- A child that sends 20,000 messages and ends at once, in whatever way: all of them arrive, then
-- `disconnect`, `exit` and `close`, once each; with a listener, with messages(), with receive().
-- timeout: 120
local check = require "tests.lib.check"
local task = require "task"
local proc = require "proc"

local N = 20000

if process.connected then
  for i = 1, N do process.send {id = i, text = "a message"} end
  local how = arg[1]
  if how == "disconnect" then
    process.disconnect()
    assert(not process.connected)
  elseif how == "exit" then
    os.exit(3)
  elseif how == "error" then
    error("on purpose")
  elseif how == "killed" then
    assert(process.flush())
    os.execute("kill -KILL " .. process.pid)
  end
  return
end

local ENDS = {
  disconnect = {0}, exit = {3}, error = {1}, ["return"] = {0}, killed = {nil, "SIGKILL"},
}

local function watch(child, log)
  for _, name in ipairs {"spawn", "disconnect", "exit", "close"} do
    child:on(name, function(code, signal)
      log[#log + 1] = name
      if name == "exit" or name == "close" then
        log[name] = {code, signal}
        check.eq(log.count, N, name)
      end
      if name == "close" then log.done:set() end
    end)
  end
end

local function note(log, m)
  log.count = log.count + 1
  if m.id ~= log.count or m.text ~= "a message" then error("wrong: message " .. log.count) end
  if log[1] ~= "spawn" or log[2] then error("a message after " .. tostring(log[#log])) end
end

local takers = {}

function takers.listener(child, log)
  child:on("message", function(m) note(log, m) end)
end

function takers.messages(child, log)
  for m in child:messages() do note(log, m) end
end

function takers.receive(child, log)
  while true do
    local m, message, code = child:receive()
    if m == nil then
      assert(message == "disconnected" and code == "EPIPE")
      return
    end
    note(log, m)
  end
end

for how, ended in pairs(ENDS) do
  for name, take in pairs(takers) do
    local stderr = how == "error" and "ignore" or "inherit"
    local child = assert(proc.fork(arg[0], {how}, {stderr = stderr}))
    local log = {count = 0, done = task.event()}
    watch(child, log)
    task.yield()
    take(child, log)
    assert(log.done:wait(60), how .. ", " .. name .. ": no close")
    check.eq(log.count, N, how .. ", " .. name)
    check.eq(table.concat(log, " "), "spawn disconnect exit close", how .. ", " .. name)
    check.values(table.pack(table.unpack(log.exit, 1, 2)), table.unpack(ended, 1, 2))
    check.values(table.pack(table.unpack(log.close, 1, 2)), table.unpack(ended, 1, 2))
    assert(not child.connected and child.channel == nil)
  end
end
