-- terminal.lua - children that stop because they want the terminal and are not in the foreground:
-- they would never go on. While a `run` waits for one, it is looked at whenever SIGCHLD comes.
-- local _ <close> = terminal.watch(child)

local core = require "procrun.core.signal"
local ending = require "procrun.proc.ending"
local task = require "procrun.core.task"

local M = {}

local FOR_THE_TERMINAL = { SIGTTIN = true, SIGTTOU = true }

local watched, count = {}, 0 -- children
local subscription -- to SIGCHLD, while anybody is watched

local function look(child)
  local signal = child._process:stopped()
  if not FOR_THE_TERMINAL[signal] or child._forced then return end
  child._stopped = signal
  ending.start(child)
end

local function look_at_all(own)
  while own:wait() do
    for child in pairs(watched) do look(child) end
  end
end

local function unwatch(guard)
  watched[guard.child] = nil
  count = count - 1
  if count > 0 or not subscription then return end
  subscription:close()
  subscription = nil
end

--- watch(child) -> guard to be closed
function M.watch(child)
  watched[child] = true
  count = count + 1
  if not subscription then
    subscription = core.open(false, core.number("SIGCHLD"))
    if subscription then task.spawn_daemon("children that stop", look_at_all, subscription) end
  end
  look(child)
  return setmetatable({ child = child }, { __close = unwatch })
end

return M
