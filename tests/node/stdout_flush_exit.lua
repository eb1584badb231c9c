-- A child that prints a lot and exits at once: every line arrives, whoever reads and however.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"
local worker = require "tests.lib.worker"

local file = worker.file [[
  for i = 1, 20000 do print(i .. ": a line that is not short") end
  io.stderr:write("stderr\n")
  print "goodbye"
  os.exit(3)
]]
local function expect(text)
  check.eq(text:sub(-8), "goodbye\n")
  check.eq(select(2, text:gsub("\n", "")), 20001)
end

local r = proc.run(process.exec_path, { file })
check.eq(r.code, 3)
expect(r.stdout)
check.eq(r.stderr, "stderr\n")

local child = assert(proc.fork(file, {}, { silent = true }))
local parts, closed = {}, task.event()
child.stdout:on("data", function(chunk) parts[#parts + 1] = chunk end)
child:on("exit", function() expect(table.concat(parts)) end)
child:on("close", function(code)
  check.eq(code, 3)
  closed:set()
end)
assert(closed:wait(20))

child = assert(proc.spawn(process.exec_path, { file }))
child:wait(20)
expect(child.result.stdout)

-- read long after the end
child = assert(proc.spawn("sh", { "-c", "head -c 50000 /dev/zero" }))
local exited = task.event()
child:on("exit", function() exited:set() end)
assert(exited:wait(20))
task.sleep(0.05)
check.eq(#child.stdout:read("a"), 50000)
