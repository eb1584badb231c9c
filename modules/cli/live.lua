-- live.lua - what moves at the bottom of the terminal while a script works: every bar and spinner
-- that is open, in the order in which they were made. What is printed appears above them.
-- local group <close> = cli.live(); group:progress(10)
--
-- An item has _line(columns, now) -> text for a terminal, and _tell(now) for anything else.

local core = require "procrun.core.tty"
local now = require "procrun.core.timer".now
local task = require "procrun.core.task"

local M = {}

local EVERY <const> = 0.1 -- seconds between two looks
local FEWEST <const> = 3 -- rows that are left to what is printed
local MARGIN <const> = 3 -- columns that are left to the ^C that is typed

local items, frame = {}, nil
local ticking = false
local drawn_at = 0

--- is_terminal() -> boolean: are there bars, or plain lines?
function M.is_terminal() return core.is_tty(2) and os.getenv "TERM" ~= "dumb" end

local function compose(at)
  local columns, rows = core.size(2)
  if not columns then columns, rows = 80, 24 end
  columns = math.max(columns - MARGIN, 1)
  local lines, room = {}, math.max(rows - FEWEST, 1)
  for _, item in ipairs(items) do
    if item.on_screen and #lines < room then
      lines[#lines + 1] = (core.cut(item:_line(columns, at), columns))
    elseif item.on_screen then
      lines.more = (lines.more or 0) + 1
    end
  end
  if lines.more then
    lines[#lines] = (core.cut(("... and %d more"):format(lines.more + 1), columns))
  end
  return table.concat(lines, "\n")
end

--- draw([now]): the bars as they are now
function M.draw(at)
  at = at or now()
  drawn_at = at
  if not frame then return end
  frame:draw(compose(at))
end

--- due(now) -> boolean: is it time to draw again?
function M.due(at) return at - drawn_at >= EVERY end

local function look()
  local at = now()
  for _, item in ipairs({ table.unpack(items) }) do
    if not item.on_screen then item:_tell(at) end
  end
  M.draw(at)
end

-- Neither keeps the program alive.
local function tick()
  while #items > 0 do
    task.sleep(EVERY)
    look()
  end
  ticking = false
end

-- What children write to the terminal comes through here meanwhile.
local function open_frame()
  frame = core.frame()
  if frame then require "procrun.proc.spawn".footer_up = core.footer_up end
end

local function close_frame()
  require "procrun.proc.spawn".footer_up = nil
  frame:draw ""
  frame:close()
  frame = nil
end

--- add(item)
function M.add(item)
  item.on_screen = M.is_terminal()
  if item.on_screen and not frame then open_frame() end
  item.on_screen = item.on_screen and frame ~= nil
  items[#items + 1] = item
  if not ticking then
    ticking = true
    task.spawn_daemon("bars", tick)
  end
  if item.on_screen then M.draw() end
end

--- remove(item, [last line]): it is over; the line stays
function M.remove(item, line)
  for i, other in ipairs(items) do
    if other == item then
      table.remove(items, i)
      break
    end
  end
  if line and frame and core.unfinished() then line = "\n" .. line end
  if frame and #items == 0 then close_frame() end
  if line then io.stderr:write(line, "\n") end
  if frame then M.draw() end
end

local Pause = {}
Pause.__index = Pause

function Pause:close()
  if self.closed then return end
  self.closed = true
  core.pause(false)
end

Pause.__close = Pause.close

--- pause() -> <close> value: no bars meanwhile
function M.pause()
  io.stdout:flush()
  core.pause(true)
  return setmetatable({}, Pause)
end

local Group = {}
Group.__index = Group

local function make(group, kind, first, options)
  local all = {}
  for key, value in pairs(group.options) do all[key] = value end
  for key, value in pairs(options or {}) do all[key] = value end
  local item = require "procrun.cli.progress"[kind](first, all)
  group.items[#group.items + 1] = item
  return item
end

--- group:progress([total], [options]) -> bar
function Group:progress(total, options) return make(self, "progress", total, options) end

--- group:spinner([text], [options]) -> spinner
function Group:spinner(text, options) return make(self, "spinner", text, options) end

--- group:close(): closes what is still open
function Group:close(err)
  for _, item in ipairs(self.items) do getmetatable(item).__close(item, err) end
  self.items = {}
end

Group.__close = Group.close

--- live([options]) -> group
function M.live(options)
  options = require "procrun.cli.progress".check("live", options)
  return setmetatable({ options = options, items = {} }, Group)
end

M.group_methods, M.pause_methods = Group, Pause

return M
