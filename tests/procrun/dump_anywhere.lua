-- procrun.dump() works where nothing can wait: in finalizers, sort, a listener of exit; and when
-- standard error is closed nothing happens.
local proc = require "procrun.proc"

local result = proc.run(process.exec_path, {"-W", "-e", [[
  local procrun, task = require "procrun", require "task"
  local keep = setmetatable({}, {__gc = function() procrun.dump() end})
  process:on("exit", function() procrun.dump() end)
  do setmetatable({}, {__gc = function() procrun.dump() end}) end
  collectgarbage()
  table.sort({2, 1}, function(a, b) procrun.dump() return a < b end)
  task.spawn(function() task.sleep(100) end)
  coroutine.wrap(function() procrun.dump() end)()
  os.exit(3)]]})
assert(result.code == 3, tostring(result))
local dumps = select(2, result.stderr:gsub("kept alive by: ", ""))
assert(dumps == 5 and not result.stderr:find "warning", result.stderr)
assert(result.stderr:find ", exiting with 3\n", result.stderr)

result = proc.run(process.exec_path, {"-e", [[
  io.stderr:close()
  process.kill(process.pid, "SIGUSR1")
  require "task".sleep(0)
  print "done"]]})
assert(result.ok and result.stdout == "done\n", tostring(result))
