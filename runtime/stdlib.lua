-- stdlib.lua - os.execute and io.popen as tasks wait for them; loaded when one of them is first
-- called (file_child.c), whose functions these are the inner half of.

local hooks = require "procrun.core.vm".hooks
local pairs = pairs -- at the end a script may have cleared its globals

local INHERIT <const> = {[0] = 0, 1, 2}
local READ <const> = {[0] = 0, "pipe", 2}
local WRITE <const> = {[0] = "pipe", 1, 2}

local pipes = {} -- keys: the children of io.popen whose files are open

-- Without a group of its own: it may use the terminal as we may.
local function start(name, command, entries)
  local spawn = require "procrun.proc.spawn"
  local options = {argv0 = "sh", group = false}
  return spawn.start(name, "/bin/sh", {"-c", command}, options, entries)
end

-- "`make -j4`", as reports show it
local function name_of(command)
  local line = command:match("^%s*([^\n]*)")
  if #line > 60 or #line + 1 < #command then line = line:sub(1, 57) .. "..." end
  return ("`%s`"):format(line)
end

local function has_exited(child)
  return (child._process:exited())
end

local function wait(child, name)
  if has_exited(child) then return end
  child._list:wait(nil, "the end of " .. name, has_exited, child)
end

-- As Lua's own functions tell it.
local function status(child)
  local _, code, signal = child._process:exited()
  if code then return code == 0 or nil, "exit", code end
  local _, number = require "procrun.core.process".signal(signal)
  return nil, "signal", number
end

-- While it runs, Ctrl-C is the command's affair; only if it has died of that we end, too.
function hooks.execute(command)
  local hold <close> = require "procrun.core.signal".hold()
  local child, _, code = start("os.execute", command, INHERIT)
  if not child then return nil, code end
  local _ <close> = child -- a cancel ends it, with all that it has started
  wait(child, name_of(command))
  local ok, how, number = status(child)
  if how == "signal" then hold:struck(number) end
  return ok, how, number
end

-- While the file is open nobody waits for the child's end, so it keeps nothing alive.
function hooks.popen(command, reads)
  local child, _, code = start("io.popen", command, reads and READ or WRITE)
  if not child then return nil, code end
  pipes[child] = name_of(command)
  child._process:ref(false)
  return child._streams[reads and 1 or 0], child, pipes[child]
end

function hooks.popen_drop(child)
  pipes[child] = nil
  child._process:ref(true)
end

function hooks.popen_close(child, can_wait, unwound)
  local name = pipes[child]
  hooks.popen_drop(child)
  if unwound and can_wait then
    local _ <close> = child -- as os.execute's
  else
    if not can_wait then child._process:block() end
    wait(child, name)
  end
  return status(child)
end

-- Nothing is left to do. Lua would now close what is still open, one after the other, and wait.
function hooks.close_pipes()
  for child, name in pairs(pipes) do
    for _, s in pairs(child._streams) do
      if s:mode() then s:close() else s:finish() end
    end
    hooks.popen_drop(child)
    wait(child, name)
  end
end
