-- job.lua - a pipeline that runs: what proc.start_pipeline returns.

local combined = require "procrun.proc.outcome_all"
local core_task = require "procrun.core.task"
local ending = require "procrun.proc.ending"
local make_index = require "procrun.events.index"
local options = require "procrun.proc.options"
local outcome = require "procrun.proc.outcome"
local spawn = require "procrun.proc.spawn"
local task = require "procrun.task"

local methods, properties = {}, {}

local Job = {
  __name = "procrun.job",
  __index = make_index(methods, properties),
  __tostring = function(self)
    return ("pipeline of %d stages"):format(#self._stages)
  end,
}

local function check_self(self, name)
  if getmetatable(self) ~= Job then
    require "procrun.events.misuse"("call it with a colon: job:%s(...)", name)
  end
end

-- The results of all stages, up to one that could not be started.
local function gather(self)
  local results = {}
  for i, stage in ipairs(self._stages) do
    if self._broken and i == self._broken.at then
      results[i] = self._broken.result
      break
    end
    if stage.data then
      results[i] = combined.of_data(stage)
    elseif stage.fn then
      results[i] = combined.of_filter(stage, stage.filter, i == #self._stages)
    else
      local one = stage.child.result
      local others = self._broken or self._raised
      if others and stage.child.killed then one.ok, one.error = true, nil end -- not its fault
      results[i] = one
    end
  end
  return results
end

-- The output of a filter that nobody reads belongs to the result, as that of a child does.
local function claim(self)
  local out, filter = rawget(self, "stdout"), self._stages[#self._stages].filter
  if not out or out._used or out._core:closed() then return end
  out._flowing, out._used = outcome.CLAIMED, true
  local limit = self._stages[#self._stages].options.max_buffer or spawn.MAX_BUFFER
  local keeper = require "procrun.proc.shown".keeper(true, limit)
  filter.sink.take = function() return keeper:take() end
  self._crew:add(task.spawn(function()
    local chunk = out._core:read_some()
    while chunk and keeper:write(chunk) do chunk = out._core:read_some() end
    if chunk then filter:too_much() end
    out._core:close()
  end))
end

-- The functions do no more, whoever they may wait for.
local function cut(self)
  self._crew:cancel()
  for _, stage in ipairs(self._stages) do
    if stage.filter then stage.filter.writer:cancel() end
  end
end

-- When all programs have ended, one of them by force: a grandchild may hold a pipe.
local function end_filters(self)
  for _, child in ipairs(self.children) do
    if child.killed or child._forced then
      if not self._crew:wait(outcome.AFTER_FORCE) then cut(self) end
      return
    end
  end
end

-- All at once: each may write more than max_buffer, or run out of time, while the others go on.
local function wait_all(self)
  claim(self)
  local waits, left = {}, #self.children
  for i, child in ipairs(self.children) do
    waits[i] = function()
      local _ <close> = spawn.has_terminal() and require "procrun.proc.terminal".watch(child) or nil
      child:wait()
      left = left - 1
      if left == 0 then end_filters(self) end
    end
  end
  waits[#waits + 1] = function() self._crew:wait() end
  task.all(waits)
  return true
end

-- The error of a function: raised by every wait.
local function raise_failure(self)
  self._failed = self._crew:failure() or self._failed
  if self._failed then self._failed:wait() end
end

--- wait([timeout]) -> result | nil, "timeout", "ETIMEDOUT"; raises the error of a function
function methods:wait(timeout)
  check_self(self, "wait")
  if not self._result then
    local seconds = options.timeout("wait", timeout)
    local ok, message, code = true, nil, nil
    if seconds then
      ok, message, code = task.timeout(seconds, wait_all, self)
    else
      wait_all(self)
    end
    if not ok then return nil, message, code end
    raise_failure(self)
    self._result = self._result or combined.combine(self._stages, gather(self))
  end
  return self._result
end

local function has_ended(stage)
  if stage.child then return outcome.peek(stage.child) ~= nil end
  return not stage.filter or stage.filter:has_ended()
end

-- As that of a child: takes no output that a script may still want to read.
function properties.result(self)
  if self._result then return self._result end
  for _, stage in ipairs(self._stages) do
    if not has_ended(stage) then return nil end
  end
  return combined.combine(self._stages, gather(self))
end

-- Streams of a program at the end; those of a function are the job's own (pipeline.lua).

function properties.stdin(self)
  local first = self._stages[1].child
  return first and first.stdin
end

function properties.stdout(self)
  local last = self._stages[#self._stages].child
  return last and last.stdout
end

function properties.stderr(self)
  for i = #self.children, 1, -1 do
    local stderr = self.children[i].stderr
    if stderr then return stderr end
  end
end

local function kill(self, name, signal)
  check_self(self, name)
  options.signal(name, signal or "SIGTERM")
  local reached = false
  for _, child in ipairs(self.children) do reached = child[name](child, signal) or reached end
  if reached then return true end
  return nil, ("%s: all programs of the pipeline have ended"):format(name), "ESRCH"
end

--- kill([signal]) -> true | nil, message, "ESRCH": every program of it
function methods:kill(signal)
  return kill(self, "kill", signal)
end

--- kill_tree([signal]) -> true | nil, message, "ESRCH": and all that they have started
function methods:kill_tree(signal)
  return kill(self, "kill_tree", signal)
end

-- Every end that is ours is closed, then all stages that still run are ended at once.
function methods:_leave()
  cut(self)
  for _, s in ipairs(self._ends) do require "procrun.proc.filter_ends".drop(s) end
  local tasks = {}
  for i, child in ipairs(self.children) do
    tasks[i] = task.spawn(function() local _ <close> = child end)
  end
  for _, t in ipairs(tasks) do t:wait() end
  self._crew:wait()
end

-- Leaving the block of a <close> variable: all that still runs is ended.
Job.__close = function(self, err)
  if not self._result then self:_leave() end
  if err ~= nil then self._crew:dismiss() else raise_failure(self) end
end

--- new(fname, stages) -> job; pipeline.lua starts its stages
local function new(fname, stages)
  local self = setmetatable({
    children = {}, _fname = fname, _stages = stages, _ends = {},
    _crew = core_task.crew("group"), _result = false, _broken = false, _failed = false,
    _raised = false,
  }, Job)
  -- An error of a function ends the others.
  self._on_filter_end = function(_, err)
    if err == nil or task.is_cancel(err) then return end
    self._raised = true
    for _, child in ipairs(self.children) do ending.start(child) end
  end
  return self
end

return { new = new, methods = methods }
