-- exec.lua - Node's exec and execFile: output captured, handed to a callback or waited for.

local command = require "procrun.proc.command"
local misuse = require "procrun.events.misuse"
local outcome = require "procrun.proc.outcome"
local result = require "procrun.proc.result"
local spawn = require "procrun.proc.spawn"
local stdio = require "procrun.proc.stdio"
local task = require "procrun.core.task"

local M = {}

local function tell(child, callback)
  local r = outcome.wait(child)
  callback(not r.ok and r:to_error() or nil, r.stdout, r.stderr)
end

-- The callback runs in a task of its own, after everything has ended.
local function call_back(child, callback)
  task.spawn(tell, child, callback).name = "callback of child " .. child.pid
end

local function start(fname, file, args, o, callback)
  local child, message, code = spawn.start(fname, file, args, o, stdio.PIPES)
  if not callback then return child, message, code end
  if child then
    call_back(child, callback)
    return child
  end
  local argv = { file, table.unpack(args) }
  local r = result.failed(spawn.program(file, o), o.visible or argv, spawn.shown(file, args, o),
    message, code)
  task.spawn(callback, r:to_error(), "", "")
  return nil
end

-- Which of its two ancestors' exec a call means. Whatever is not clearly Node's is luapower's,
-- which uses no shell: what is ambiguous never reaches one.
local function is_node_form(n, line, second, third)
  if type(second) == "function" or type(third) == "function" then return true end
  if type(line) == "table" then return false end
  return n <= 1 or type(second) == "table" and command.has_only_names(second)
end

local function check_callback(fname, index, callback)
  if callback == nil or type(callback) == "function" then return callback end
  misuse("bad argument #%d to '%s' (function expected, got %s)", index, fname, type(callback))
end

--- exec(command, [options], [callback]) -> child | nil, message, code; through /bin/sh -c
function M.exec(...)
  local n, line, options, callback = select("#", ...), ...
  if not is_node_form(n, ...) then return require "procrun.proc.luapower".exec(...) end
  for i = 4, n do
    if select(i, ...) ~= nil then
      misuse("exec: argument %d: behind a table of options or a callback there is none", i)
    end
  end
  if type(options) == "function" then
    options, callback = nil, options
  else
    check_callback("exec", 3, callback)
  end
  if type(line) ~= "string" or line == "" then
    misuse("bad argument #1 to 'exec' (command string expected, got %s)",
      line == "" and "''" or type(line))
  end
  if options ~= nil and not (type(options) == "table" and #options == 0) then
    misuse("bad argument #2 to 'exec' (table of options expected, got %s)", type(options) == "table"
      and "a list; arguments are for exec_file" or type(options))
  end
  local defaults = { shell = true, capture = callback and true }
  local file, args, o = command.parse("exec", line, nil, options, defaults)
  o.shell = o.shell or true
  return start("exec", file, args, o, callback)
end

--- exec_file(file, [args], [options], [callback]) -> child | nil, message, code
function M.exec_file(file, ...)
  local args, options, callback = ...
  if type(args) == "function" then
    args, callback = nil, args
  elseif type(options) == "function" then
    options, callback = nil, options
  else
    check_callback("exec_file", 4, callback)
  end
  local defaults = { capture = callback and true }
  local f, a, o = command.parse("exec_file", file, args, options, defaults)
  return start("exec_file", f, a, o, callback)
end

return M
