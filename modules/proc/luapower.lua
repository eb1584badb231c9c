-- luapower.lua - luapower's exec, exec_luafile and popen_async: no shell, streams inherited; and
-- the objects that they return. proc.exec("ls", {"-l"}); proc.exec {cmd = "ls", args = {"-l"}}

local child_type = require "procrun.proc.child"
local command = require "procrun.proc.command"
local io_of = require "procrun.proc.luapower_io"
local misuse = require "procrun.events.misuse"
local options_of = require "procrun.proc.options"
local outcome = require "procrun.proc.outcome"
local spawn = require "procrun.proc.spawn"
local stdio = require "procrun.proc.stdio"
local vm = require "procrun.core.vm"

local M = {}

-- Objects -----------------------------------------------------------------------------------------

local methods = {}
local inherited = child_type.methods

local STREAM_OF <const> = { write_stdin = 0, read_stdout = 1, read_stderr = 2 }

-- A child whose kill, wait and forget are luapower's, and which has methods for its pipes only.
local Process = {
  __name = child_type.class.__name,
  __tostring = child_type.class.__tostring,
  __close = child_type.class.__close,
  __index = function(self, key)
    local own = methods[key]
    if own then return own end
    local fd = STREAM_OF[key]
    if fd and not self._streams[fd] then return nil end
    return child_type.class.__index(self, key)
  end,
}

local function has_ended(self)
  return self._forgotten or (self._process:exited())
end

--- kill([signal]) -> true | nil, message, code: SIGKILL unless another is named
function methods:kill(signal)
  child_type.check_self(self, "kill")
  if has_ended(self) then return nil, "invalid pid", "ESRCH" end
  local ok, message, code = inherited.kill(self, signal or "SIGKILL")
  if ok and self._closes_at_kill then child_type.close_ends(self) end
  return ok, message, code
end

-- Output that nobody reads does not hold up the child meanwhile, up to max_buffer; it can be read
-- later.
local function read_ahead(self)
  for fd = 1, self._last do
    local s, public = self._streams[fd], self._public and self._public[fd]
    local taken = public and public._flowing
    if s and not taken and not s:closed() then s:capture(self._max_buffer) end
  end
end

--- wait([expires]) -> code | nil, "killed", number, name, core | nil, "active" | nil, "forgotten"
function methods:wait(expires)
  child_type.check_self(self, "wait")
  local seconds = io_of.seconds_left("wait", 1, expires)
  if not has_ended(self) then
    read_ahead(self)
    outcome.wait_exit(self, seconds, has_ended)
  end
  self._waited = has_ended(self)
  return self:exit_code()
end

--- forget(): closes the pipes; the child goes on by itself, and is reaped
function methods:forget()
  inherited.forget(child_type.check_self(self, "forget"))
  self._list:wake_all()
end

-- Calls ------------------------------------------------------------------------------------------

local function fail(fname, format, ...)
  misuse("%s: %s", fname, format:format(...))
end

-- The places of a call by their names: where the command is a string, and, as later manuals have
-- it, where it is a list that holds the arguments.
local PLACES <const> = { "args", "env", "dir", "stdin", "stdout", "stderr", "autokill",
  "inherit_all_handles" }
local LIST_PLACES <const> = { "env", "dir", "stdin", "stdout", "stderr", "autokill", "async",
  "inherit_all_handles" }
local POPEN_PLACES <const> = { stdin = "open_stdin", stdout = "open_stdout",
  stderr = "open_stderr" }

-- Where a list of arguments stands second, or a table third, the places are those of a string.
local function places_of(cmd, second, third)
  if type(cmd) ~= "table" then return PLACES end
  local args = type(second) == "table" and #second > 0
  return (args or type(third) == "table") and PLACES or LIST_PLACES
end

local function from_places(fname, field, popen, ...)
  local cmd, second, third = ...
  local places, said = places_of(cmd, second, third), { [field] = cmd }
  for i = 2, select("#", ...) do
    local value, name = select(i, ...), places[i - 1]
    if value ~= nil and not name then fail(fname, "more than %d arguments", #places + 1) end
    if name then said[popen and POPEN_PLACES[name] or name] = value end
  end
  return said
end

local SPELLINGS <const> = { command = "cmd", cwd = "dir", cur_dir = "dir",
  inherit_handles = "inherit_all_handles" }

-- A table of names; a list in it is the command.
local function from_table(fname, field, t)
  local said, list = {}, nil
  for key, value in pairs(t) do
    local name = SPELLINGS[key] or key
    if math.type(name) == "integer" then
      list = list or {}
      list[name] = value
    elseif said[name] ~= nil then
      fail(fname, "'%s' is said twice, once by another name", name)
    else
      said[name] = value
    end
  end
  if list and said[field] ~= nil then fail(fname, "a list and '%s': one of them", field) end
  said[field] = said[field] or list
  return said
end

local function read_call(fname, field, popen, ...)
  local first = ...
  if select("#", ...) > 1 or type(first) ~= "table" then
    return from_places(fname, field, popen, ...)
  end
  return from_table(fname, field, first)
end

local function check_boolean(fname, name, value)
  if value == nil or type(value) == "boolean" then return value end
  fail(fname, "%s: boolean expected, got %s", name, type(value))
end

-- true opens a pipe, as in later manuals; open_stdin and its kin are the same for popen_async.
local function take_streams(fname, popen, said)
  for _, name in ipairs { "stdin", "stdout", "stderr" } do
    local open = "open_" .. name
    if popen and said[open] ~= nil then
      local wanted = check_boolean(fname, open, said[open])
      if said[name] and wanted then fail(fname, "'%s' and '%s': one of them", open, name) end
      said[name], said[open] = said[name] or wanted, nil
    end
    if said[name] == true then said[name] = "pipe" end
  end
end

-- Values of any type may stand in env: they are what tostring makes of them.
local function take_env(said)
  local env = said.env
  if type(env) ~= "table" then return end
  local copy = {}
  for name, value in pairs(env) do
    copy[name] = type(value) == "boolean" and tostring(value) or value
  end
  said.env = copy
end

-- What is absent may be false, too: `x and {…}`.
local ABSENT <const> = { "args", "env", "dir", "stdin", "stdout", "stderr" }

-- What may be said beside the options.
local NAMES <const> = { cmd = true, args = true, dir = true, async = true,
  inherit_all_handles = true }
local POPEN_NAMES <const> = { open_stdin = true, open_stdout = true, open_stderr = true }
for name in pairs(NAMES) do POPEN_NAMES[name] = true end

-- cmd, args and options as command.parse takes them.
local function take_options(fname, popen, said)
  options_of.check_names(fname, said, popen and POPEN_NAMES or NAMES)
  if said.cmd == nil then
    fail(fname, "the command is missing: a program, or a list of it and its arguments, first or as "
      .. "'cmd'")
  end
  for _, name in ipairs(ABSENT) do said[name] = said[name] or nil end
  if type(said.args) == "table" and command.has_only_names(said.args) then
    fail(fname, "args: '%s' is no index; options by name are one table with the command in it",
      next(said.args))
  end
  take_streams(fname, popen, said)
  take_env(said)
  check_boolean(fname, "async", said.async) -- everything is
  check_boolean(fname, "inherit_all_handles", said.inherit_all_handles) -- none is, ever
  said.cwd, said.dir, said.async, said.inherit_all_handles = said.dir, nil, nil, nil
  local cmd, args = said.cmd, said.args
  said.cmd, said.args = nil, nil
  return cmd, args, said
end

-- A program named by a path is looked for from here, not from its own directory.
local function from_here(file, o)
  if not o.cwd or o.cwd == "" or not file:find("/", 1, true) then return file end
  return require "procrun.path".absolute(file)
end

local function to_process(child, popen)
  setmetatable(child, Process)
  child._closes_at_kill = popen
  if child._autokill then -- what dies with us does not keep us
    for _, s in pairs(child.stdio) do s:unref() end
    child:unref()
  end
  return child
end

-- In a bundle the script may be one of its files.
local function adapt(program, list, o)
  local bundled, launcher = vm.bundle.adapt(list[1], o, { program })
  list[1] = bundled or list[1]
  return launcher[1]
end

local function start(fname, popen, said)
  local cmd, args, options = take_options(fname, popen, said)
  local file, list, o = command.parse(fname, cmd, args, options)
  if fname == "exec_luafile" and vm.bundle then file = adapt(file, list, o) end
  local child, message, code = spawn.start(fname, from_here(file, o), list, o, stdio.INHERIT)
  if not child then return nil, message, code, io_of.WORDS[code] end
  return to_process(child, popen)
end

--- exec(cmd, [args], [env], [cur_dir], [stdin], [stdout], [stderr], [autokill],
--- [inherit_all_handles]) or exec {cmd = …} -> process | nil, message, code, word
function M.exec(...)
  return start("exec", false, read_call("exec", "cmd", false, ...))
end

--- popen_async(cmd, [args], [env], [cur_dir], [open_stdin], [open_stdout], [open_stderr],
--- [autokill]) or popen_async {cmd = …} -> process | nil, message, code, word
function M.popen_async(...)
  return start("popen_async", true, read_call("popen_async", "cmd", true, ...))
end

-- The script, and arguments behind it if it is a list, behind our own path.
local function luafile_command(script)
  if type(script) ~= "table" then script = { script } end
  if type(script[1]) ~= "string" or script[1] == "" then
    fail("exec_luafile", "the script must be a non-empty string, got %s",
      script[1] == "" and "''" or type(script[1]))
  end
  local cmd = { vm.bundle and vm.bundle.path or (require "procrun.core.self".exec_path()) }
  for key, value in pairs(script) do
    cmd[math.type(key) == "integer" and key + 1 or key] = value
  end
  if script[1] == "bundle" or script[1]:sub(1, 1) == "-" then -- a file, nothing else
    cmd[2] = "./" .. script[1]
  end
  return cmd
end

--- exec_luafile(script, [args], …) or exec_luafile {script = …}: as exec, for a script that this
--- program runs
function M.exec_luafile(...)
  local said = read_call("exec_luafile", "script", false, ...)
  if said.cmd ~= nil then fail("exec_luafile", "'cmd' is for exec; the file is 'script'") end
  said.cmd, said.script = luafile_command(said.script), nil
  return start("exec_luafile", false, said)
end

return M
