-- shift.lua - workers that are ready, and their jobs: who does which, what they answer, who rests.

local core = require "procrun.core.task"
local job_type = require "procrun.pool.job"
local life = require "procrun.pool.life"
local now = require "procrun.core.self".now
local places = require "procrun.pool.places"
local wire = require "procrun.pool.wire"

local M = {}

-- Seconds between two looks for workers that rest: until then they keep the process alive.
local LOOK <const> = 0.02

--- remove(list, value)
function M.remove(list, value)
  for i = #list, 1, -1 do
    if list[i] == value then return table.remove(list, i) end
  end
end

-- Rest --------------------------------------------------------------------------------------------

-- The pool keeps the process alive while a worker has something to do.
local function hold(worker, on)
  worker.held = on
  if on then worker.channel:ref() else worker.channel:unref() end
end

-- Ends those that had nothing to do for long, down to the least number.
local function watch_idle(p)
  local most = p._options.idle_timeout
  while p._idle[1] do
    local first = p._idle[1] -- the one that was used last stands at the end
    local left = (first.idle_since or now()) + most - now()
    if left > 0 then
      core.sleep(left)
    elseif p._ready > p._options.min then
      p._count.idle_ended = p._count.idle_ended + 1
      M.retire(p, first)
    else
      break
    end
  end
  p._watching = false
end

local function watch(p)
  if p._watching or p._ready <= p._options.min then return end
  if p._options.idle_timeout == math.huge then return end
  p._watching = true
  core.spawn_daemon("idle workers of a pool", watch_idle, p)
end

-- Lets go of those that have done nothing since the last look.
local function loosen(p)
  local left = true
  while left do
    core.sleep(LOOK)
    left = false
    for _, worker in ipairs(p._idle) do
      if worker.held and worker.seen == worker.done then
        hold(worker, false)
        worker.idle_since = now()
      end
      left = left or worker.held
      worker.seen = worker.done
    end
  end
  p._loosening = false
  watch(p)
end

--- rest(p, worker): it has nothing to do
function M.rest(p, worker)
  worker.idle_since = nil
  p._idle[#p._idle + 1] = worker
  if not p._loosening then
    p._loosening = true
    core.spawn_daemon("rest of a pool", loosen, p)
  end
  if p._closing then p._changed:wake_all() end
end

--- occupy(p, worker): one job more
function M.occupy(p, worker)
  worker.running = worker.running + 1
  p._running = p._running + 1
  if worker.running > 1 then return end
  local idle = p._idle
  if idle[#idle] == worker then idle[#idle] = nil else M.remove(idle, worker) end
  if not worker.held then hold(worker, true) end
end

--- vacate(p, worker): one job less
function M.vacate(p, worker)
  worker.running = worker.running - 1
  p._running = p._running - 1
end

--- retire(p, worker): it ends once it has done what it does
function M.retire(p, worker)
  if worker.state ~= "ready" then return end
  worker.state = "ending"
  M.remove(p._idle, worker)
  p._ready = p._ready - 1
  worker.place.workers = worker.place.workers - 1
  local own = worker.own
  if worker.running == 0 and not (own and own[1]) then life.dismiss(worker) end
end

-- Jobs --------------------------------------------------------------------------------------------

local function send(worker, job)
  local child, handle = worker.child, job._handle
  -- A plain message alone is what C sends by itself.
  if not handle then return pcall(child.send, child, job._message) end
  job._gone = package.loaded["procrun.net"]._kind(handle) == "socket" -- it is closed here
  return pcall(child.send, child, job._message, handle)
end

local function hand(p, worker, job)
  M.occupy(p, worker)
  job._state, job._worker = "running", worker
  worker.jobs[job._id] = job
  M.listen(p, worker)
  local fine, ok, message, code = send(worker, job)
  -- A worker that has died is told of when its last words are read.
  if fine and (ok or code == "EPIPE") or worker.jobs[job._id] ~= job then return end
  worker.jobs[job._id] = nil
  M.vacate(p, worker)
  if fine then return job_type.fail(job, message, code) end
  job._misuse = tostring(ok):gsub("^.-send: ", "pool: ")
  job_type.fail(job, job._misuse, "EINVAL")
end

-- What was given to it alone it does before it ends, too.
local function next_job(p, worker)
  local own = worker.own
  if own and own[1] then return table.remove(own, 1) end
  worker.own = nil
  if worker.state ~= "ready" then return nil end
  local job = p._queue:pop()
  if job then p._room:wake() end
  return job
end

--- feed(p, worker): gives it what it can do now
function M.feed(p, worker)
  while not worker.dismissed and not worker.over and worker.running < p._options.concurrency do
    local job = next_job(p, worker)
    if not job then break end
    hand(p, worker, job)
  end
  if worker.running > 0 then return end
  if worker.state == "ready" then
    M.rest(p, worker)
  elseif worker.state == "ending" then
    life.dismiss(worker)
  end
  if worker.over then p._changed:wake_all() end -- who buries it waits for its last answer
end

--- free(p) -> a worker with time for one more job | nil
function M.free(p)
  local idle = p._idle
  local worker = idle[#idle]
  if worker or p._options.concurrency == 1 then return worker end
  local least = p._options.concurrency
  for _, one in ipairs(p._members) do
    if one.state == "ready" and one.running < least then worker, least = one, one.running end
  end
  return worker
end

--- give(p, worker, job): to one that is free
function M.give(p, worker, job)
  hand(p, worker, job)
  if worker.running == 0 and worker.state == "ready" then M.rest(p, worker) end
end

-- Answers -----------------------------------------------------------------------------------------

local function on_failed(p, worker, job, described)
  p._count.failed = p._count.failed + 1
  local err = require "procrun.pool.failure".of_job(described, worker)
  job_type.fail(job, err, err.code)
end

local function tell(p, worker, job, message, handle)
  if message.failed then
    on_failed(p, worker, job, message.failed)
  elseif message.cancelled then
    p._count.failed = p._count.failed + 1
    job_type.fail(job, "the job has cancelled itself", "ECANCELED")
  else
    p._count.done = p._count.done + 1
    local _, values, first, last = wire.values(message, handle)
    job_type.finish(job, values, first, last)
  end
end

--- count(p, worker): it has done one job more
function M.count(p, worker)
  local done = worker.done + 1
  worker.done = done
  if done == 1 then places.note_success(worker.place) end
  if done == p._options.max_jobs then
    p._count.recycled = p._count.recycled + 1
    M.retire(p, worker)
  end
end

--- take(p, worker, message, handle): what it has sent
function M.take(p, worker, message, handle)
  if message.spent then
    p._count.recycled = p._count.recycled + 1
    return M.retire(p, worker)
  end
  local id = message[1] or message.id
  local job = worker.jobs[id]
  if not job then return end
  worker.jobs[id] = nil
  M.vacate(p, worker)
  M.count(p, worker)
  if job._state ~= "done" then tell(p, worker, job, message, handle) end -- else it was cancelled
  M.feed(p, worker)
  if worker.state ~= "ready" then p:_grow() end
end

-- Reads while there are jobs out.
local function read(p, worker)
  local receive = worker.receive
  while worker.running > 0 do
    local message, handle = receive()
    if message == nil then
      M.at_end(p, worker)
      break
    end
    M.take(p, worker, message, handle)
  end
  worker.reading = false
  p._changed:wake_all()
end

--- listen(p, worker): a task reads its answers, if none does yet
function M.listen(p, worker)
  if worker.reading then return end
  worker.reading = true
  core.spawn_daemon("answers of a worker", read, p, worker)
end

--- at_end(p, worker): its channel has ended; so has it, or it will soon
function M.at_end(p, worker)
  p:_ended(worker)
  p._changed:wake_all()
end

return M
