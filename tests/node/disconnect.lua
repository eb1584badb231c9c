-- disconnect: from either side, twice, with work going on; the event comes once and never inside.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"
local worker = require "tests.lib.worker"

local function record(child)
  local log, done = {}, task.event()
  for name in ("message disconnect exit close"):gmatch("%S+") do
    child:on(name, function(value)
      log[#log + 1] = name == "message" and tostring(value) or name
      if name == "close" then done:set() end
    end)
  end
  return log, done
end

-- the child leaves and works on
local child = worker.fork [[
  process.send "first"
  process.disconnect()
  assert(not process.connected)
  process.disconnect() -- nothing
  local ok, _, code = process.send "late"
  assert(ok == nil and code == "EPIPE")
  require "task".sleep(0.05)
  os.exit(4)]]
local log, done = record(child)
local left = task.event()
child:on("disconnect", function()
  check.eq(child.connected, false)
  check.eq(select(2, child:exit_code()), "active")
  left:set()
end)
assert(left:wait(20))
assert(done:wait(20))
check.eq(table.concat(log, " "), "first disconnect exit close")
check.eq(child:wait().code, 4)

-- the parent leaves: what both have sent before still arrives
child = assert(proc.fork(worker.file [[
  process:on("message", function(m) io.write(m, "\n") end)
  process:on("disconnect", function() print(process.connected) end)]], {}, { silent = true }))
log, done = record(child)
for i = 1, 1000 do child:send(i) end
child:disconnect()
check.eq(child.connected, false)
check.eq(#log, 0) -- never inside of the call
child:disconnect()
assert(done:wait(20))
check.eq(table.concat(log, " "), "disconnect exit close")
local text = child.stdout:read("a")
check.eq(select(2, text:gsub("\n", "")), 1001)
check.eq(text:sub(-11), "1000\nfalse\n")

-- a grandchild keeps the channel open: exit comes first, then what it sends, then the end
child = assert(proc.spawn("sh", { "-c", "(sleep 0.1; echo '\"late\"' >&3) & exit 0" },
  { stdio = { "ignore", "ignore", "ignore", "ipc" } }))
log, done = record(child)
assert(done:wait(20))
check.eq(table.concat(log, " "), "exit late disconnect close")
