-- spawn.lua - starts a child: from checked options to a plan, from the plan to a child object.

local channel = require "procrun.channel"
local child_type = require "procrun.proc.child"
local command = require "procrun.proc.command"
local core = require "procrun.core.process"
local ending = require "procrun.proc.ending"
local misuse = require "procrun.events.misuse"
local stdio = require "procrun.proc.stdio"
local stream = require "procrun.stream"
local task = require "procrun.core.task"

local M = {}

local MAX_BUFFER = 64 * 1024 * 1024
local KILL_AFTER = 5

local has_terminal -- asked once: does this process have a controlling terminal?

local function wants_group(options)
  if options.detached then return false end -- a session of its own is a group, too
  if options.group ~= nil then return options.group end
  if has_terminal == nil then has_terminal = core.has_terminal() end
  return not has_terminal
end

-- With a shell: /bin/sh -c "file", the arguments quoted, as "$@" of the command.
local function with_shell(options, file, args)
  local shell = options.shell == true and "/bin/sh" or options.shell
  local words = {file}
  for i, arg in ipairs(args) do words[i + 1] = command.quote(arg) end
  return shell, {"-c", table.concat(words, " ")}
end

local function death_signal(fname, options)
  local autokill = options.autokill
  if not autokill or options.detached then return nil end
  if autokill == true then return 9 end
  if type(autokill) ~= "string" then
    misuse("%s: option 'autokill': boolean or signal name expected, got %s", fname, type(autokill))
  end
  return select(2, core.signal(autokill))
end

local function check_values(fname, o)
  if o.serialization ~= nil and o.serialization ~= "json" then
    misuse("%s: option 'serialization': only 'json' is there, got %s", fname, tostring(o.serialization))
  end
  if o.capture ~= nil and type(o.capture) ~= "boolean" and o.capture ~= "tee" then
    misuse("%s: option 'capture': true, false or 'tee' expected, got %s", fname, tostring(o.capture))
  end
  if o.shell ~= nil and type(o.shell) ~= "boolean" and type(o.shell) ~= "string" then
    misuse("%s: option 'shell': boolean or path expected, got %s", fname, type(o.shell))
  end
  if o.kill_signal ~= nil then core.signal(o.kill_signal) end
end

local function make_plan(fname, file, args, o, default, wants_channel)
  local entries, count, slot, given = stdio.plan(fname, o, default, wants_channel)
  local plan = {
    file = file, argv = {o.argv0 or file}, env = command.environment(fname, o), extra = {},
    cwd = o.cwd ~= "" and o.cwd or nil, stdio = entries, count = count, session = o.detached,
    group = wants_group(o), uid = o.uid, gid = o.gid, death_signal = death_signal(fname, o), umask = o.umask,
  }
  table.move(args, 1, #args, 2, plan.argv)
  if slot then
    local variables = plan.env or plan.extra
    variables[#variables + 1] = "NODE_CHANNEL_FD=" .. slot
    variables[#variables + 1] = "NODE_CHANNEL_SERIALIZATION_MODE=json"
  end
  return plan, slot, given
end

-- "spawn ls: cwd /nope: no such file or directory"
local function failure(fname, plan, message, code, step)
  local what = step == "exec" and "" or step == "cwd" and ("cwd %s: "):format(plan.cwd) or step .. ": "
  local text = ("%s %s: %s%s"):format(fname, plan.file, what, message)
  if step == "exec" and code == "ENOENT" and plan.file:find("%s") then
    text = ("%s: `%s` is not a program; pass args, or use exec"):format(fname, plan.file)
  elseif code == "ENOEXEC" then
    text = text .. " (no program, and no script with #! either)"
  end
  return nil, text, code
end

-- Copies what a captured stream holds to where we write ourselves, while it comes.
local function tee(child, fd)
  local source, destination = child._outputs[fd], stream._standard(fd)
  local parts = {}
  child._captured[fd] = {
    state = function() return 0, child["_teed" .. fd], source.overflow end,
    take = function() return table.concat(parts) end,
    closed = function() return child["_teed" .. fd] end,
    close = function() source:close() end,
    pull = function() source:pull() end,
    capture = function() end,
  }
  task.spawn_daemon("tee", function()
    source:flow(true)
    local size = 0
    while true do
      local chunk = source:read_some()
      if not chunk then break end
      size = size + #chunk
      parts[#parts + 1] = chunk
      destination:write(chunk)
      if size > child._max_buffer and not child._overflow then
        child._overflow = true
        ending.start(child)
      end
    end
    child["_teed" .. fd] = true
    child._list:wake_all()
  end)
end

local function adopt_streams(child, streams, o)
  for fd, s in pairs(streams) do
    if fd ~= 0 then
      s:bell(child._list)
      child._outputs[fd] = s
    end
    local captured = o.capture and (fd == 1 or fd == 2)
    if captured and o.capture == "tee" then
      tee(child, fd)
    elseif captured then
      child._captured[fd] = s
      s:capture(child._max_buffer + 1)
    else
      local public = stream.wrap(s)
      public._list = child._list
      child.stdio[fd] = public
    end
  end
  child.stdin, child.stdout, child.stderr = child.stdio[0], child.stdio[1], child.stdio[2]
end

local function adopt_channel(child, o, streams, fd)
  local core_channel = require "procrun.core.channel"
  local c
  if o.channel == "stdio" then
    c = assert(core_channel.open_streams(streams[1], streams[0], child._list, o.max_message))
    streams[0], streams[1] = nil, nil
  elseif fd then
    c = assert(core_channel.open(fd, fd, child._list, o.max_message))
  else
    return
  end
  child._link = channel._link(child, c, child._list, ("the channel to child %d"):format(child.pid), true)
end

local function feed(child, input)
  local c = child.stdin._core
  c:post(input)
  c:finish()
  child.stdio[0], child.stdin = nil, nil
end

--- start(fname, file, args, options, default stdio, wants_channel) -> child | nil, message, code
function M.start(fname, file, args, o, default, wants_channel)
  check_values(fname, o)
  local shown = o.shell and file or nil
  if o.shell then file, args = with_shell(o, file, args) end
  local plan, _, given = make_plan(fname, file, args, o, default, wants_channel)
  local list = task.list()
  local process, streams, fd, step = core.start(plan, list)
  if not process then return failure(fname, plan, streams, fd, step) end
  if not o.keep_open then stdio.close_given(given) end
  local shown_argv = {file, table.unpack(args)}
  local child = child_type.new {
    pid = process:pid(), id = process:pid(), spawnfile = file, spawnargs = plan.argv, stdio = {},
    _process = process, _list = list, _outputs = {}, _captured = {},
    _max_buffer = o.max_buffer or MAX_BUFFER, _kill_signal = o.kill_signal or "SIGTERM",
    _kill_after = o.kill_after or KILL_AFTER, _grouped = plan.group or o.detached or false,
    _detached = o.detached, _autokill = plan.death_signal ~= nil,
    _command = shown or command.show(shown_argv),
  }
  adopt_channel(child, o, streams, fd)
  adopt_streams(child, streams, o)
  if o.input then feed(child, o.input) end
  if o.timeout and o.timeout > 0 then ending.limit(child, o.timeout) end
  ending.note(child)
  return child
end

return M
