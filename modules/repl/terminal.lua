-- terminal.lua - the prompt on a terminal: editing, history, completion, Ctrl-C, the built-in
-- modules as globals.

local core = require "procrun.core.repl"
local history = require "procrun.repl.history"
local signal = require "procrun.core.signal"
local task = require "procrun.core.task"
local tty = require "procrun.core.tty"
local vm = require "procrun.core.vm"

local M = {}

local HINT <const> = "Type .help for help, Ctrl-D to leave.\n"

-- Names that are read and not set become the module of that name, for good.
local function offer_rooms(env)
  local is_room = {}
  for _, room in ipairs(vm.rooms()) do is_room[room] = true end
  local meta = getmetatable(env)
  if meta == nil then
    meta = {}
    setmetatable(env, meta)
  end
  if type(meta) ~= "table" or rawget(meta, "__index") ~= nil then return end
  meta.__index = function(_, name)
    if not is_room[name] then return nil end
    local full = "procrun." .. name
    local module = require(full)
    rawset(env, name, module)
    return module
  end
end

local function width() return (tty.size(1)) or 80 end

-- The types whose methods stand behind an __index function of ours: where they are described.
local TYPES <const> = {
  ["procrun.child"] = "proc child", ["procrun.result"] = "proc result",
  ["procrun.stream"] = "stream stream", ["procrun.socket"] = "net socket",
  ["procrun.server"] = "net server", ["procrun.udp"] = "net udp", ["procrun.task"] = "task task",
}

local function list(dir)
  local names, kinds = require "procrun.fs".readdir(dir == "" and "." or dir)
  local entries = {}
  for i, name in ipairs(names or {}) do
    entries[i] = {name = name, dir = type(kinds) == "table" and kinds[name] == "directory"}
  end
  return entries
end

local function new_completer(env)
  return require "procrun.repl.complete".new {env = env, rooms = vm.rooms(), types = TYPES,
    width = width, list = list, commands = require "procrun.repl.commands".NAMES}
end

-- The editor, or nil and why there is none.
local function open_editor()
  local wanted = os.getenv "PROCRUN_READLINE"
  if wanted == "none" then return nil, "PROCRUN_READLINE=none" end
  if not tty.is_tty(1) then return nil, "standard output is no terminal" end
  if wanted ~= "readline" and wanted ~= "libedit" then wanted = nil end
  return require "procrun.core.edit".open(wanted)
end

-- Waits for the task that Ctrl-C is for. The second one does not wait for its clean-up.
local function wait_for(self, t, is_statement)
  self.current, self.cancelled = t, false
  core.wait(t, is_statement)
  self.current = nil
end

local function interrupt(self)
  local times, broken = core.interrupted()
  local t = self.current
  if broken then io.stderr:write "interrupted a task in the background\n" end
  if broken or not t then return end
  if self.cancelled or times > 1 then core.leave() end
  if not self.cancelled then t:cancel() end
  self.cancelled = true
end

-- Also keeps the process alive: what waits at the prompt for ever is no deadlock.
local function watch_interrupts(self)
  local subscription = assert(signal.open(true, signal.number "SIGINT"))
  core.interrupts(true)
  task.spawn_daemon("Ctrl-C", function()
    while subscription:wait() do interrupt(self) end
  end)
  return subscription
end

local function read_plainly(prompt)
  io.stdout:write(prompt)
  io.stdout:flush()
  local line, message = process.stdin:read "l"
  if message then io.stderr:write(message, "\n") end
  if not line then io.stdout:write "\n" end
  return line
end

-- A line | nil: the end | false: Ctrl-C.
local function read(self, prompt)
  local t = task.spawn(function()
    if self.editor then return self.editor:read(prompt, self.complete) end
    return read_plainly(prompt)
  end)
  wait_for(self, t, false)
  local how, line, trace = core.outcome(t)
  if how == "done" then
    if line and history.add(self.history, line) and self.editor then
      self.editor:add_history(line)
    end
    return line
  elseif how == "failed" then
    error(line .. "\n" .. (trace or ""), 0)
  end
  if not self.editor then io.stdout:write "\n" end
  return false
end

local function about(self)
  local text = self.editor and "Lines are edited by " .. self.editor:library()
    or ("Lines are not edited: %s"):format(self.why)
  local file = self.history.file
  local where = file and "the history is kept in " .. file or "the history is not kept"
  return ("%s; %s.\n"):format(text, where)
end

local function close(self)
  core.interrupts(false)
  self.subscription:close()
  if self.editor then self.editor:close() end
end

local HINTS <const> = {
  help = "(.help tells about the prompt)\n",
  exit = "(Ctrl-D or .exit leaves)\n",
  quit = "(Ctrl-D or .exit leaves)\n",
}

-- A local of a line that has run well is gone: said once. And what other prompts have commands for.
local function hint(self, env)
  return function(line)
    local word = line:match "^%s*(%a+)%s*%(?%s*%)?%s*$"
    if HINTS[word] and rawget(env, word) == nil then io.stdout:write(HINTS[word]) end
    if self.hinted or not line:find "^%s*local%s" then return end
    self.hinted = true
    io.stdout:write "(a local ends with its line; without `local` the next lines see it)\n"
  end
end

--- source(env, options) -> source, see evaluate.lua
function M.source(env)
  local self = {history = history.open(history.file())}
  offer_rooms(env)
  self.editor, self.why = open_editor()
  self.complete = new_completer(env)
  if self.editor then
    for _, line in ipairs(self.history.lines) do self.editor:add_history(line) end
  end
  self.subscription = watch_interrupts(self)
  io.stdout:write(HINT)
  return {
    readable = true,
    read = function(prompt) return read(self, prompt) end,
    write = function(text) io.stdout:write(text) end,
    complain = function(text) io.stderr:write(text, "\n") end,
    foreground = function(t) wait_for(self, t, true) end,
    after = hint(self, env),
    width = width,
    about = function() return about(self) end,
    keys = self.editor and ", Ctrl-R searches the history" or nil,
    close = function() close(self) end,
  }
end

return M
