-- child.lua - a child process: its streams, its end, its signals. proc.spawn and proc.fork return one.

local channel = require "procrun.channel"
local core = require "procrun.core.process"
local events = require "procrun.events"
local ending = require "procrun.proc.ending"
local result = require "procrun.proc.result"
local task = require "procrun.core.task"

local methods = {}
local properties = {}

local Child = {
  __name = "procrun.child",
  __index = function(self, key)
    local method = methods[key]
    if method ~= nil then return method end
    local property = properties[key]
    if property then return property(self) end
  end,
  __tostring = function(self)
    return ("child %d (%s)"):format(self.pid, self.spawnfile)
  end,
}

local function check_self(self, name)
  if type(self) ~= "table" or getmetatable(self) ~= Child then
    error(("call it with a colon: child:%s(...)"):format(name), 3)
  end
  return self
end

function properties.connected(self)
  local link = rawget(self, "_link")
  return link ~= nil and not link.ended and link:connected()
end

function properties.channel(self)
  local link = rawget(self, "_link")
  return link and not link.ended and link or nil
end

-- Ends -------------------------------------------------------------------------------------------

local function has_exited(self)
  return (self._process:exited())
end

-- Reads in what the child had written before it ended, so that nothing of it comes after `exit`.
local function pull_all(self)
  if self._pulled then return end
  self._pulled = true
  if self._link and not self._link.ended then self._link.core:pull() end
  for _, s in pairs(self._outputs) do
    if not s:closed() then s:pull() end
  end
end

-- Outputs that wait() answers for: captured ones, and piped ones that nobody reads.
local function claim(self)
  for fd, s in pairs(self._outputs) do
    local public = self.stdio[fd]
    if not self._captured[fd] and not (public and public._used) and not s:closed() then
      self._captured[fd] = s
      s:capture(self._max_buffer + 1)
    end
  end
end

local function overflowed(self)
  for _, s in pairs(self._captured) do
    local _, _, overflow = s:state()
    if overflow then return true end
  end
  return false
end

local function all_read(self)
  for _, s in pairs(self._captured) do
    local _, at_end = s:state()
    if not at_end and not s:closed() then return false end
  end
  return true
end

local function look_for_end(self)
  if overflowed(self) and not self._overflow then
    self._overflow = true
    ending.start(self)
  end
  return has_exited(self)
end

local function output_of(self, fd)
  local s = self._captured[fd]
  return s and s:take() or nil
end

local function build_result(self)
  if self._result then return self._result end
  local _, code, signal = self._process:exited()
  local seconds, cpu_user, cpu_system, peak = self._process:times()
  local r = result.new {
    code = code, signal = signal, stdout = output_of(self, 1), stderr = output_of(self, 2),
    timed_out = self._timed_out or false, seconds = seconds, command = self._command,
    argv = self.spawnargs, pid = self.pid,
    usage = {cpu_user = cpu_user, cpu_system = cpu_system, peak_rss = peak},
  }
  r.ok = code == 0 and not r.timed_out and not self._overflow
  if self._overflow then r.errno = "ENOBUFS"
  elseif r.timed_out then r.errno = "ETIMEDOUT" end
  if not r.ok then r.error = tostring(r) end
  self._result = r
  for _, s in pairs(self._captured) do s:close() end
  return r
end

function properties.result(self)
  return self._result or (has_exited(self) and all_read(self) and build_result(self)) or nil
end

local AFTER_FORCE = 0.1 -- seconds that a forced end waits for a pipe that a grandchild may hold

--- wait([timeout]) -> result | nil, "timeout", "ETIMEDOUT"
function methods:wait(timeout)
  check_self(self, "wait")
  if self._result then return self._result end
  local deadline = timeout and self._now() + task.seconds(timeout)
  claim(self)
  local function left() return deadline and math.max(0, deadline - self._now()) end
  local _, message, code = self._list:wait(left(), "a child to end", look_for_end, self)
  if code then return nil, message, code end
  pull_all(self)
  local forced = self._forced or self.killed
  _, message, code = self._list:wait(forced and AFTER_FORCE or left(), "the output of a child", all_read, self)
  if code and not forced then return nil, message, code end
  return build_result(self)
end

--- exit_code() -> code | nil, "active" | nil, "killed", number, name | nil, "forgotten"
function methods:exit_code()
  check_self(self, "exit_code")
  local ended, code, signal = self._process:exited()
  if ended and code then return code end
  if ended then return nil, "killed", select(2, core.signal(signal)), signal end
  return nil, self._forgotten and "forgotten" or "active"
end

--- status() -> "active" | "finished" | "killed" | "forgotten"
function methods:status()
  check_self(self, "status")
  local ended, code = self._process:exited()
  if ended then return code and "finished" or "killed" end
  return self._forgotten and "forgotten" or "active"
end

--- usage() -> {cpu_user, cpu_system (s), rss, peak_rss (bytes), threads, state, children}
function methods:usage()
  return require "procrun.proc.usage".of(check_self(self, "usage"))
end

-- Signals ----------------------------------------------------------------------------------------

--- kill([signal]) -> true | nil, message, code ("ESRCH" when it has ended)
function methods:kill(signal)
  check_self(self, "kill")
  local name, number = core.signal(signal or "SIGTERM")
  if has_exited(self) then
    return nil, ("kill: child %d has already ended"):format(self.pid), "ESRCH"
  end
  local ok, message, code = self._process:kill(number)
  if not ok then return nil, message, code end
  if number ~= 0 then self.killed, self._last_signal = true, name end
  return true
end

--- kill_tree([signal]) -> true | nil, message, "ESRCH": the child and all that it has started
function methods:kill_tree(signal)
  check_self(self, "kill_tree")
  local _, number = core.signal(signal or "SIGTERM")
  if self._process:tree(number, true, self._grouped) == 0 then
    return nil, ("kill_tree: child %d and what it started have ended"):format(self.pid), "ESRCH"
  end
  self.killed = true
  return true
end

--- ref() -> child: while it runs it keeps this process alive
function methods:ref()
  check_self(self, "ref")._unref = nil
  self._process:ref(true)
  return self
end

--- unref() -> child: it does not keep this process alive
function methods:unref()
  check_self(self, "unref")._unref = true
  self._process:ref(false)
  return self
end

--- forget(): lets the child go on by itself; it is still reaped, and no longer ended by <close>
function methods:forget()
  check_self(self, "forget")._forgotten = true
  self._process:ref(false)
  ending.forget(self)
  if self._link and not self._link.ended then self._link:unref() end
  for _, s in pairs(self._outputs) do s:close() end
  if self.stdin then self.stdin:close() end
end

-- Leaving the block of a <close> variable: the tree ends (TERM, grace, KILL) and is reaped.
Child.__close = function(self)
  if self._forgotten or (self._detached and self._unref) then return end
  if not has_exited(self) then ending.run(self) end
  if self._link and not self._link.ended then self._link.core:disconnect() end
  for _, s in pairs(self._outputs) do s:close() end
  if self.stdin then self.stdin:close() end
  if self._link and not self._dispatching then self._link:finish() end
end

for name, method in pairs(channel.methods) do methods[name] = method end

-- Events -----------------------------------------------------------------------------------------

-- Every output has come to its end, and its listeners know.
local function outputs_ended(self)
  for fd, s in pairs(self._outputs) do
    local _, at_end = s:state()
    local public = self.stdio[fd]
    if not at_end and not s:closed() then return false end
    if public and public:listener_count("data") > 0 and not public._ended then return false end
  end
  return true
end

-- After the exit, what nobody reads is read in, so that `close` can come.
local function watch_outputs(self)
  for fd, s in pairs(self._outputs) do
    local public = self.stdio[fd]
    if not s:closed() and not self._captured[fd] and not (public and public._used) then
      s:capture(self._max_buffer + 1)
    end
  end
end

local function next_step(self)
  local link = self._link
  if link and link:has_work() then return true, "channel" end
  if not self._exit_told then return has_exited(self), "exit" end
  return (not link or link.ended) and outputs_ended(self), "close"
end

local steps = {}

function steps.channel(self)
  if self._link:deliver() then self._link:finish() end
end

function steps.exit(self)
  pull_all(self)
  if self._link and self._link:has_work() then return end -- messages first
  self._exit_told = true
  watch_outputs(self)
  local _, code, signal = self._process:exited()
  self:emit("exit", code, signal)
end

function steps.close(self)
  local _, code, signal = self._process:exited()
  self._closed = true
  self:emit("close", code, signal)
end

-- The dispatch task: messages, disconnect, exit, close, in this order.
local function dispatch(self)
  self:emit("spawn")
  while not self._closed do
    local step = self._list:wait(nil, "events of a child", next_step, self)
    steps[step](self)
  end
end

local EVENTS = {spawn = true, message = true, internal_message = true, disconnect = true, exit = true,
  close = true}

function methods:_listening(name, count)
  channel._listening(self, name, count)
  if count == 0 or not EVENTS[name] or self._dispatching then return end
  self._dispatching = true
  task.spawn_daemon(("events of child %d"):format(self.pid), dispatch, self)
end

events.extend(methods)

local function new(fields)
  fields.killed = false
  fields._now = require "procrun.core.self".now
  return setmetatable(fields, Child)
end

return {new = new, methods = methods, class = Child}
