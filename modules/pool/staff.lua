-- staff.lua - who works in a pool: started when there are jobs to do, replaced, ended.

local job_type = require "procrun.pool.job"
local life = require "procrun.pool.life"
local places = require "procrun.pool.places"
local shift = require "procrun.pool.shift"
local task = require "procrun.core.task"

local M = {}

-- Starts in a row that may fail, once one has gone well, before no more are made but for jobs.
local MOST_MISSES <const> = 5

local remove, retire = shift.remove, shift.retire

-- Who waits for a change of the whole: close, new.
local function changed(p)
  p._changed:wake_all()
end

-- Failures ----------------------------------------------------------------------------------------

-- No worker is left, and none can be started: everybody who waits for one hears why.
local function fail_all(p, err)
  for _, place in ipairs(p._places) do places.note_success(place) end
  while true do
    local job = p._queue:pop()
    if not job then break end
    p._room:wake()
    p._count.failed = p._count.failed + 1
    job_type.fail(job, err, err.code)
  end
end

local function fail_own(worker, err)
  for _, job in ipairs(worker.own or {}) do job_type.fail(job, err, err.code) end
end

local function start_failed(p, worker, err)
  p._starting = p._starting - 1
  p._failure, p._misses = err, p._misses + 1
  p._count.start_failures = p._count.start_failures + 1
  worker.place.workers = worker.place.workers - 1
  places.note_failure(worker.place)
  fail_own(worker, err)
  if p._ready == 0 and p._starting == 0 and places.all_failed(p._places) then
    fail_all(p, err)
  else
    M.grow(p)
  end
end

-- A job of a broadcast is for the one that has died.
local function may_retry(p, job)
  return job._crashes < job._options.retries and not (p._killed or job._gone or job._only)
end

-- What the jobs of a worker that has died are told.
local function give_back(p, worker, err)
  local ids = {}
  for id in pairs(worker.jobs) do ids[#ids + 1] = id end
  table.sort(ids, function(a, b) return a > b end) -- each goes before the others in the queue
  for _, id in ipairs(ids) do
    local job = worker.jobs[id]
    worker.jobs[id] = nil
    shift.vacate(p, worker)
    if job._state ~= "done" and may_retry(p, job) then
      job._crashes = job._crashes + 1
      job._state, job._worker = "queued", false
      p._count.retried = p._count.retried + 1
      p._queue:push(job, true)
    elseif job._state ~= "done" then
      p._count.failed = p._count.failed + 1
      job_type.fail(job, err, err.code)
    end
  end
end

local function crashed(p, worker, err)
  if not worker.dismissed then
    if not worker.killed then p._count.crashes = p._count.crashes + 1 end
    if worker.done == 0 then places.note_failure(worker.place, true) end
  end
  fail_own(worker, err)
  give_back(p, worker, err)
end

-- Beginning and end of a worker -------------------------------------------------------------------

local function is_read(worker)
  return worker.dismissed or not worker.reading and not worker.guard.id
end

-- Whoever reads its answers has come to their end before its jobs are given up.
local function bury(p, worker)
  if not is_read(worker) then
    local what = "a worker's last answers"
    local _, _, code = p._changed:wait(life.LAST_WORDS, what, is_read, worker)
    if code then worker.child:disconnect() end
  end
  local err = life.finish(p, worker)
  remove(p._members, worker)
  crashed(p, worker, err)
  M.grow(p)
  changed(p)
end

--- ended(p, worker): its process, or its channel, has come to an end
function M.ended(p, worker)
  if worker.over then return end
  worker.over = true
  if worker.state == "ready" then
    worker.state = "dead"
    p._ready = p._ready - 1
    worker.place.workers = worker.place.workers - 1
    remove(p._idle, worker)
  end
  task.spawn_daemon("end of a worker", task.shield, bury, p, worker)
end

local function begin(p, worker)
  local ok, err = nil, p._killed
  if not err then ok, err = life.start(p, worker) end
  if not ok then
    remove(p._members, worker)
    start_failed(p, worker, err)
    return changed(p)
  end
  worker.guard = require "procrun.pool.direct".new_guard(p, worker)
  p._starting, p._ready = p._starting - 1, p._ready + 1
  worker.state = "ready"
  p._misses, p._most_misses = 0, MOST_MISSES
  p._count.started = p._count.started + 1
  worker.child:on("exit", function() M.ended(p, worker) end)
  if p._killed or p._closing and p._queue.size == 0 then retire(p, worker) end
  shift.feed(p, worker)
  changed(p)
end

local function start_one(p)
  local place, pause = places.choose(p._places)
  if not place then return false, pause end
  local worker = { place = place, state = "starting", jobs = {}, running = 0, done = 0 }
  place.workers = place.workers + 1
  p._starting = p._starting + 1
  p._members[#p._members + 1] = worker
  task.spawn_daemon("start of a worker", begin, p, worker)
  return true
end

-- After a pause another start may be tried. Not by a daemon: somebody waits for it.
local function try_later(p, pause)
  if p._pausing or pause == math.huge then return end
  p._pausing = true
  task.spawn(function()
    task.sleep(pause)
    p._pausing = false
    M.grow(p)
  end)
end

--- grow(p): starts workers for the jobs that wait, and the least number
function M.grow(p)
  if p._killed then return end
  local wanted = math.ceil(p._queue.size / p._options.concurrency)
  if not p._closing and p._misses <= p._most_misses then
    wanted = math.max(wanted, p._options.min - p._ready)
  end
  while p._starting < wanted and p._ready + p._starting < p._size do
    local ok, pause = start_one(p)
    if not ok then return try_later(p, pause) end
  end
end

-- Jobs --------------------------------------------------------------------------------------------

--- submit(p, job): to a worker that is free, else into the queue
function M.submit(p, job)
  local worker = p._queue.size == 0 and shift.free(p)
  if worker then
    local more = worker.running > 0 and p._starting == 0 and p._ready < p._size
    if more then start_one(p) end
    return shift.give(p, worker, job)
  end
  job._state = "queued"
  p._queue:push(job)
  M.grow(p)
end

--- assign(p, job, worker): to that one only, before what waits in the queue
function M.assign(p, job, worker)
  job._only, job._state = worker, "queued"
  worker.own = worker.own or {}
  worker.own[#worker.own + 1] = job
  if worker.state == "ready" and worker.running < p._options.concurrency then
    if worker.running == 0 then remove(p._idle, worker) end
    shift.feed(p, worker)
  end
end

-- Tells the worker; if it goes on for longer than the grace it is ended: nobody else is to wait.
local function stop(p, worker, job)
  worker.child:send { cancel = job._id }
  task.sleep(p._options.grace)
  if worker.jobs[job._id] ~= job or worker.over then return end
  worker.killed = true
  p._count.killed = p._count.killed + 1
  worker.child:kill_tree "SIGKILL"
end

--- cancel(job, why, code): whoever waits for it is told so
function M.cancel(job, why, code)
  local p, worker, state = job._pool, job._worker, job._state
  if state == "queued" and job._only then
    remove(job._only.own, job)
  elseif state == "queued" then
    p._queue:remove(job)
    p._room:wake()
  elseif state == "new" then -- it waits for room; it may have been about to get it
    p._room:wake_all()
  end
  local name = code == "ETIMEDOUT" and "timed_out" or "cancelled"
  p._count[name] = p._count[name] + 1
  job_type.fail(job, why, code)
  if state == "running" then task.spawn_daemon("end of a job", stop, p, worker, job) end
  if p._closing then changed(p) end
end

--- remove(p, worker): it belongs to the pool no more
function M.remove(p, worker)
  remove(p._members, worker)
end

-- The end -----------------------------------------------------------------------------------------

--- retire_all(p): each worker ends after what it does
function M.retire_all(p)
  for _, worker in ipairs { table.unpack(p._members) } do
    if worker.state == "starting" then life.kill(p, worker) else retire(p, worker) end
  end
end

--- kill_all(p, error): nobody is waited for
function M.kill_all(p, err)
  p._killed, p._closing = err, true
  fail_all(p, err)
  for _, worker in ipairs { table.unpack(p._members) } do
    for _, job in pairs(worker.jobs) do job_type.fail(job, err, err.code) end
    retire(p, worker)
    life.kill(p, worker)
  end
  p._room:wake_all()
end

return M
