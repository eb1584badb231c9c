-- queue.lua - the jobs that wait for a worker: higher priorities first; within one the callers take
-- turns, whatever each has queued; those of one caller in their order.
-- local q = queue.new(); q:push(job); local job = q:pop(); q:remove(job)

local Queue = {}
Queue.__index = Queue

-- Rows are linked in both directions: a job that is cancelled leaves at once.
local function append(row, node)
  node.prev, node.next = row.tail, nil
  if row.tail then row.tail.next = node else row.head = node end
  row.tail = node
end

local function prepend(row, node)
  node.prev, node.next = nil, row.head
  if row.head then row.head.prev = node else row.tail = node end
  row.head = node
end

local function unlink(row, node)
  if node.prev then node.prev.next = node.next else row.head = node.next end
  if node.next then node.next.prev = node.prev else row.tail = node.prev end
  node.prev, node.next = nil, nil
end

-- A level is a row of lanes, one for each caller; a lane is a row of jobs.
local function level_of(self, priority)
  local level = self.by_priority[priority]
  if level then return level end
  level = { priority = priority, lanes = {} }
  self.by_priority[priority] = level
  local levels, at = self.levels, 1
  while levels[at] and levels[at].priority > priority do at = at + 1 end
  table.insert(levels, at, level)
  return level
end

local function drop_level(self, level)
  self.by_priority[level.priority] = nil
  for i, one in ipairs(self.levels) do
    if one == level then return table.remove(self.levels, i) end
  end
end

--- push(job, first): a job with `_options.priority` and `caller`; first: before all others of that
--- priority
function Queue:push(job, first)
  local level = level_of(self, job._options.priority)
  local lane = level.lanes[job.caller]
  if not lane then
    lane = { caller = job.caller, level = level }
    level.lanes[job.caller] = lane
    append(level, lane)
  end
  if first then
    unlink(level, lane)
    prepend(level, lane)
    prepend(lane, job)
  else
    append(lane, job)
  end
  job.lane = lane
  self.size = self.size + 1
end

local function take(self, job)
  local lane = job.lane
  local level = lane.level
  unlink(lane, job)
  job.lane = nil
  self.size = self.size - 1
  if lane.head then return level, lane end
  unlink(level, lane)
  level.lanes[lane.caller] = nil
  if not level.head then drop_level(self, level) end
end

--- remove(job): one that is in the queue
function Queue:remove(job)
  take(self, job)
end

--- pop() -> job | nil
function Queue:pop()
  local level = self.levels[1]
  if not level then return nil end
  local job = level.head.head
  local rest, lane = take(self, job)
  if rest then
    unlink(rest, lane)
    append(rest, lane)
  end
  return job
end

local function new()
  return setmetatable({ size = 0, levels = {}, by_priority = {} }, Queue)
end

return { new = new }
