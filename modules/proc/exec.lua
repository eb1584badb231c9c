-- exec.lua - Node's exec and execFile: output captured, handed to a callback or waited for.

local command = require "procrun.proc.command"
local new_error = require "procrun.events.error".new
local spawn = require "procrun.proc.spawn"
local task = require "procrun.core.task"

local M = {}

local PIPES = {[0] = "pipe", "pipe", "pipe"}

-- The callback runs in a task of its own, after everything has ended.
local function call_back(child, callback)
  local t = task.spawn(function()
    local r = child:wait()
    callback(not r.ok and r:to_error() or nil, r.stdout, r.stderr)
  end)
  t.name = ("callback of child %d"):format(child.pid)
end

local function start(fname, file, args, options, callback)
  if callback then options.capture = options.capture or true end
  local child, message, code = spawn.start(fname, file, args, options, PIPES)
  if child then
    if callback then call_back(child, callback) end
    return child
  end
  if not callback then return nil, message, code end
  task.spawn(callback, new_error {message = message, code = code, path = file}, "", "")
  return nil
end

--- exec(command, [options], [callback]) -> child | nil, message, code; through /bin/sh -c
function M.exec(line, options, callback)
  if type(options) == "function" then options, callback = nil, options end
  if type(line) ~= "string" then
    error(("bad argument #1 to 'exec' (command string expected, got %s)"):format(type(line)), 2)
  end
  if options ~= nil and not (type(options) == "table" and command.has_only_names(options)) then
    error("bad argument #2 to 'exec' (options expected: a table with names only; to pass arguments "
      .. "without a shell, use exec_file)", 2)
  end
  if callback ~= nil and type(callback) ~= "function" then
    error(("bad argument #3 to 'exec' (function expected, got %s)"):format(type(callback)), 2)
  end
  local file, args, o = command.parse("exec", line, nil, options)
  if o.shell == nil then o.shell = true end
  return start("exec", file, args, o, callback)
end

--- exec_file(file, [args], [options], [callback]) -> child | nil, message, code
function M.exec_file(file, ...)
  local given, callback = table.pack(...), nil
  for i = 1, given.n do
    if type(given[i]) == "function" then
      callback, given[i] = given[i], nil
      break
    end
  end
  local f, a, o = command.parse("exec_file", file, given[1], given[2])
  return start("exec_file", f, a, o, callback)
end

return M
