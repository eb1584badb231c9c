-- spawn.lua - starts a child: from checked options to a plan, from the plan to a child object.

local capture = require "procrun.proc.capture"
local channel = require "procrun.channel"
local child_type = require "procrun.proc.child"
local command = require "procrun.proc.command"
local core = require "procrun.core.process"
local ending = require "procrun.proc.ending"
local outcome = require "procrun.proc.outcome"
local stdio = require "procrun.proc.stdio"
local stream = require "procrun.stream"
local task = require "procrun.core.task"

local M = {}

local MAX_BUFFER = 64 * 1024 * 1024
local KILL_AFTER = 5

local terminal -- asked once: does this process have a controlling terminal?

--- has_terminal() -> boolean
function M.has_terminal()
  if terminal == nil then terminal = core.has_terminal() end
  return terminal
end

-- A group of its own takes the terminal away from a child; a session is a group, too.
local function wants_group(o)
  if o.detached then return false end
  if o.group ~= nil then return o.group end
  return not M.has_terminal()
end

-- /bin/sh -c "file args": the file is the shell's command, the arguments are quoted for it.
local function with_shell(o, file, args)
  local shell = o.shell == true and "/bin/sh" or o.shell
  local words = { file }
  for i, arg in ipairs(args) do words[i + 1] = command.quote(arg) end
  return shell, { "-c", table.concat(words, " ") }
end

local HAS_DEATH_SIGNAL <const> = core.backend() ~= "uv" -- elsewhere autokill ends with our exit

local function make_plan(fname, file, args, o, default, wants_channel)
  local entries, count, slot, given = stdio.plan(fname, o, default, wants_channel)
  local plan = {
    file = file, argv = { o.argv0 or file }, env = command.environment(fname, o), extra = {},
    cwd = o.cwd ~= "" and o.cwd or nil, stdio = entries, count = count, session = o.detached,
    group = wants_group(o), uid = o.uid, gid = o.gid, umask = o.umask,
    death_signal = HAS_DEATH_SIGNAL and not o.detached and o.autokill or nil,
  }
  table.move(args, 1, #args, 2, plan.argv)
  if slot then
    local variables = plan.env or plan.extra
    variables[#variables + 1] = "NODE_CHANNEL_FD=" .. slot
    variables[#variables + 1] = "NODE_CHANNEL_SERIALIZATION_MODE=json"
  end
  return plan, given
end

-- "spawn ls: cwd /nope: no such file or directory"
local function failure_text(fname, plan, message, code, step)
  if step == "exec" and code == "ENOENT" and plan.file:find("%s") then
    return ("%s: `%s` is not a program; pass args, or use exec"):format(fname, plan.file)
  elseif step == "exec" and code == "ENOEXEC" then
    message = message .. " (neither a program nor a script with #!)"
  end
  local where = step == "cwd" and ("cwd %s: "):format(plan.cwd) or step .. ": "
  return ("%s %s: %s%s"):format(fname, plan.file, step == "exec" and "" or where, message)
end

local function adopt_stream(child, fd, s, o)
  if fd ~= 0 then
    s:bell(child._list)
    child._outputs[fd] = s
  end
  local captured = fd == 1 or fd == 2
  if captured and o.capture == "tee" then
    child._captured[fd] = capture.tee(s, child._max_buffer, fd, child._list)
  elseif captured and o.capture then
    child._captured[fd] = capture.new(s, child._max_buffer)
  elseif fd == 0 and o.input then
    child._input = s
    s:post(o.input)
    s:finish()
  else
    local public = stream.wrap(s)
    public._list = fd ~= 0 and child._list or nil
    child.stdio[fd] = public
  end
end

local function adopt_channel(child, o, streams, fd)
  if not fd and o.channel ~= "stdio" then return end
  local core_channel = require "procrun.core.channel"
  local c
  if fd then
    c = assert(core_channel.open(fd, fd, child._list, o.max_message))
  else
    c = assert(core_channel.open_streams(streams[1], streams[0], child._list, o.max_message))
    streams[0], streams[1] = nil, nil
  end
  local name = ("the channel to child %d"):format(child.pid)
  child._link = channel._link(child, c, child._list, name, true)
end

-- What the child owns apart from the options' own names begins with an underscore.
local function new_child(process, list, plan, o, shown)
  local pid = process:pid()
  return child_type.new {
    pid = pid, id = pid, spawnfile = plan.file, spawnargs = plan.argv, stdio = {}, killed = false,
    _process = process, _list = list, _outputs = {}, _captured = {}, _command = shown,
    _max_buffer = o.max_buffer or MAX_BUFFER, _kill_signal = o.kill_signal or "SIGTERM",
    _kill_after = o.kill_after or KILL_AFTER, _grouped = plan.group or o.detached or false,
    _detached = o.detached, _autokill = o.autokill,
  }
end

--- shown(file, args, options) -> the command as a message shows it
function M.shown(file, args, o)
  if o.shell and #args == 0 then return file end
  return command.show { file, table.unpack(args) }
end

--- start(fname, file, args, options, default stdio, wants_channel) -> child | nil, message, code
function M.start(fname, file, args, o, default, wants_channel)
  local shown = M.shown(file, args, o)
  if o.shell then file, args = with_shell(o, file, args) end
  local plan, given = make_plan(fname, file, args, o, default, wants_channel)
  local list = task.list()
  local process, streams, fd, step = core.start(plan, list)
  if not process then return nil, failure_text(fname, plan, streams, fd, step), fd end
  local child = new_child(process, list, plan, o, shown)
  ending.note(child)
  if not o.keep_open then stdio.close_given(given) end
  adopt_channel(child, o, streams, fd)
  for i, s in pairs(streams) do adopt_stream(child, i, s, o) end
  child.stdin, child.stdout, child.stderr = child.stdio[0], child.stdio[1], child.stdio[2]
  if o.timeout and o.timeout > 0 then ending.limit(child, o.timeout, outcome.is_over) end
  return child
end

return M
