-- ending.lua - how children are made to end: TERM to the tree, a grace, KILL; and at the end of the
-- run. Here is also who keeps a running child: it pins its handle and its streams until it ends.

local now = require "procrun.core.self".now
local task = require "procrun.core.task"
local vm = require "procrun.core.vm"

local ipairs, pairs = ipairs, pairs -- at the end a script may have cleared its globals

local M = {}

-- Nobody tells us of the end of a grandchild: seconds between two looks, first and at most.
local FIRST_LOOK, MOST = 0.001, 0.05
local AFTER_KILL = 1 -- seconds by which a killed process is gone, unless the kernel holds it

local living = {} -- keys: the children
local until_sweep = 32

local function has_exited(child)
  return (child._process:exited())
end

local function is_gone(child)
  return has_exited(child) and child._process:tree_alive(child._grouped) == 0
end

-- Waits until the child, and what it has started, are gone; false when the grace is over. The end
-- of the child itself is told: nothing is looked for before.
local function wait_gone(child, grace)
  local deadline, pause = now() + grace, FIRST_LOOK
  if not has_exited(child) then child._list:wait(grace, "a child to end", has_exited, child) end
  while not is_gone(child) do
    local left = deadline - now()
    if left <= 0 then return false end
    child._list:wait(math.min(left, pause), "a child to end", is_gone, child)
    pause = math.min(pause * 2, MOST)
  end
  return true
end

local function signal_tree(child, signal)
  if child._process:tree(signal, true, child._grouped) > 0 then child.killed = true end
end

local function is_over(child)
  return child._ending == "over"
end

--- run(child): ends the tree and returns when the child was reaped
function M.run(child)
  if child._ending then
    while not is_over(child) do child._list:wait(nil, "a child to end", is_over, child) end
    return
  end
  child._ending, child._forced = "under way", true
  signal_tree(child, child._kill_signal)
  if not wait_gone(child, child._kill_after) then
    signal_tree(child, "SIGKILL")
    wait_gone(child, AFTER_KILL)
  end
  if not has_exited(child) then child._list:wait(nil, "a child to end", has_exited, child) end
  child._ending = "over"
  child._list:wake_all()
end

--- has_left(child) -> has one that has ended, and for which nobody has waited, left somebody in its
--- own group?
function M.has_left(child)
  if child._result or child._waited or not child._grouped then return false end
  return child._process:tree_alive(true) > 0
end

--- start(child): the same, by a task of its own
function M.start(child)
  child._forced = true
  child._list:wake_all()
  if child._ending then return end
  local t = task.spawn(task.shield, M.run, child)
  t.name = ("end of child %d"):format(child.pid)
end

--- limit(child, seconds, look): ends the tree when that time is over and look(child) is still false
function M.limit(child, seconds, look)
  task.spawn_daemon(("timeout of child %d"):format(child.pid), function()
    local _, _, code = child._list:wait(seconds, "a child to end", look, child)
    if code ~= "ETIMEDOUT" or look(child) then return end
    child._timed_out = true
    M.start(child)
  end)
end

-- Those that have ended need no keeping; looked for after as many starts as there were children
-- the last time.
local function sweep()
  local left = 0
  for child in pairs(living) do
    if has_exited(child) then living[child] = nil else left = left + 1 end
  end
  until_sweep = left + 32
end

--- note(child): it is kept until it ends, and ended with this process when that dies of a signal,
--- or always with autokill
function M.note(child)
  living[child] = true
  until_sweep = until_sweep - 1
  if until_sweep == 0 then sweep() end
end

--- at_end(): what is left to do when the last children have ended; see shown.lua
function M.at_end() end

--- forget(child): undoes note
function M.forget(child)
  living[child] = nil
end

-- The end of the run. Detached children live on; others die if we die of a signal, or if they have
-- autokill.
vm.hooks.end_children = function(_, signal)
  local tasks = {}
  for child in pairs(living) do
    if not has_exited(child) and not child._detached and (signal or child._autokill) then
      tasks[#tasks + 1] = task.spawn(M.run, child)
    end
  end
  for _, t in ipairs(tasks) do t:wait() end
  M.at_end()
end

return M
