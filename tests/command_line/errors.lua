-- What ends a program by itself: an error, a deadlock; others clean up, the status is 1.
local procrun = os.getenv("PROCRUN")

local function run(code, status)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>&1; echo \"status $?\""):format(procrun, code)))
  local text = pipe:read("a")
  pipe:close()
  assert(text:find(("status %d\n$"):format(status)), text)
  return text
end

local function has(text, ...)
  for _, part in ipairs {...} do
    assert(text:find(part, 1, true), part .. " is not in\n" .. text)
  end
end

-- A task that nobody waits for: its traceback, name and parents; the others unwind and may wait.
local text = run([[
local task = require "task"
local _ <close> = setmetatable({}, {__close = function() task.sleep("1ms") print("main shut") end})
task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() print("sibling closed") end})
  task.sleep(60)
end)
local t = task.spawn(function() task.spawn(function()
  local t = task.current()
  t.name = "inner"
  task.yield()
  error("oh no")
end) task.sleep(60) end)
t.name = "outer"
task.sleep(60)]], 1)
has(text, "procrun: (command line):11: oh no\nstack traceback:", "in task 4 'inner'",
  "started by task 3 'outer'", "started by the main task", "main shut", "sibling closed")

has(run([[error(nil)]], 1), "(error object is a nil value)", "stack traceback")
has(run([[error(require "procrun.events.error".new {message = "its message"})]], 1),
  "procrun: its message\n", "stack traceback")
has(run([[error(setmetatable({}, {__tostring = error}))]], 1), "procrun: ")
-- What an error kills first is told, what fails while unwinding is told too.
text = run([[
local _ <close> = setmetatable({}, {__close = function() error("second", 0) end})
error("first", 0)]], 1)
has(text, "second")

-- A deadlock names each task, what it waits for and where; clean-up runs.
text = run([[
local task = require "task"
local q = task.queue(1)
local t = task.spawn(function()
  local _ <close> = setmetatable({}, {__close = function() print("closed") end})
  q:get()
end)
t.name = "taker"
t:wait()]], 1)
has(text, "procrun: deadlock: nothing is left that could wake the waiting tasks\n",
  "the main task waits for",
  "(command line):8", "'taker'", "(command line):5", "closed")

-- Out of memory is an error like any other.
has(run([[local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1 << 40) end]], 1), "procrun: ")
