-- staff.lua - the workers of a pool: who does which job, when one more is started, when one ends.

local job_type = require "procrun.pool.job"
local life = require "procrun.pool.life"
local now = require "procrun.core.self".now
local places = require "procrun.pool.places"
local task = require "procrun.core.task"
local wire = require "procrun.pool.wire"

local M = {}

-- Starts in a row that may fail, once one has gone well, before no more are made but for jobs.
local MOST_MISSES <const> = 5

-- Who waits for a change of the whole: close, new.
local function changed(p)
  p._changed:wake_all()
end

-- A worker and its jobs ---------------------------------------------------------------------------

local function remove(list, value)
  for i = #list, 1, -1 do
    if list[i] == value then return table.remove(list, i) end
  end
end

-- The pool keeps the process alive while a worker has something to do.
local function hold(worker, on)
  local channel = worker.channel
  if on then channel:ref() else channel:unref() end
end

local function occupy(p, worker, job)
  job._state, job._worker = "running", worker
  worker.jobs[job._id] = job
  worker.running = worker.running + 1
  p._running = p._running + 1
  if worker.running == 1 then
    remove(p._idle, worker)
    hold(worker, true)
  end
end

-- The place of a job at its worker is free again.
local function vacate(p, worker, id)
  worker.jobs[id] = nil
  worker.running = worker.running - 1
  p._running = p._running - 1
end

local function retire(p, worker)
  if worker.state ~= "ready" then return end
  worker.state = "ending"
  remove(p._idle, worker)
  p._ready = p._ready - 1
  worker.place.workers = worker.place.workers - 1
  if worker.running == 0 then life.dismiss(worker) end
end

-- Ends those that had nothing to do for long, down to the least number.
local function watch_idle(p)
  while p._idle[1] do
    local first = p._idle[1] -- the one that was used last stands at the end
    local left = first.idle_since + p._options.idle_timeout - now()
    if left > 0 then
      task.sleep(left)
    elseif p._ready > p._options.min then
      p._count.idle_ended = p._count.idle_ended + 1
      retire(p, first)
    else
      break
    end
  end
  p._watching = false
end

local function rest(p, worker)
  hold(worker, false)
  worker.idle_since = now()
  p._idle[#p._idle + 1] = worker
  if not p._watching and p._options.idle_timeout ~= math.huge and p._ready > p._options.min then
    p._watching = true
    task.spawn_daemon("idle workers of a pool", watch_idle, p)
  end
  if p._closing then changed(p) end
end

local function send_failed(p, worker, job, message, code)
  if worker.jobs[job._id] ~= job then return end -- its worker has died meanwhile
  if code == "EPIPE" then return end -- it has died: told when its last words are read
  vacate(p, worker, job._id)
  job_type.fail(job, message, code)
end

local function hand(p, worker, job)
  occupy(p, worker, job)
  local child = worker.child
  local fine, ok, message, code
  if job._handle then
    fine, ok, message, code = pcall(child.send, child, job._message, job._handle)
  else -- a plain message alone is what C sends by itself
    fine, ok, message, code = pcall(child.send, child, job._message)
  end
  if fine and ok then return true end
  if not fine then
    job._misuse = tostring(ok):gsub("^.-send: ", "pool: ")
    code = "EINVAL"
  end
  send_failed(p, worker, job, message, code)
  return false
end

-- Gives the worker what it can do now.
local function feed(p, worker)
  while worker.state == "ready" and worker.running < p._options.concurrency do
    local job = worker.own and table.remove(worker.own, 1) or p._queue:pop()
    if not job then break end
    p._room:wake()
    hand(p, worker, job)
  end
  if worker.running > 0 then return end
  if worker.state == "ready" then
    rest(p, worker)
  elseif worker.state == "ending" then
    life.dismiss(worker)
  end
end

local function free_worker(p)
  local idle = p._idle
  local worker = idle[#idle]
  if worker or p._options.concurrency == 1 then return worker end
  local least = p._options.concurrency
  for _, one in ipairs(p._members) do
    if one.state == "ready" and one.running < least then worker, least = one, one.running end
  end
  return worker
end

-- Starts ------------------------------------------------------------------------------------------

local grow

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
    grow(p)
  end
end

-- What the jobs of a worker that has died are told.
local function give_back(p, worker, err)
  local ids = {}
  for id in pairs(worker.jobs) do ids[#ids + 1] = id end
  table.sort(ids, function(a, b) return a > b end)
  for _, id in ipairs(ids) do
    local job = worker.jobs[id]
    vacate(p, worker, id)
    if job._state ~= "done" and job._crashes < job._options.retries and not p._killed then
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
  if worker.state == "ready" then
    worker.state = "dead"
    p._ready = p._ready - 1
    worker.place.workers = worker.place.workers - 1
    remove(p._idle, worker)
  end
  if not worker.dismissed then
    if not worker.killed then p._count.crashes = p._count.crashes + 1 end
    if worker.done == 0 then places.note_failure(worker.place, true) end
  end
  fail_own(worker, err)
  give_back(p, worker, err)
end

-- The whole life of a worker, in a task of its own.
local function live(p, worker)
  local ok, err = life.start(p, worker)
  if not ok then
    remove(p._members, worker)
    start_failed(p, worker, err)
    return changed(p)
  end
  p._starting, p._ready = p._starting - 1, p._ready + 1
  worker.state = "ready"
  p._misses, p._most_misses = 0, MOST_MISSES
  p._count.started = p._count.started + 1
  if p._killed or p._closing and p._queue.size == 0 then retire(p, worker) end
  feed(p, worker)
  changed(p)
  M.read(p, worker)
  err = life.finish(p, worker)
  remove(p._members, worker)
  crashed(p, worker, err)
  grow(p)
  changed(p)
end

local function start_one(p)
  local place, pause = places.choose(p._places)
  if not place then return false, pause end
  local worker = { place = place, state = "starting", jobs = {}, running = 0, done = 0 }
  place.workers = place.workers + 1
  p._starting = p._starting + 1
  p._members[#p._members + 1] = worker
  task.spawn_daemon("a worker of a pool", live, p, worker)
  return true
end

-- After a pause another start may be tried. Not by a daemon: somebody waits for it.
local function try_later(p, pause)
  if p._pausing or pause == math.huge then return end
  p._pausing = true
  task.spawn(function()
    task.sleep(pause)
    p._pausing = false
    grow(p)
  end)
end

--- grow(p): starts workers for the jobs that wait, and the least number
function grow(p)
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
M.grow = grow

-- Answers -----------------------------------------------------------------------------------------

local function on_failed(p, worker, job, described)
  p._count.failed = p._count.failed + 1
  local err = require "procrun.pool.failure".of_job(described, worker)
  job_type.fail(job, err, err.code)
end

local function tell(p, worker, job, message, values, first, last)
  if message.failed then
    on_failed(p, worker, job, message.failed)
  elseif message.cancelled then
    p._count.failed = p._count.failed + 1
    job_type.fail(job, "the job has cancelled itself", "ECANCELED")
  else
    p._count.done = p._count.done + 1
    job_type.finish(job, values, first, last)
  end
end

local function on_answer(p, worker, message, handle)
  local id, values, first, last = wire.values(message, handle)
  local job = worker.jobs[id]
  if not job then return end
  vacate(p, worker, id)
  worker.done = worker.done + 1
  if job._state ~= "done" then tell(p, worker, job, message, values, first, last) end
  if worker.done == 1 then places.note_success(worker.place) end
  if worker.done == p._options.max_jobs then
    p._count.recycled = p._count.recycled + 1
    retire(p, worker)
  end
  feed(p, worker)
  if worker.state ~= "ready" then grow(p) end
end

--- read(p, worker): takes its answers until its channel has ended
function M.read(p, worker)
  for message, handle in worker.child:messages() do
    if message.spent then
      p._count.recycled = p._count.recycled + 1
      retire(p, worker)
    else
      on_answer(p, worker, message, handle)
    end
  end
end

-- Jobs --------------------------------------------------------------------------------------------

--- submit(p, job): to a worker that is free, else into the queue
function M.submit(p, job)
  if p._queue.size == 0 then
    local worker = free_worker(p)
    if worker then
      if worker.running > 0 and p._starting == 0 and p._ready < p._size then start_one(p) end
      if not hand(p, worker, job) then feed(p, worker) end
      return
    end
  end
  job._state = "queued"
  p._queue:push(job)
  grow(p)
end

--- assign(p, job, worker): to that one only, before what waits in the queue
function M.assign(p, job, worker)
  job._only, job._state = worker, "queued"
  worker.own = worker.own or {}
  worker.own[#worker.own + 1] = job
  if worker.state == "ready" and worker.running < p._options.concurrency then feed(p, worker) end
end

-- Tells the worker; if it goes on for longer than the grace it is ended: nobody else is to wait.
local function stop(p, worker, id)
  worker.child:send { cancel = id }
  task.sleep(p._options.grace)
  if not worker.jobs[id] then return end
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
  end
  local name = code == "ETIMEDOUT" and "timed_out" or "cancelled"
  p._count[name] = p._count[name] + 1
  job_type.fail(job, why, code)
  if state == "running" then task.spawn_daemon("end of a job", stop, p, worker, job._id) end
  if p._closing then changed(p) end
end

-- The end -----------------------------------------------------------------------------------------

--- retire_all(p): each worker ends after what it does
function M.retire_all(p)
  for _, worker in ipairs { table.unpack(p._members) } do
    if worker.state == "starting" then life.kill(worker) else retire(p, worker) end
  end
end

--- kill_all(p, error): nobody is waited for
function M.kill_all(p, err)
  p._killed, p._closing = true, true
  fail_all(p, err)
  for _, worker in ipairs { table.unpack(p._members) } do
    for _, job in pairs(worker.jobs) do job_type.fail(job, err, err.code) end
    worker.dismissed = true
    retire(p, worker)
    life.kill(worker)
  end
  p._room:wake_all()
end

return M
