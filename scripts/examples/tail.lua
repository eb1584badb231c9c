#!/usr/bin/env procrun
-- tail.lua - follows a log on several hosts at once; a connection that breaks comes back, later and
-- later; many bad lines within a minute run an alert.

local cli, sh, task, timer = require "cli", require "sh", require "task", require "timer"

local opt = cli.args [[
usage: tail.lua [options] <host>...

Follows a log file on several hosts over ssh.

  -f, --file FILE      the log on each host (default /var/log/app.log)
  -m, --match PATTERN  Lua pattern of a bad line (default ERROR)
  -n, --burst N        bad lines within a minute that raise the alert (1.., default 10)
  -a, --alert SCRIPT   bash script to run then; $1 is the host, $2 the last line
  <host>...            as for ssh]]

-- Is this the time of the line that makes it too many?
local function burst(times)
  local now = timer.now()
  times[#times + 1] = now
  while times[1] < now - 60 do table.remove(times, 1) end
  return #times >= opt.burst
end

-- Beside the loop: a slow alert must not hold up the log, a failing one must not end it.
local function alert(host, line)
  task.spawn(function()
    local r = sh.try(sh.script(opt.alert, host, line))
    if not r.ok then cli.log.warn("the alert for %s failed: %s", host, r.stderr) end
  end)
end

local function follow(host)
  local on, times = sh.remote(host), {}
  local again = { times = math.huge, delay = "1s", max = "1m", reset = "1m" }
  function again.on(_, err, wait)
    cli.log.warn("%s: %s; again in %.0f s", host, err.message or err, wait)
  end

  sh.retry(again, function()
    for line in on.lines("tail -n 0 -F --", opt.file) do
      local bad = line:find(opt.match)
      print(cli.dim(host .. " | ") .. (bad and cli.red(line) or line))
      if bad and opt.alert and burst(times) then
        times = {}
        alert(host, line)
      end
    end
    error("the log stream ended", 0)
  end)
end

sh.map(opt.host, #opt.host, follow)
