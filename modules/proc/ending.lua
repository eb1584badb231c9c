-- ending.lua - how children are made to end: TERM to the tree, a grace, KILL; and at the end of the run.

local task = require "procrun.core.task"
local vm = require "procrun.core.vm"

local M = {}

local POLL = 0.02 -- seconds between two looks at grandchildren, whose end nobody tells us

local living = setmetatable({}, {__mode = "k"}) -- children that the end of this process concerns

local function has_exited(child)
  return (child._process:exited())
end

-- Waits until the child, and what it has started, are gone; false when the grace is over.
local function wait_gone(child, grace)
  local deadline = child._now() + grace
  while true do
    local left = deadline - child._now()
    if left <= 0 then return false end
    if has_exited(child) and child._process:tree_alive() == 0 then return true end
    child._list:wait(math.min(left, POLL), "a child to end", function()
      return has_exited(child) and child._process:tree_alive() == 0
    end)
  end
end

--- run(child): ends the tree and returns when the child was reaped
function M.run(child)
  if child._ending then
    child._list:wait(nil, "a child to end", has_exited, child)
    return
  end
  child._ending, child._forced = true, true
  child._process:tree(child._kill_signal, true, child._grouped)
  if wait_gone(child, child._kill_after) then return end
  child._process:tree("SIGKILL", true, child._grouped)
  child._list:wait(nil, "a child to end", has_exited, child)
end

--- start(child): the same, by a task of its own
function M.start(child)
  child._forced = true
  if child._ending then return end
  local t = task.spawn(task.shield, M.run, child)
  t.name = ("end of child %d"):format(child.pid)
end

--- limit(child, seconds): ends the tree when that time is over
function M.limit(child, seconds)
  task.spawn_daemon(("timeout of child %d"):format(child.pid), function()
    local _, _, code = child._list:wait(seconds, "a child to end", has_exited, child)
    if code ~= "ETIMEDOUT" then return end
    child._timed_out = true
    M.start(child)
  end)
end

--- note(child): it is ended with this process when that dies of a signal, or always with autokill
function M.note(child)
  living[child] = true
end

function M.forget(child)
  living[child] = nil
end

-- The end of the run. Detached children live on; others die if we die of a signal, or have autokill.
vm.hooks.end_children = function(_, signal)
  local tasks = {}
  for child in pairs(living) do
    if not has_exited(child) and not child._detached and (signal or child._autokill) then
      tasks[#tasks + 1] = task.spawn(M.run, child)
    end
  end
  for _, t in ipairs(tasks) do t:wait() end
end

return M
