-- calls.lua - what can be asked of a pool: call, start, map, completed, broadcast. The methods of a
-- pool, and of what p:with{…} returns.

local core = require "procrun.core.task"
local direct = require "procrun.pool.direct"
local job_type = require "procrun.pool.job"
local misuse = require "procrun.events.misuse"
local staff = require "procrun.pool.staff"

local Calls = { __name = "procrun.pool.calls" }
Calls.__index = Calls

local M = { methods = Calls }

local function check_self(self, name)
  if type(self) ~= "table" or not rawget(self, "_calls") then
    misuse("call it with a colon: pool:%s(...)", name)
  end
  return self._calls
end

-- Room for one more in the queue, or the pool has been closed.
local function has_room(p)
  return p._closing or p._queue.size < p._options.queue
end

local CLOSED <const> = "the pool is closed"

local function expire(job, timeout)
  local _, _, code = job:wait(timeout)
  if code == "ETIMEDOUT" and job._state ~= "done" then
    staff.cancel(job, "timeout", "ETIMEDOUT")
  end
end

-- The task of a job is cancelled while it waits for room: perhaps that was its turn.
local Waiting = { __close = function(waiting)
  local job = waiting.job
  if not job then return end
  job:cancel()
  job._pool._room:wake()
end }

local function await_room(p, job)
  local waiting <close> = setmetatable({ job = job }, Waiting)
  p._room:wait(nil, "room in the queue of a pool", function()
    return has_room(p) or job._state == "done"
  end)
  waiting.job = false
end

-- The job, which was begun or queued: it waits for room in the queue. timeout: seconds for all.
local function begin(p, options, fname, sink, ...)
  local job = job_type.new(p, options, fname, sink, ...)
  local timeout = options.timeout
  if timeout then core.spawn_daemon("timeout of a job", expire, job, timeout) end
  if not has_room(p) or not p._closing and p._room:waiting() then await_room(p, job) end
  if p._closing then
    job_type.fail(job, CLOSED, "EPIPE")
  elseif job._state ~= "done" then
    staff.submit(p, job)
  end
  -- It may have gone to a worker past the queue: there is room for the next one, too.
  if p._room:waiting() and has_room(p) then p._room:wake() end
  return job
end

--- call(...) -> what the function returns | nil, error, code
function Calls:call(...)
  local c = check_self(self, "call")
  local p = c.pool
  local worker = not p._closing and p._idle[#p._idle]
  if worker and p._queue.size == 0 and p._options.concurrency == 1 and not c.timeout then
    local message = direct.message(p, ...)
    if message then return direct.call(p, c, worker, message) end
  end
  local job <close> = begin(c.pool, c, "call", false, ...)
  return job:wait()
end

--- start(...) -> job: as call, but without waiting for the result
function Calls:start(...)
  local c = check_self(self, "start")
  return begin(c.pool, c, "start", false, ...)
end

-- map and completed take the name of a function, if there is one, before the items.
local function read_items(fname, name, items)
  if items == nil and type(name) ~= "string" then name, items = nil, name end
  if name ~= nil and type(name) ~= "string" then
    misuse("bad argument #1 to '%s' (name of a function, or items expected, got %s)", fname,
      type(name))
  end
  return name, items
end

-- The items one by one: of a list, or of an iterator as `for` takes it.
local function each(fname, items)
  if type(items) == "function" then
    local i = 0
    return function()
      local item = items()
      if item == nil then return nil end
      i = i + 1
      return i, item
    end
  end
  if type(items) ~= "table" then
    misuse("bad argument to '%s' (list of items or iterator expected, got %s)", fname, type(items))
  end
  local i, n = 0, #items
  return function()
    i = i + 1
    if i <= n then return i, items[i] end
  end
end

-- A walk over items: so many jobs at once that the workers are busy; leaving it cancels the rest.
local Walk = {}
Walk.__index = Walk

Walk.__close = function(self)
  self.closed = true
  for job in pairs(self.open) do
    self.open[job] = nil
    job:cancel()
  end
end

local function has_some(walk)
  return walk.first <= walk.last
end

local function new_walk(c, fname, name, items)
  local walk = setmetatable({
    calls = c, fname = fname, name = name, next_item = each(fname, items), open = {}, count = 0,
    first = 1, last = 0, done = {}, list = core.list(), closed = false,
  }, Walk)
  function walk.sink(job)
    if walk.closed then return end
    walk.last = walk.last + 1
    walk.done[walk.last] = job
    walk.list:wake_all()
  end
  return walk
end

local function begin_one(walk)
  local i, item = walk.next_item()
  if i == nil then return false end
  local c = walk.calls
  local job
  if walk.name then
    job = begin(c.pool, c, walk.fname, walk.sink, walk.name, item)
  else
    job = begin(c.pool, c, walk.fname, walk.sink, item)
  end
  walk.open[job] = i
  walk.count = walk.count + 1
  return true
end

-- What it says when nobody catches it tells where in the worker it was, too; not if it is no
-- mistake of the file, as a command that has failed.
local function raise_failure(job)
  if not job._failed then return end
  local _, err, code = job_type.results(job)
  if type(err) == "string" then error(job_type.new_error(err, code), 0) end
  if err.traceback and not err._status then
    err._text = ("%s\nin worker %d:\n%s"):format(err.message, err.worker, err.traceback)
  end
  error(err, 0)
end

-- Twice what the workers can do at a time is under way, so that none has to wait for the next.
local function fill(walk)
  local p = walk.calls.pool
  local most = math.min(2 * p._size * p._options.concurrency, p._size * p._options.concurrency
    + p._options.queue)
  while walk.next_item and walk.count < most do
    if not begin_one(walk) then walk.next_item = nil end
  end
end

-- The next job that is done, and the number of its item | nil
local function next_done(walk)
  fill(walk)
  if walk.count == 0 then return nil end
  walk.list:wait(nil, "the jobs of a pool", has_some, walk)
  local job = walk.done[walk.first]
  walk.done[walk.first] = nil
  if walk.first == walk.last then -- from the beginning again: the table does not wander
    walk.first, walk.last = 1, 0
  else
    walk.first = walk.first + 1
  end
  local i = walk.open[job]
  walk.open[job] = nil
  walk.count = walk.count - 1
  return job, i
end

--- map([name], items) -> results in the order of the items; the first error cancels the rest
function Calls:map(name, items)
  local c = check_self(self, "map")
  name, items = read_items("map", name, items)
  local results = { n = 0 }
  local walk <close> = new_walk(c, "map", name, items)
  while true do
    local job, i = next_done(walk)
    if not job then return results end
    results[i] = (job_type.results(job))
    raise_failure(job)
    if i > results.n then results.n = i end
  end
end

--- completed([name], items) -> iterator of index, results… | index, nil, error, code
function Calls:completed(name, items)
  local c = check_self(self, "completed")
  name, items = read_items("completed", name, items)
  local walk = new_walk(c, "completed", name, items)
  return function()
    local job, i = next_done(walk)
    if job then return i, job_type.results(job) end
  end, nil, nil, walk
end

--- broadcast(...) -> results of all workers that there are; the first error is raised
function Calls:broadcast(...)
  local c = check_self(self, "broadcast")
  local p, jobs = c.pool, {}
  if p._closing then error(job_type.new_error(CLOSED, "EPIPE"), 0) end
  local _ <close> = setmetatable(jobs, { __close = function()
    for _, job in ipairs(jobs) do job:cancel() end
  end })
  for _, worker in ipairs { table.unpack(p._members) } do
    if worker.state == "ready" or worker.state == "starting" then
      local job = job_type.new(p, c, "broadcast", false, ...)
      jobs[#jobs + 1] = job
      if c.timeout then core.spawn_daemon("timeout of a job", expire, job, c.timeout) end
      staff.assign(p, job, worker)
    end
  end
  local results = { n = #jobs }
  for i, job in ipairs(jobs) do
    results[i] = (job:wait())
    raise_failure(job)
  end
  return results
end

--- with{timeout =, retries =, priority =} -> the same calls with these options
function Calls:with(options)
  local c = check_self(self, "with")
  local all = require "procrun.pool.options".of_calls(options, c)
  return M.new(c.pool, all)
end

--- new(pool, options) -> calls
function M.new(p, options)
  options.pool = p
  return setmetatable({ _calls = options }, Calls)
end

return M
