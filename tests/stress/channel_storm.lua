-- Many children at once that talk both ways and end in every way: each message is counted, each end
-- is told in order, and no descriptor is left.
-- timeout: 300
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

local CHILDREN <const>, AT_ONCE <const>, MESSAGES <const> = 200, 16, 500

local source = [[
local how, n = arg[1], 0
for i = 1, 500 do process.send {i, ("x"):rep(i % 97)} end
for m in process:messages() do
  n = n + 1
  assert(m[1] == n)
  if n == 500 then break end
end
process.send {501, how}
if how == "exit" then os.exit(1) end
if how == "disconnect" then process.disconnect() end
if how == "kill" then assert(process.flush()) os.execute("kill -KILL " .. process.pid) end
if how == "wait" then process.receive() end
]]
local ways = { "exit", "disconnect", "kill", "wait", "return" }

local function descriptors()
  local n = 0
  for _ in pairs(require("fs").readdir("/proc/self/fd")) do n = n + 1 end
  return n
end

local function one(i)
  local how = ways[i % #ways + 1]
  local child = worker.fork(source, { how })
  local log, n = worker.record(child), 0
  child:on("message", function(m)
    n = n + 1
    assert(m[1] == n and #log == 0)
    if how == "wait" and n == MESSAGES + 1 then child:disconnect() end
  end)
  for k = 1, MESSAGES do assert(child:send { k, ("y"):rep(k % 89) }) end
  assert(log.done:wait(200))
  check.eq(n, MESSAGES + 1, how)
  check.eq(table.concat(log, " "), "disconnect exit close", how)
  check.eq(#log.errors, 0)
  return true
end

local items = {}
for i = 1, CHILDREN do items[i] = i end
check.eq(#task.map(items, AT_ONCE, one), CHILDREN)
local before = descriptors()
check.eq(#task.map(items, AT_ONCE, one), CHILDREN)
check.eq(descriptors(), before)
