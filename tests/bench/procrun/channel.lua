-- channel.lua WORK N - messages between a parent and a worker: pingpong, pingpong_events (the same
-- with listeners), flood, flood_receive, echo_object, echo_string, loss, loss_exit.

local json = require "procrun.json"
local proc = require "procrun.proc"
local timer = require "procrun.timer"
local messages = require "messages"

local work, n = arg[1], math.tointeger(arg[2])

local function fork(mode)
  return assert(proc.fork(process.script_dir .. "/channel_worker.lua", { mode, n }))
end

local function finish(child, result)
  child:disconnect()
  assert(child:wait().ok)
  print(json.encode(result))
end

local function round_trips(child, message, count)
  local began = timer.now()
  for _ = 1, count do
    child:send(message)
    assert(child:receive())
  end
  return timer.now() - began
end

local works = {}

function works.pingpong()
  local child = fork("echo")
  round_trips(child, { n = 1 }, n // 10)
  finish(child, { value = n / round_trips(child, { n = 1 }, n) })
end

function works.pingpong_events()
  local child = fork("echo_events")
  local left, began = n // 10 + n, nil
  child:on("message", function(m)
    assert(m.n == 1)
    left = left - 1
    if left == n then began = timer.now() end
    if left > 0 then return child:send({ n = 1 }) end
    finish(child, { value = n / (timer.now() - began) })
  end)
  child:send({ n = 1 })
end

local function count_of(child, take)
  assert(child:receive() == "ready")
  child:send("go")
  local began, count = timer.now(), 0
  take(function(m)
    count = count + 1
    assert(m.id == count)
    if count < n then return false end
    finish(child, { value = count / (timer.now() - began) })
    return true
  end)
end

function works.flood()
  local child = fork("flood")
  count_of(child, function(fn) child:on("message", fn) end)
end

function works.flood_receive()
  local child = fork("flood")
  count_of(child, function(fn)
    repeat until fn(child:receive())
  end)
end

local function echo(message)
  local child = fork("echo")
  local bytes = #json.encode(message)
  round_trips(child, message, 1)
  finish(child, { value = bytes * n / round_trips(child, message, n) / 1e6 })
end

function works.echo_object() echo(messages.object()) end
function works.echo_string() echo(messages.string()) end

local function loss(mode)
  local child, count = fork(mode), 0
  for m in child:messages() do
    count = count + 1
    assert(m.id == count)
  end
  child:wait()
  print(json.encode { value = count, lost = n - count, sent = n })
end

function works.loss() loss("loss") end
function works.loss_exit() loss("loss_exit") end

works[work]()
