-- screen.lua - runs a shell command on a real terminal whose screen can be looked at (tmux's):
-- local s <close> = screen.open("$PROCRUN x.lua", {columns = 40, rows = 10}); s:wait_for "text";
-- s:lines(). Where tmux is missing, it prints so and ends the test as skipped.
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

local M = {}
local Screen = {}
Screen.__index = Screen

local PATIENCE <const> = 20

local opened = 0

function Screen:tmux(...)
  return proc.run("tmux", {"-S", self.socket, "-f", "/dev/null", "-u", ...}):check().stdout
end

-- tmux now and then forgets the exit status of what ends, and what it has written last.

--- open(command, {columns, rows, env}) -> screen; what the command prints stays there after its end
function M.open(command, options)
  if not proc.which "tmux" then
    print "skip: tmux is not installed"
    os.exit(77)
  end
  options = options or {}
  local dir = os.getenv "TMPDIR" or "/tmp"
  opened = opened + 1
  local name = ("%s/screen.%d.%d"):format(dir, process.pid, opened)
  local self = setmetatable({socket = name}, Screen)
  local env = {}
  for key, value in pairs(options.env or {}) do env[#env + 1] = ("-e%s=%s"):format(key, value) end
  env[#env + 1] = ("trap : INT; %s; echo $? >%s.status; exec sleep 1000"):format(command, name)
  os.remove(name .. ".status")
  self:tmux("start-server", ";", "set-option", "-g", "status", "off", ";",
    "new-session", "-d", "-x", tostring(options.columns or 60), "-y", tostring(options.rows or 16),
    "-ePROCRUN=" .. os.getenv "PROCRUN", table.unpack(env))
  return self
end

--- text() -> what is on the screen: lines without blanks at their ends, and without empty last ones
function Screen:text()
  return (self:tmux("capture-pane", "-p", "-t", ":0"):gsub("[ \t]+\n", "\n"):gsub("\n+$", ""))
end

--- lines() -> the same as a list
function Screen:lines()
  local lines = {}
  for line in (self:text() .. "\n"):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
  return lines
end

--- wait_until(what, fn) -> the screen's text for which fn(text) is true
function Screen:wait_until(what, fn)
  local limit = timer.now() + PATIENCE
  while true do
    local text = self:text()
    if fn(text) then return text end
    if timer.now() > limit then
      error(("%s has not come; the screen:\n%s"):format(what, text), 2)
    end
    task.sleep(0.02)
  end
end

--- wait_for(text) -> the screen's text, once that is on it
function Screen:wait_for(wanted)
  return self:wait_until(("%q"):format(wanted), function(text)
    return text:find(wanted, 1, true) ~= nil
  end)
end

--- ended() -> exit status of the command, as a shell has it; waits for that
function Screen:ended()
  local limit = timer.now() + PATIENCE
  while true do
    local file <close> = io.open(self.socket .. ".status")
    local status = file and file:read "n"
    if status then return status end
    if timer.now() > limit then error("it has not ended; the screen:\n" .. self:text(), 2) end
    task.sleep(0.02)
  end
end

--- keys("C-c", ...): as tmux names them
function Screen:keys(...) self:tmux("send-keys", "-t", ":0", ...) end

function Screen:resize(columns, rows)
  self:tmux("resize-window", "-t", ":0", "-x", tostring(columns), "-y", tostring(rows))
end

--- cursor() -> column, row, is it shown?
function Screen:cursor()
  local x, y, flag = self:tmux("display-message", "-p", "-t", ":0",
    "#{cursor_x} #{cursor_y} #{cursor_flag}"):match "(%d+) (%d+) (%d)"
  return tonumber(x), tonumber(y), flag == "1"
end

function Screen:__close()
  proc.run("tmux", {"-S", self.socket, "kill-server"})
  os.remove(self.socket)
end

return M
