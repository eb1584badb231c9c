-- looks.lua - how a bar is shown: as a line on a terminal, as plain lines, and at its end.

local meter = require "procrun.cli.meter"
local tty = require "procrun.core.tty"
local visible = require "procrun.cli.visible"

local M = {}

local math_type = math.type

local SHORTEST <const> = 0.1 -- seconds of which a rate means anything
local WIDEST <const>, NARROWEST <const> = 40, 8 -- columns of a bar

local function has_utf8()
  local function given(name)
    local value = os.getenv(name)
    return value ~= "" and value or nil
  end
  local locale = given "LC_ALL" or given "LC_CTYPE" or given "LANG" or ""
  return locale:lower():find("utf%-?8") ~= nil
end

local GLYPHS <const> = {
  [true] = { full = "█", empty = "░", open = "", close = "",
    spin = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" } },
  [false] = { full = "#", empty = "-", open = "[", close = "]", spin = { "|", "/", "-", "\\" } },
}

--- glyphs() -> those that the terminal can be expected to have
function M.glyphs() return GLYPHS[has_utf8()] end

-- In a whole bar nothing is missing, and in no other.
local function gauge(self, share, columns)
  local glyphs = self.glyphs
  local room = columns - #glyphs.open - #glyphs.close
  local full = math.floor(share * room)
  return glyphs.open .. self.colour.green(glyphs.full:rep(full))
    .. self.colour.dim(glyphs.empty:rep(room - full)) .. glyphs.close
end

--- mend(bar): fields that a script has set are looked at when a bar is drawn, where nobody could
--- take an error
function M.mend(self)
  if self.total and not math_type(self.total) then self.total = nil end
  if not math_type(self.value) then self.value = 0 end
end

--- share(bar) -> 0 to 1 | nil without a total
function M.share(self)
  local total = self.total
  if not total then return nil end
  if total <= 0 then return 1 end
  local share = self.value / total
  return share ~= share and 0 or math.max(0, math.min(1, share))
end

local function percent(share) return ("%3d%%"):format(math.floor(share * 100)) end

local function amount(self)
  if not self.total then return meter.amount(self.value, self.unit) end
  if self.unit == "bytes" then
    return meter.bytes(self.value) .. "/" .. meter.bytes(self.total)
  end
  return meter.count(self.value) .. "/" .. meter.amount(self.total, self.unit)
end

local function speed(self)
  local rate = self.meter.rate
  return rate and rate > 0 and meter.speed(rate, self.unit) or nil
end

local function left(self)
  local rate = self.meter.rate
  if not rate or rate <= 0 or not self.total then return nil end
  return meter.duration((self.total - self.value) / rate)
end

local function title(self, colours)
  local text = self.text
  if type(text) == "number" then text = tostring(text) end
  return type(text) == "string" and visible(text, colours) or ""
end

-- What there is room for, the most important first; the text is cut before the first of them.
local function fit(text, parts, columns)
  local line, used = text, tty.width(text)
  for i, part in ipairs(parts) do
    local width = tty.width(part)
    if i == 1 and used + 1 + width > columns then
      line, used = tty.cut(line, math.max(columns - width - 1, 0))
    end
    if used + 1 + width > columns and i > 1 then return line, used, i - 1 end
    line = used > 0 and line .. " " .. part or part
    used = used + (used > 0 and 1 or 0) + width
  end
  return line, used, #parts
end

-- A bar of a known total: "text ████░░ 45% 9/20 3.1/s 0:04".
local function bar_line(self, columns, share)
  local text = title(self, self.colour.on)
  local parts = { percent(share), amount(self), speed(self) }
  local rest = left(self)
  if rest then parts[#parts + 1] = rest end
  local line, used, shown = fit(text, parts, columns)
  local width = math.min(WIDEST, columns - used - 1)
  if width < NARROWEST then return line end
  if text ~= "" then text = text .. " " end
  return text .. gauge(self, share, width) .. " " .. table.concat(parts, " ", 1, shown)
end

--- line(bar, columns, now) -> what stands on a terminal
function M.line(self, columns, at)
  local share = M.share(self)
  if share then return bar_line(self, columns, share) end
  local spin = self.glyphs.spin
  local mark = spin[math.floor(at * 10) % #spin + 1]
  local parts = { meter.duration(at - self.started) }
  if not self.is_spinner then
    parts = { amount(self), parts[1], speed(self) }
  end
  return (fit(self.colour.cyan(mark) .. " " .. title(self, self.colour.on), parts, columns))
end

local function say(self, text)
  local name = title(self, self.colour.on)
  if name ~= "" then name = name .. ": " end
  return name .. text
end

--- told(bar, now) -> a plain line on the way
function M.told(self, at)
  local parts = { amount(self), speed(self) }
  local share = M.share(self)
  if share then table.insert(parts, 1, percent(share):match "%d+%%") end
  if self.is_spinner then parts = { meter.elapsed(at - self.started) } end
  local rest = left(self)
  if rest then parts[#parts + 1] = rest .. " left" end
  return say(self, table.concat(parts, ", "))
end

--- first(bar) -> the plain line at the beginning
function M.first(self) return say(self, self.total and amount(self) or "begun") end

local PAINTS <const> = { done = "green", failed = "red", cancelled = "yellow", stopped = "yellow" }

--- last(bar, how, now) -> the line that stays
function M.last(self, how, at)
  local seconds = at - self.started
  local word = self.colour[PAINTS[how]](how)
  local join = how == "done" and "in" or "after"
  local count = not self.is_spinner and amount(self)
  local text
  if not count then
    text = ("%s %s %s"):format(word, join, meter.elapsed(seconds))
  elseif how == "done" then
    text = ("%s, %s in %s"):format(word, count, meter.elapsed(seconds))
    if seconds >= SHORTEST and self.value > 0 then
      text = text .. ", " .. meter.speed(self.value / seconds, self.unit)
    end
  else
    text = ("%s at %s after %s"):format(word, count, meter.elapsed(seconds))
  end
  return say(self, text)
end

return M
