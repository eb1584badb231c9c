-- spawn.lua - starts a child: from checked options to a plan, from the plan to a child object.

local channel = require "procrun.channel"
local child_type = require "procrun.proc.child"
local command = require "procrun.proc.command"
local core = require "procrun.core.process"
local ending = require "procrun.proc.ending"
local outcome = require "procrun.proc.outcome"
local stdio = require "procrun.proc.stdio"
local task = require "procrun.core.task"

local M = {}

local MAX_BUFFER <const> = 64 * 1024 * 1024
M.MAX_BUFFER = MAX_BUFFER
local NONE <const> = {} -- the outputs captured of a child whose outputs are not

-- footer_up(fd) -> boolean, if set: do we draw at the bottom of the terminal fd? What children
-- would write to it then comes through here, by line.
M.footer_up = nil

local core_channel -- loaded with the first channel
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

local function shell_of(o)
  return o.shell == true and "/bin/sh" or o.shell
end

--- program(file, options) -> what is started, as results name it: the file, or the shell
function M.program(file, o)
  return o.visible and o.visible[1] or shell_of(o) or file
end

-- /bin/sh -c "file args": the file is the shell's command, the arguments are quoted for it.
local function with_shell(o, file, args)
  local shell, line = shell_of(o), file
  for _, arg in ipairs(args) do line = line .. " " .. command.quote(arg) end
  return shell, { "-c", line }
end

-- The table for the next plan. A start takes it and gives it back at its end: a finalizer may start
-- a child while another start is under way.
local spare

-- Users and groups by name: who cannot be found is a failure as any other of the start.
local function find_ids(fname, file, o)
  local self = require "procrun.core.self"
  for name, find in pairs { uid = self.user_id, gid = self.group_id } do
    if type(o[name]) == "string" then
      local id = find(o[name])
      if not id then
        local message, shown = "%s %s: %s: there is no '%s'", M.program(file, o)
        return nil, message:format(fname, shown, name, o[name]), "ENOENT"
      end
      o[name] = id
    end
  end
  return true
end

-- Programs believe PWD, as a shell sets it: who inherits it gets the one that is right in `cwd`.
local function pwd_of(o)
  if o.env or o.extend_env and o.extend_env.PWD ~= nil then return nil end
  local dir = require "procrun.path".absolute(o.cwd)
  return dir and "PWD=" .. dir
end

local function fill_plan(fname, file, args, o, default, wants_channel)
  local entries, last, slot, given = stdio.plan(fname, o, default, wants_channel) -- may wait
  if o.label or o.output or M.footer_up then
    entries = require "procrun.proc.shown".take_over(entries, o, M.footer_up)
  end
  local env, extra = command.environment(fname, o), nil
  if slot then
    extra = { "NODE_CHANNEL_FD=" .. slot, "NODE_CHANNEL_SERIALIZATION_MODE=json" }
    if env then table.move(extra, 1, #extra, #env + 1, env) end
  end
  local argv = { o.argv0 or file }
  for i = 1, #args do argv[i + 1] = args[i] end
  local plan = spare or {}
  spare = nil
  plan.file, plan.argv = file, argv
  plan.env, plan.extra, plan.cwd = env, extra, o.cwd ~= "" and o.cwd or nil
  plan.pwd = plan.cwd and pwd_of(o) or nil
  plan.stdio, plan.count = entries, last + 1
  plan.session, plan.group, plan.umask = o.detached, wants_group(o), o.umask
  plan.uid, plan.gid, plan.limits = o.uid, o.gid, o.limits
  plan.visible = o.visible
  plan.death_signal = not o.detached and o.autokill or nil
  if plan.death_signal == "tree" then require "procrun.proc.limits".guard(plan) end
  return plan, given
end

-- A script that is there, but whose #! line names nobody: that program | nil
local function missing_interpreter(plan)
  local path = plan.file
  if path:find("/", 1, true) then
    if plan.cwd and path:sub(1, 1) ~= "/" then path = plan.cwd .. "/" .. path end
  else
    path = require "procrun.proc".which(path)
  end
  if not path or not core.is_executable(path) then return nil end
  local file <close> = io.open(path, "rb")
  local name = file and (file:read(256) or ""):match("^#![ \t]*([^ \t\n]+)")
  return name and not core.is_executable(name) and name:gsub("%c", "?") or nil
end

-- "spawn ls: cwd /nope: no such file or directory"
local function failure_text(fname, plan, message, code, step)
  local file = plan.visible and plan.visible[1] or plan.file
  if step == "exec" and code == "ENOENT" and file:find("%s") then
    local instead = fname == "exec" and "pass its arguments as a list" or "pass args, or use exec"
    return ("%s: `%s` is not a program; %s"):format(fname, file, instead)
  elseif step == "exec" and code == "ENOENT" then
    local name = missing_interpreter(plan)
    if name then message = ("its interpreter %s: %s"):format(name, message) end
  elseif step == "exec" and code == "ENOEXEC" then
    message = message .. " (neither a program nor a script with #!)"
  end
  local where = step == "cwd" and ("cwd %s: "):format(plan.cwd) or step .. ": "
  return ("%s %s: %s%s"):format(fname, file, step == "exec" and "" or where, message)
end

-- What the options say about the streams is done at once; scripts see the rest (child.lua).
local function adopt_streams(child, streams, o)
  if o.input then
    streams[0]:post(o.input)
    streams[0]:finish()
    o.input = true
  end
  local capture = o.capture
  if not capture then return end
  child._captured = {}
  child._claimed = child._last == 2 and capture == true -- nothing is left to be claimed
  for fd = 1, 2 do
    local s, mode = streams[fd], capture == true or capture[fd]
    if s and mode == true then
      child._captured[fd] = s
      s:capture(child._max_buffer + 1)
    elseif s and mode then
      require "procrun.proc.shown".adopt(child, fd, mode)
    end
  end
end

local function adopt_channel(child, o, streams, fd)
  if not fd and o.channel ~= "stdio" then return end
  core_channel = core_channel or require "procrun.core.channel"
  local c
  if fd then
    c = assert(core_channel.open(fd, fd, child._list, o.max_message))
  else
    c = assert(core_channel.open_streams(streams[1], streams[0], child._list, o.max_message))
    streams[0], streams[1] = nil, nil
  end
  local name = "the channel to child " .. child.pid
  child._link = channel._link(child, c, child._list, name, true)
end

-- What the child owns apart from the options' own names begins with an underscore. What is looked
-- at for every child stands here even where it is false: a look that finds nothing costs more.
local function new_child(plan, process, streams, list, o, line)
  return child_type.new {
    pid = process:pid(), spawnfile = plan.file, spawnargs = plan.argv, _line = line,
    _process = process, _streams = streams, _last = plan.count - 1, _list = list, _options = o,
    _max_buffer = o.max_buffer or MAX_BUFFER, _grouped = plan.group or o.detached or false,
    _captured = NONE, _public = false, _link = false, _told = false, _waiting = 0, _loose = false,
    _claimed = false, _pulled = false, _overflow = false, _forced = false, _ending = false,
    _early = false, _result = false, _shows = false,
  }
end

--- shown(file, args, options) -> the command as a message shows it
function M.shown(file, args, o)
  local visible = o.visible
  if visible then return command.show(visible[1], visible, 2) end
  if o.shell and #args == 0 then return file end
  return command.show(file, args)
end

--- start(fname, file, args, options, default stdio, wants_channel) -> child | nil, message, code,
--- step: what has failed
function M.start(fname, file, args, o, default, wants_channel)
  local line
  if o.shell or o.visible then line = M.shown(file, args, o) end
  if o.shell then file, args = with_shell(o, file, args) end
  if o.uid or o.gid then
    local ok, message, code = find_ids(fname, file, o)
    if not ok then return nil, message, code, "ids" end
  end
  local capture = o.capture
  if capture and (capture ~= true or default == stdio.INHERIT) then
    default = stdio.capturing(default, capture)
  end
  local plan, given = fill_plan(fname, file, args, o, default, wants_channel)
  local list = task.list()
  local process, streams, fd, step = core.start(plan, list)
  if not process then return nil, failure_text(fname, plan, streams, fd, step), fd, step end
  local child = new_child(plan, process, streams, list, o, line)
  spare = plan
  ending.note(child)
  if given and given[1] then require "procrun.proc.descriptor".hand_over(given, o.keep_open) end
  if fd or o.channel then adopt_channel(child, o, streams, fd) end
  if o.input or o.capture then adopt_streams(child, streams, o) end
  if o.timeout and o.timeout > 0 then ending.limit(child, o.timeout, outcome.is_over) end
  return child
end

return M
