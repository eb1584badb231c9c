-- stats.lua - what a pool does and has done: p:stats().

local now = require "procrun.core.self".now

local function worker_stats(p, worker)
  return {
    pid = worker.pid, host = worker.place.host, state = worker.state, running = worker.running,
    done = worker.done, seconds = worker.started and now() - worker.started or 0,
    busy = worker.running >= p._options.concurrency,
  }
end

return function(p)
  local stats = {
    size = p._size, queued = p._queue.size, running = p._running, starting = p._starting,
    ready = p._ready, idle = #p._idle, workers = {}, closed = p._closing,
  }
  for name, count in pairs(p._count) do stats[name] = count end
  for i, worker in ipairs(p._members) do stats.workers[i] = worker_stats(p, worker) end
  return stats
end
