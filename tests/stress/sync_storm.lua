-- Processes that lock, wait a while, give up or are cancelled, while others of them are killed and
-- stopped at any moment: never two at once inside, an abandoned mutex is told once, nobody sleeps
-- for ever, and in the end nothing is left.
-- timeout: 300
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local sync = require "procrun.sync"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local PROCESSES <const>, ROUNDS <const>, KILLS <const> = 12, 150, 60

local source = [[
local sync, task = require "procrun.sync", require "procrun.task"
local seed, rounds, mark = tonumber(arg[1]), tonumber(arg[2]), arg[3]
math.randomseed(seed)
local mutex, semaphore = assert(sync.mutex("m")), assert(sync.semaphore("s", 2))
local event = assert(sync.event("e"))

-- A file that is there as long as somebody is inside. One that is found there must belong to a
-- holder that was killed.
local function inside(abandoned)
  local file = io.open(mark)
  local found = file and file:read("a")
  if file then file:close() end
  if found and abandoned ~= "abandoned" then
    io.stderr:write("two at once: ", found, " and ", process.pid, "\n")
    os.exit(9)
  end
  file = assert(io.open(mark, "w"))
  file:write(process.pid)
  file:close()
  local _ <close> = setmetatable({}, { __close = function() assert(os.remove(mark)) end })
  if math.random(4) == 1 then task.sleep(0.0005) end -- a cancel may come here
end

local function lock(timeout)
  local guard <close>, abandoned = mutex:lock(timeout)
  if guard then inside(abandoned) end
end

for i = 1, rounds do
  local how = math.random(6)
  if how == 1 then
    lock(math.random() / 500)
  elseif how == 2 then
    local t = task.spawn(lock)
    for _ = 1, math.random(0, 3) do task.yield() end
    t:cancel()
    t:wait()
  elseif how == 3 then
    local permit <close> = semaphore:acquire(math.random() / 100)
    if math.random(3) == 1 then task.sleep(0.0005) end
  elseif how == 4 then
    local permit <close> = semaphore:acquire()
  elseif how == 5 and i % 3 == 0 then
    if math.random(2) == 1 then event:set() else event:clear() end
    event:wait(0.001)
  else
    lock()
  end
end
]]

local mark, children, seed = check.tmp("mark"), {}, os.time()
local function start(i)
  seed = seed + 1
  children[i] = worker.fork(source, { seed, ROUNDS, mark })
end
for i = 1, PROCESSES do start(i) end
math.randomseed(seed)
for _ = 1, KILLS do
  task.sleep(math.random() / 50)
  local i = math.random(PROCESSES)
  if math.random(3) == 1 then
    children[i]:kill("SIGSTOP")
    task.sleep(math.random() / 50)
    children[i]:kill("SIGCONT")
  else
    children[i]:kill("SIGKILL")
    local result = children[i]:wait()
    assert(result.signal == "SIGKILL" or result.code == 0, tostring(result))
    start(i)
  end
end
for i = 1, PROCESSES do check.eq(children[i]:wait("120s").code, 0) end

local mutex <close> = assert(sync.mutex("m"))
local guard, abandoned = mutex:lock("10s")
check.eq(abandoned == "abandoned", fs.exists(mark), "abandoned")
guard:unlock()
local semaphore <close> = assert(sync.semaphore("s", 2))
check.eq(semaphore:value(), 2)
assert(sync.event("e")):clear()
assert(dir)
