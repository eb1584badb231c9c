-- place.lua - where a question is asked: the terminal, also where standard input or output lead
-- elsewhere; without one, standard error and standard input.
-- local place <close> = open(); place:write("Name: "); local line = place:line()
--
-- One question at a time; others wait. Whatever ends it (an answer, a cancel, a signal), the
-- terminal is as it was; what was typed of an answer without an end is forgotten.

local signal = require "procrun.core.signal"
local task = require "procrun.core.task"
local tty = require "procrun.core.tty"

local Place = { __name = "place of a question" }
Place.__index = Place

local turn -- a semaphore: whose question it is
local holder -- the task that has it

local function own_terminal(mode)
  local stream = require "procrun.fs".open("/dev/tty", mode)
  return stream
end

-- What the user sees first.
local function find_output()
  for fd, stream in ipairs { "stdout", "stderr" } do
    if tty.is_tty(fd) then return process[stream] end
  end
end

local function find(self)
  if tty.is_tty(0) then
    self.input = process.stdin
  else
    self.own_input = own_terminal "r"
    self.input = self.own_input
  end
  if not self.input then
    self.input, self.output = process.stdin, process.stderr
    return
  end
  self.terminal = true
  self.output = find_output()
  if not self.output then
    self.own_output = own_terminal "w"
    self.output = self.own_output or process.stderr
  end
end

function Place:write(text)
  self.clean = text:sub(-1) == "\n"
  self.output:write(text)
  self.output:flush()
end

-- The editor of lines, where there is one: not for a terminal that can do nothing but print, not
-- while the prompt of procrun has it, nor past bytes that were read already. libedit would read on
-- behind the line.
local function open_editor(self)
  local wanted = os.getenv "PROCRUN_READLINE"
  local other = wanted == "none" or wanted == "libedit"
  local plain = not self.terminal or other or os.getenv "TERM" == "dumb"
  if plain or self.input._core:state() > 0 then return nil end
  local out = self.output:fileno()
  if not tty.is_tty(out) then return nil end
  return (require "procrun.core.edit".open("readline", self.input:fileno(), out, true))
end

-- Escape sequences take no columns.
local function marked(text) return (text:gsub("\27%[[%d;]*m", "\1%0\2")) end

local function nothing() end

local function edited(self, text)
  local editor <close> = open_editor(self)
  if not editor then return false end
  local above, prompt = text:match "^(.*\n)([^\n]*)$"
  if above then self:write(above) end
  self.clean = true -- the editor leaves no line behind that has not ended
  local line = editor:read(marked(prompt or text), nothing)
  if line then return true, line end
  return true, nil, "end of input", "EOF"
end

--- ask(text) -> a line | nil, message, code; with what the terminal offers for editing it
function Place:ask(text)
  local done, line, message, code = edited(self, text)
  if done then return line, message, code end
  self:write(text)
  return self:line()
end

--- line() -> a line | nil, message, code
function Place:line()
  local line, message, code = self.input:read "l"
  if line then
    self.clean = true
    return line
  elseif message then
    return nil, message, code
  end
  return nil, "end of input", "EOF"
end

-- The keys belong to whoever has the foreground now; what the terminal was like is asked anew.
local function hold(self)
  self.guard = tty.raw(self.input:fileno(), self.mode)
end

local function release(self)
  if self.guard then self.guard:close() end
  self.guard = nil
end

-- Ctrl-Z: the shell is to find its terminal as it was. After a stop by another signal the shell has
-- changed it, too.
local function watch(self, subscription, again)
  local stopped = false
  while not subscription:closed() do
    local number = subscription:wait()
    if not number or self.closed then return end
    local name = signal.name(number)
    if name == "SIGTSTP" then
      release(self)
      stopped = true
      process.kill(process.pid, "SIGSTOP")
      hold(self)
      again()
    elseif name == "SIGWINCH" then
      again()
    elseif not stopped then
      release(self)
      hold(self)
      again()
    else
      stopped = false
    end
  end
end

--- take(mode, again): "hidden" or "keys", see modules/tty/tty.c; again() draws the question
function Place:take(mode, again)
  self.mode = mode
  hold(self)
  local numbers = { signal.number "SIGTSTP", signal.number "SIGCONT" }
  if mode == "keys" then numbers[3] = signal.number "SIGWINCH" end
  self.subscription = signal.open(false, table.unpack(numbers))
  if self.subscription then
    self.watcher = task.spawn_daemon("a question", watch, self, self.subscription, again)
  end
end

function Place:__close()
  self.closed = true
  if self.terminal and not self.clean then
    tty.forget_input(self.input:fileno())
    self:write "\n"
  end
  if self.subscription then self.subscription:close() end
  release(self)
  if self.own_input then self.own_input:close() end
  if self.own_output then self.own_output:close() end
  if self.pause then self.pause:close() end
  if not self.permit then return end
  holder = nil
  self.permit:release()
end

--- open() -> place to be closed; waits for other tasks' questions
return function()
  turn = turn or require "procrun.task".semaphore(1)
  local self = setmetatable({}, Place)
  if holder ~= task.current() then -- else it is a question within a question: validate may ask
    self.permit = turn:acquire()
    holder = task.current()
  end
  local live = package.loaded["procrun.cli.live"]
  self.pause = live and live.pause() or nil
  find(self)
  return self
end
