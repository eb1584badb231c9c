-- spawn.luv.lua WORK N [WRITER] - children made by one parent, with luv: true8, true8_heap,
-- true8_fds, exec, fork, read.

local uv, cjson = require "luv", require "cjson"
local dir = arg[0]:match("^(.*)/")
local work, n, writer = arg[1], tonumber(arg[2]), arg[3]

local function timed(fn)
  local began = uv.hrtime()
  fn()
  uv.run()
  return (uv.hrtime() - began) / 1e9
end

local function spawn(file, options, on_exit)
  local handle
  handle = assert(uv.spawn(file, options, function(code)
    assert(code == 0)
    handle:close()
    on_exit()
  end))
end

local function true8()
  local left = n
  local function one()
    if left == 0 then return end
    left = left - 1
    spawn("/bin/true", { stdio = {} }, one)
  end
  return n / timed(function()
    for _ = 1, 8 do one() end
  end)
end

-- Reads to the end; `after` is called there.
local function read_all(pipe, on_chunk, after)
  pipe:read_start(function(_, chunk)
    if chunk then return on_chunk(chunk) end
    pipe:close()
    after()
  end)
end

local works = { true8 = true8 }

function works.true8_heap()
  local heap = {}
  for i = 1, 16384 do heap[i] = ("%08d"):format(i):rep(8192) end
  local rate = true8()
  assert(#heap == 16384)
  return rate
end

function works.true8_fds()
  for _ = 1, 10000 do assert(uv.fs_open("/dev/null", "r", 0)) end
  return true8()
end

function works.exec()
  local left = n
  local function one()
    if left == 0 then return end
    left = left - 1
    local out, err, parts, open = uv.new_pipe(false), uv.new_pipe(false), {}, 3
    local function ended()
      open = open - 1
      if open > 0 then return end
      assert(table.concat(parts) == "hi\n")
      one()
    end
    spawn("/bin/sh", { args = { "-c", "echo hi" }, stdio = { nil, out, err } }, ended)
    read_all(out, function(chunk) parts[#parts + 1] = chunk end, ended)
    read_all(err, function() end, ended)
  end
  return n / timed(one)
end

function works.fork()
  local left = n
  local function one()
    if left == 0 then return end
    left = left - 1
    local channel = uv.new_pipe(false)
    spawn(uv.exepath(), { args = { dir .. "/channel_worker.luv.lua", "echo" },
      stdio = { nil, 1, 2, channel } }, function()
      channel:close()
      one()
    end)
    channel:write(cjson.encode({ n = 1 }) .. "\n")
    channel:read_start(function(_, line)
      if line then assert(cjson.decode(line).n == 1) end
      if line then channel:shutdown() end
    end)
  end
  return timed(one) / n * 1e3
end

function works.read()
  local bytes = 0
  local seconds = timed(function()
    local out = uv.new_pipe(false)
    spawn(writer, { args = { tostring(n) }, stdio = { nil, out, 2 } }, function() end)
    read_all(out, function(chunk) bytes = bytes + #chunk end, function() end)
  end)
  assert(bytes == n * 1000000)
  return n / seconds
end

print(cjson.encode { value = works[work]() })
