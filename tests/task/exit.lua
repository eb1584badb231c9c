-- os.exit unwinds from wherever it is called: pcall, coroutines, sort, load, other tasks; __close
-- handlers run, waits in them included; buffered output is written.
local check = require "tests.lib.check"

local function exits(code, out, script)
  local r = check.run([[
local task = require "procrun.task"
local function closer(text, time)
  return setmetatable({}, {__close = function() task.sleep(time or 0) io.write(text, " ") end})
end
local _ <close> = closer("main")
]] .. script)
  check.eq(r.err, "")
  check.eq(r.code, code)
  check.eq(r.out, out)
end

exits(3, "main ", "os.exit(3) print('went on')")
exits(0, "main ", "os.exit(true) print('went on')")
exits(1, "main ", "os.exit(false) print('went on')")
exits(0, "main ", "os.exit() print('went on')")
exits(4, "inner main ", [[
pcall(function()
  local _ <close> = closer("inner", 0.001)
  xpcall(pcall, print, os.exit, 4)
end) print("went on")]])
exits(5, "c2 c1 main ", [[
local co = coroutine.create(function()
  local _ <close> = closer("c1", 0.001)
  for _ in coroutine.wrap(function(...)
    local _ <close> = closer("c2", 0.001)
    pcall(os.exit, 5, ...)
  end) do end
end)
print(coroutine.resume(co)) print("went on")]])
exits(6, "task main ", [[
task.spawn(function()
  local _ <close> = closer("task")
  os.exit(6)
end)
task.sleep(60) print("went on")]])
exits(7, "main other ", [[
task.spawn(function() local _ <close> = closer("other", 0.01) task.sleep(60) end)
task.yield()
os.exit(7)]])
exits(8, "main ", "pcall(table.sort, {2, 1}, function() os.exit(8) end) print('went on')")
exits(9, "main ", "print(load(function() os.exit(9) end)) task.yield() print('went on')")
exits(10, "main ", [[
setmetatable({}, {__gc = function() os.exit(10) end})
collectgarbage() collectgarbage()
task.sleep(60) print("went on")]])
exits(11, "main ", "task.shield(os.exit, 11) print('went on')")
exits(12, "main ", "task.timeout(60, os.exit, 12) print('went on')")
exits(13, "main ", [[
do local _ <close> = setmetatable({}, {__close = function() os.exit(13) end}) end
print("went on")]])
exits(14, "main ", [[
local _ <close> = setmetatable({}, {__close = function() os.exit(15) end})
os.exit(14)]])

-- An error on the way is told, and makes a status of 0 one of 1.
for code, wanted in pairs{[16] = 16, [0] = 1} do
  local r = check.run(([[
local _ <close> = setmetatable({}, {__close = function() error("on the way") end})
pcall(os.exit, %d) print("went on")]]):format(code))
  check.has(r.err, "lua:1: on the way")
  check.eq(r.code, wanted)
  check.eq(r.out, "")
end
