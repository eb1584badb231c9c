-- channel.luv.lua WORK N - JSON lines over a pipe of luv, with cjson, between a parent and a
-- worker: pingpong, flood, echo_object, echo_string, loss, loss_exit.

local uv, cjson = require "luv", require "cjson"
local dir = arg[0]:match("^(.*)/")
local lines = dofile(dir .. "/luv_lines.lua")
local work, n = arg[1], tonumber(arg[2])

local function now() return uv.hrtime() / 1e9 end

local function print_result(result) print(cjson.encode(result)) end

-- A worker; on_line gets what it says, on_end is called when it has said all.
local function fork(mode, on_line, on_end)
  local channel = uv.new_pipe(false)
  uv.spawn(uv.exepath(), { args = { dir .. "/channel_worker.luv.lua", mode, tostring(n) },
    stdio = { nil, 1, 2, channel } }, function() end)
  lines(channel, on_line, function()
    channel:close()
    if on_end then on_end() end
  end)
  return channel
end

local function timed(message, warm_up, result)
  local left, began, channel = warm_up + n, nil, nil
  local function send() channel:write(cjson.encode(message) .. "\n") end
  channel = fork("echo", function(line)
    cjson.decode(line)
    left = left - 1
    if left == n then began = now() end
    if left > 0 then return send() end
    print_result(result(now() - began))
    channel:shutdown()
  end)
  send()
  uv.run()
end

local function echo(message)
  local bytes = #cjson.encode(message)
  timed(message, 1, function(seconds) return { value = bytes * n / seconds / 1e6 } end)
end

local function loss(mode)
  local count = 0
  fork(mode, function(line)
    cjson.decode(line)
    count = count + 1
  end, function() print_result { value = count, lost = n - count, sent = n } end)
  uv.run()
end

local works = { loss = function() loss("loss") end, loss_exit = function() loss("loss_exit") end }

function works.pingpong()
  timed({ n = 1 }, n // 10, function(seconds) return { value = n / seconds } end)
end

function works.flood()
  local count, began, channel = 0, nil, nil
  channel = fork("flood", function(line)
    if cjson.decode(line) == "ready" then
      began = now()
      return channel:write("\"go\"\n")
    end
    count = count + 1
    if count < n then return end
    print_result { value = n / (now() - began) }
    channel:shutdown()
  end)
  uv.run()
end

function works.echo_object()
  local items = {}
  for i = 1, 36000 do
    items[i] = { id = i, name = "item " .. i, price = i * 0.25 + 0.125, active = i % 2 == 0,
      tags = { "red", "green", "blue" }, pos = { x = i % 100, y = i % 7 } }
  end
  echo({ items = items })
end

function works.echo_string()
  echo(("abcdefghijklmnopqrstuvwxyz012345 "):rep(4000000 // 33))
end

works[work]()
