-- job.lua - one call on its way: queued, at a worker, done. What p:start returns.

local current = require "procrun.core.task".current
local core = require "procrun.core.task"
local new_error = require "procrun.events.error".new
local wire = require "procrun.pool.wire"

-- What most jobs do not need, but are asked for.
local Job = { __name = "procrun.pool.job", _misuse = false, _failed = false, _list = false,
  _worker = false, _crashes = 0, _only = false, _gone = false }
Job.__index = Job

local M = { methods = Job }

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: job:%s(...)", name)
end

--- new_error(message, code) -> error
function M.new_error(message, code)
  return new_error { message = message, code = code }
end

--- finish(job, values, first, last): its results are there; nothing if it had some before
function M.finish(job, values, first, last)
  if job._state == "done" then return false end
  job._state = "done"
  job._values, job._first, job._last = values, first, last
  job._message, job._handle = nil, nil
  if job._list then job._list:wake_all() end
  if job._sink then job._sink(job) end
  return true
end

--- fail(job, error, code)
function M.fail(job, err, code)
  job._failed = job._state ~= "done"
  return M.finish(job, { nil, err, code }, 1, 3)
end

local function look(job)
  return job._state == "done"
end

--- results(job) -> what the function has returned | nil, error, code
function M.results(job)
  if job._misuse then require "procrun.events.misuse"("%s", job._misuse) end
  return table.unpack(job._values, job._first, job._last)
end

--- wait([timeout]) -> results | nil, error, code | nil, "timeout", "ETIMEDOUT"
function Job:wait(timeout)
  if getmetatable(self) ~= Job then no_colon("wait") end
  if self._state ~= "done" then
    local list = self._list
    if not list then
      list = core.list()
      self._list = list
    end
    local _, message, code = list:wait(timeout, "a job of a pool", look, self)
    if code then return nil, message, code end
  end
  return M.results(self)
end

--- cancel() -> job: nobody waits for it any more; a worker that does it is told
function Job:cancel()
  if getmetatable(self) ~= Job then no_colon("cancel") end
  if self._state ~= "done" then self._pool._cancel(self, "the job was cancelled", "ECANCELED") end
  return self
end

--- status() -> "queued" | "running" | "done"
function Job:status()
  if getmetatable(self) ~= Job then no_colon("status") end
  return self._state
end

-- Leaving the block of a <close> variable: a job that is not done is cancelled.
Job.__close = function(self)
  if self._state ~= "done" then self:cancel() end
end

--- new(pool, options, fname, sink, ...) -> job; sink(job) is called when it is done
function M.new(p, options, fname, sink, ...)
  local id = p._last_id + 1
  p._last_id = id
  local message, handle = wire.pack(id, ...)
  if not message then require "procrun.events.misuse"("%s: %s", fname, handle) end
  return setmetatable({
    _pool = p, _id = id, _message = message, _handle = handle, _state = "new", _sink = sink,
    _options = options, caller = current() or false,
    _worker = false, _values = false, _first = 1, _last = 0, lane = false, -- room for them
  }, Job)
end

--- adopt(pool, options, id, message, worker) -> job that is under way
function M.adopt(p, options, id, message, worker)
  return setmetatable({
    _pool = p, _id = id, _message = message, _state = "running", _options = options,
    _worker = worker, caller = current() or false,
  }, Job)
end

return M
