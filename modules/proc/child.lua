-- child.lua - a child process: its streams, its end, its signals; what proc.spawn and fork return.

local channel = require "procrun.channel"
local core = require "procrun.core.process"
local ending = require "procrun.proc.ending"
local make_index = require "procrun.events.index"
local options = require "procrun.proc.options"
local outcome = require "procrun.proc.outcome"
local stream = require "procrun.stream"

local KILL_AFTER <const> = 5

local methods = {}
local properties = {}

local Child = {
  __name = "procrun.child",
  __index = make_index(methods, properties),
  __tostring = function(self)
    return ("child %d (%s)"):format(self.pid, self.spawnfile)
  end,
}

-- Also for what has methods beside those of a child.
local function check_self(self, name)
  if type(self) ~= "table" or not rawget(self, "_process") then
    error(("call it with a colon: child:%s(...)"):format(name), 3)
  end
  return self
end

function properties.id(self)
  return self.pid
end

function properties.connected(self)
  return self._link and self._link:connected()
end

function properties.channel(self)
  return self._link and self._link:handle() or nil
end

properties.result = outcome.peek

-- What is nowhere: Node's names raise. Our own that are absent are found at once from then on.
setmetatable(properties, { __index = function(_, key)
  if type(key) == "string" and key:find("^_") then
    properties[key] = false
  else
    require "procrun.events.camel".check("child", key, methods, properties)
  end
end })

-- Options with a default.

function properties._kill_signal(self)
  return self._options.kill_signal or "SIGTERM"
end

function properties._kill_after(self)
  return self._options.kill_after or KILL_AFTER
end

function properties._detached(self)
  return self._options.detached
end

function properties._autokill(self)
  return self._options.autokill
end

function properties.killed()
  return false
end

-- Streams ----------------------------------------------------------------------------------------

local function is_hidden(self, fd)
  local o = self._options
  if fd == 0 then return o.input end
  local capture = o.capture
  return fd <= 2 and (capture == true or capture and capture[fd])
end

-- Made when a script first asks for one: many children's are never looked at.
function properties.stdio(self)
  if self._public then return self._public end
  local public, max_line = {}, self._options.max_line
  for fd, s in pairs(self._streams) do
    if not is_hidden(self, fd) then
      local one = stream.wrap(s)
      one._child = self
      if max_line then one.max_line = max_line end
      if fd > 0 then one._list = self._list end
      one._flowing = self._captured[fd] and outcome.CLAIMED or nil
      public[fd] = one
    end
  end
  self._public = public
  return public
end

function properties.stdin(self)
  return self.stdio[0]
end

function properties.stdout(self)
  return self.stdio[1]
end

function properties.stderr(self)
  return self.stdio[2]
end

-- Ends -------------------------------------------------------------------------------------------

--- wait([timeout]) -> result | nil, "timeout", "ETIMEDOUT"
function methods:wait(timeout)
  check_self(self, "wait")
  return outcome.wait(self, options.timeout("wait", timeout))
end

--- exit_code() -> code | nil, "active" | nil, "killed", number, name, core | nil, "forgotten"
function methods:exit_code()
  check_self(self, "exit_code")
  local ended, code, signal, core_dumped = self._process:exited(true)
  if not ended then return nil, self._forgotten and "forgotten" or "active" end
  if code then return code end
  local _, number = core.signal(signal)
  return nil, "killed", number, signal, core_dumped
end

--- status() -> "active" | "finished" | "killed" | "forgotten"
function methods:status()
  check_self(self, "status")
  local ended, code = self._process:exited(true)
  if ended then return code and "finished" or "killed" end
  return self._forgotten and "forgotten" or "active"
end

--- usage() -> {cpu, cpu_user, cpu_system (s), rss, peak_rss (bytes), threads, state, children, …}
function methods:usage()
  check_self(self, "usage")
  return require "procrun.proc.monitor".usage(self)
end

-- luapower's reading and writing -----------------------------------------------------------------

local function luapower_io()
  return require "procrun.proc.luapower_io"
end

--- read_stdout([what], [expires]) -> string | nil, message, code; what: "*a", "*l", a size at most
function methods:read_stdout(...)
  return luapower_io().read(check_self(self, "read_stdout"), 1, "read_stdout", ...)
end

--- read_stderr([what], [expires]): the same
function methods:read_stderr(...)
  return luapower_io().read(check_self(self, "read_stderr"), 2, "read_stderr", ...)
end

--- write_stdin([bytes], [length], [expires]) -> true | nil, message, code; without bytes: closes it
function methods:write_stdin(...)
  return luapower_io().write(check_self(self, "write_stdin"), "write_stdin", ...)
end

-- Signals ----------------------------------------------------------------------------------------

--- kill([signal]) -> true | nil, message, code ("ESRCH" when it has ended)
function methods:kill(signal)
  check_self(self, "kill")
  local _, number = options.signal("kill", signal or "SIGTERM")
  if self._process:exited() then
    return nil, ("kill: child %d has already ended"):format(self.pid), "ESRCH"
  end
  local ok, message, code = self._process:kill(number)
  if not ok then return nil, message, code end
  if number ~= 0 then self.killed = true end
  return true
end

--- kill_tree([signal]) -> true | nil, message, "ESRCH": the child and all that it has started
function methods:kill_tree(signal)
  check_self(self, "kill_tree")
  local _, number = options.signal("kill_tree", signal or "SIGTERM")
  if self._process:tree(number, true, self._grouped) == 0 then
    return nil, ("kill_tree: child %d and what it started have ended"):format(self.pid), "ESRCH"
  end
  if number ~= 0 then self.killed = true end
  return true
end

--- limit(limits) -> true | nil, message, code: as the option, for this child from now on
function methods:limit(limits)
  check_self(self, "limit")
  return require "procrun.proc.limits".change(self, limits)
end

-- Keeping alive ----------------------------------------------------------------------------------

--- ref() -> child: while it runs it keeps this process alive
function methods:ref()
  check_self(self, "ref")._unref = nil
  self._loose = self._forgotten or false
  outcome.update_ref(self)
  return self
end

--- unref() -> child: it does not keep this process alive
function methods:unref()
  check_self(self, "unref")._unref = true
  self._loose = true
  outcome.update_ref(self)
  return self
end

-- Told by a stream of this child that was closed, ref'd or unref'd.
function methods:_outputs_changed()
  if self._loose then outcome.update_ref(self) end
end

local function close_ends(self)
  for _, s in pairs(self._streams) do s:close() end
end

--- forget(): lets the child go on by itself; it is still reaped, and no longer ended by <close>
function methods:forget()
  check_self(self, "forget")._forgotten = true
  self._process:spare()
  self._loose = true
  outcome.update_ref(self)
  ending.forget(self)
  if self._link then self._link:unref() end
  close_ends(self)
end

-- Leaving the block of a <close> variable: the tree ends (TERM, grace, KILL) and is reaped.
Child.__close = function(self)
  if self._loose and (self._forgotten or self._detached) then return end
  if self._ending or not self._process:exited() or ending.has_left(self) then ending.run(self) end
  ending.forget(self)
  if self._shows then require "procrun.proc.shown".settle(self) end
  if self._link then self._link:drop() end
  close_ends(self)
end

for name, method in pairs(channel._methods) do methods[name] = method end

require "procrun.proc.dispatch".extend(methods)

local function new(fields)
  return setmetatable(fields, Child)
end

return { new = new, methods = methods, class = Child, check_self = check_self,
  close_ends = close_ends }
