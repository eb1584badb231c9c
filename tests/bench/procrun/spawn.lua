-- spawn.lua WORK N - children made by one parent: true8 (/bin/true, 8 at a time), true8_run (with
-- proc.run), true8_heap (with 1 GB of heap), true8_fds (with 10,000 open descriptors), exec (one
-- after the other), fork (a worker that answers one message), read WRITER (N MB of output).

local json = require "procrun.json"
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

local work, n, writer = arg[1], math.tointeger(arg[2]), arg[3]

local function true8(start)
  local began, left = timer.now(), n
  do
    local g <close> = task.group()
    for _ = 1, 8 do
      g:spawn(function()
        while left > 0 do
          left = left - 1
          assert(start().ok)
        end
      end)
    end
  end
  return n / (timer.now() - began)
end

local function spawn() return assert(proc.spawn("/bin/true", { stdio = "ignore" })):wait() end

local works = {}

function works.true8() return true8(spawn) end
function works.true8_run() return true8(function() return proc.run("/bin/true") end) end

function works.true8_heap()
  local heap = {}
  for i = 1, 16384 do heap[i] = ("%08d"):format(i):rep(8192) end -- 64 kB each
  local rate = true8(spawn)
  assert(#heap == 16384)
  return rate
end

function works.true8_fds()
  local files = {}
  for i = 1, 10000 do files[i] = assert(io.open("/dev/null")) end
  local rate = true8(spawn)
  assert(#files == 10000)
  return rate
end

function works.exec()
  local began = timer.now()
  for _ = 1, n do assert(proc.exec("echo hi"):wait().stdout == "hi\n") end
  return n / (timer.now() - began)
end

function works.fork()
  local began = timer.now()
  for _ = 1, n do
    local child = assert(proc.fork(process.script_dir .. "/channel_worker.lua", { "once" }))
    child:send({ n = 1 })
    assert(child:receive().n == 1)
    assert(child:wait().ok)
  end
  return (timer.now() - began) / n * 1e3
end

function works.read()
  local began, bytes = timer.now(), 0
  local child = assert(proc.spawn(writer, { n }, { stdin = "ignore", stderr = "inherit" }))
  repeat
    local chunk = child.stdout:read_some()
    bytes = bytes + (chunk and #chunk or 0)
  until not chunk
  assert(child:wait().ok and bytes == n * 1000000)
  return n / (timer.now() - began)
end

print(json.encode { value = works[work]() })
