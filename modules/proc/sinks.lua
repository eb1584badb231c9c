-- sinks.lua - the ways by which what children write comes to where this process writes: as it is,
-- by whole lines with a label, or held and written as a whole.
-- A sink has write(bytes) and finish(); sinks.of(fd, options) -> sink

local stream = require "procrun.stream"
local task = require "procrun.core.task"

local M = {}

local MAX_LINE <const> = 1024 * 1024

-- While a group is being written nobody else writes between its pieces; nil before the first one.
local printing

-- The wait is no place to be cancelled in: the bytes are in nobody's hands.
local function my_turn()
  return printing and task.shield(printing.acquire, printing) or nil
end

--- exclusive() -> a <close> value: only its holder writes
function M.exclusive()
  printing = printing or require "procrun.task".semaphore(1)
  return my_turn()
end

-- Straight through. A destination that fails is left alone: a result still gets everything.
local Direct = {}
Direct.__index = Direct

function Direct:write(bytes)
  if not self.to then return end
  local _ <close> = my_turn()
  if not self.to:write(bytes) then self.to = nil end
end

function Direct:finish() end

-- Whole lines, each behind a prefix, as many as there are in one write: so nothing of others comes
-- between. A line that is longer than the limit is cut into lines.
local Lines = {}
Lines.__index = Lines

function Lines:write(bytes)
  local last = #bytes - (bytes:reverse():find("\n", 1, true) or #bytes + 1) + 1
  self.parts[#self.parts + 1] = last > 0 and bytes:sub(1, last) or bytes
  self.size = self.size + #bytes
  if last == 0 and self.size < MAX_LINE then return end
  local whole = table.concat(self.parts)
  local rest = last > 0 and bytes:sub(last + 1) or ""
  self.parts, self.size = { rest }, #rest
  self:put(last > 0 and whole or whole .. "\n")
end

function Lines:put(lines)
  if self.prefix ~= "" then lines = lines:gsub("[^\n]*\n", self.prefix .. "%0") end
  self.next:write(lines)
end

function Lines:finish()
  local rest = table.concat(self.parts)
  self.parts, self.size = {}, 0
  if rest ~= "" then self:put(rest .. "\n") end
  self.next:finish()
end

local COLOURS <const> = { 36, 33, 32, 35, 34, 96, 93, 92, 95, 94 } -- red is for what is bad
local colour_of, count = {}, 0 -- by label, in the order in which they come

local function prefix_of(label, fd)
  if label == "" then return "" end
  local prefix = label .. " | "
  if require "procrun.tty".has_colour(fd) then
    if not colour_of[label] then
      colour_of[label], count = COLOURS[count % #COLOURS + 1], count + 1
    end
    prefix = ("\27[0;%dm%s\27[0m"):format(colour_of[label], prefix)
  end
  return (prefix:gsub("%%", "%%%%")) -- as the replacement of a gsub
end

--- of(fd, options) -> sink: to our standard output or error, as the options of a child say
function M.of(fd, o)
  local sink
  if o.output == "group" then
    o.held = o.held or require "procrun.proc.held".new()
    sink = o.held:port(fd)
  else
    sink = setmetatable({ to = stream._standard(fd) }, Direct)
  end
  local label = o.label or o.by_line and ""
  if not label then return sink end
  return setmetatable({ next = sink, prefix = prefix_of(label, fd), parts = {}, size = 0 }, Lines)
end

return M
