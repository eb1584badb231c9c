-- direct.lua - the short way of a call: a worker of one job at a time rests, so the calling task
-- sends to it and reads the answer itself: no job object, no queue, no task between them.

local job_type = require "procrun.pool.job"
local shift = require "procrun.pool.shift"
local wire = require "procrun.pool.wire"

local M = {}

-- What the end of a block finds: the caller was cancelled, or has raised, in the middle of it.
local Guard = {}

-- The call becomes a job as any other, which a task waits for or which is cancelled.
local function to_job(p, worker, id)
  local guard = worker.guard
  local job = job_type.adopt(p, guard.options, id, guard.message, worker)
  guard.id = false
  worker.jobs[id] = job
  return job
end

Guard.__close = function(guard)
  local id, p, worker = guard.id, guard.p, guard.worker
  if not id then return end
  if guard.sent then
    local job = to_job(p, worker, id)
    shift.listen(p, worker)
    job:cancel()
  else -- what cannot be sent has raised
    guard.id = false
    shift.vacate(p, worker)
    shift.feed(p, worker)
  end
end

-- What comes is no plain answer, or nothing.
local function wait_as_job(p, worker, id, answer, handle)
  local job <close> = to_job(p, worker, id)
  if answer ~= nil then
    shift.take(p, worker, answer, handle)
  else
    shift.at_end(p, worker)
  end
  if worker.jobs[id] == job and answer ~= nil then shift.listen(p, worker) end
  return job:wait()
end

--- call(p, options, worker, message) -> results, as of job:wait()
function M.call(p, options, worker, message)
  local guard <close> = worker.guard
  local id = message[1]
  guard.id, guard.sent, guard.options, guard.message = id, false, options, message
  shift.occupy(p, worker)
  local sent = worker.send(worker.child, message)
  guard.sent = true
  local answer, handle
  if sent then answer, handle = worker.receive() end
  if answer == nil or answer[1] ~= id then
    return wait_as_job(p, worker, id, answer, handle)
  end
  guard.id = false
  shift.vacate(p, worker)
  shift.count(p, worker)
  p._count.done = p._count.done + 1
  if p._queue.size == 0 and worker.state == "ready" and not worker.own then
    shift.rest(p, worker)
  else
    shift.feed(p, worker)
    if worker.state ~= "ready" then p:_grow() end
  end
  return table.unpack(answer, 2, #answer)
end

--- new_guard(p, worker) -> what a worker has for its calls
function M.new_guard(p, worker)
  return setmetatable({ p = p, worker = worker, id = false }, Guard)
end

--- message(p, ...) -> message | nil: values that need more than a list
function M.message(p, ...)
  local id = p._last_id + 1
  local message = wire.plain(id, ...)
  if message then p._last_id = id end
  return message
end

return M
