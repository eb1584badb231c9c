-- progress.lua - bars and spinners: local bar <close> = cli.progress(#files, {text = "copying"});
-- bar:add(1). What draws them is live.lua.

local live = require "procrun.cli.live"
local meter = require "procrun.cli.meter"
local misuse = require "procrun.events.misuse"
local now = require "procrun.core.timer".now
local tty = require "procrun.core.tty"
local visible = require "procrun.cli.visible"

local M = {}
local Bar = {}
Bar.__index = Bar

local math_type = math.type

local OPTIONS <const> = {
  text = "string", unit = "string", quiet = "boolean", leave = "boolean", value = "number",
}
local WIDEST <const>, NARROWEST <const> = 40, 8 -- columns of a bar
local STEP <const>, PATIENCE <const> = 1, 30 -- seconds between plain lines: at least, at most

-- Looks ---------------------------------------------------------------------------------------

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

-- In a whole bar nothing is missing, and in no other.
local function gauge(self, share, columns)
  local glyphs = self.glyphs
  local room = columns - #glyphs.open - #glyphs.close
  local full = math.floor(share * room)
  return glyphs.open .. self.colour.green(glyphs.full:rep(full))
    .. self.colour.dim(glyphs.empty:rep(room - full)) .. glyphs.close
end

-- Fields that a script sets are looked at when a bar is drawn, where nobody could take an error.
local function mend(self)
  if self.total and not math_type(self.total) then self.total = nil end
  if not math_type(self.value) then self.value = 0 end
end

local function share_of(self)
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
    if used + 1 + width > columns and i > 1 then break end
    line = used > 0 and line .. " " .. part or part
    used = used + (used > 0 and 1 or 0) + width
  end
  return line, used
end

-- A bar of a known total: "text ████░░ 45% 9/20 3.1/s 0:04".
local function bar_line(self, columns, share)
  local text = title(self, self.colour.on)
  local parts = { percent(share), amount(self), speed(self) }
  local rest = left(self)
  if rest then parts[#parts + 1] = rest end
  local line, used = fit(text, parts, columns)
  local width = math.min(WIDEST, columns - used - 1)
  if width < NARROWEST then return line end
  if text ~= "" then text = text .. " " end
  return text .. gauge(self, share, width) .. " " .. table.concat(parts, " ")
end

--- _line(columns, now) -> text
function Bar:_line(columns, at)
  mend(self)
  self.meter:feed(at, self.value)
  local share = share_of(self)
  if share then return bar_line(self, columns, share) end
  local spin = self.glyphs.spin
  local mark = spin[math.floor(at * 10) % #spin + 1]
  local parts = { meter.duration(at - self.started) }
  if not self.is_spinner then
    parts = { amount(self), parts[1], speed(self) }
  end
  return (fit(self.colour.cyan(mark) .. " " .. title(self, self.colour.on), parts, columns))
end

-- Plain lines ---------------------------------------------------------------------------------

local function say(self, text)
  local name = title(self, self.colour.on)
  if name ~= "" then name = name .. ": " end
  return name .. text
end

local function tell(self, at)
  local parts = { amount(self), speed(self) }
  local share = share_of(self)
  if share then table.insert(parts, 1, percent(share):match "%d+%%") end
  if self.is_spinner then parts = { meter.elapsed(at - self.started) } end
  local rest = left(self)
  if rest then parts[#parts + 1] = rest .. " left" end
  io.stderr:write(say(self, table.concat(parts, ", ")), "\n")
end

--- _tell(now): a line, if one is due
function Bar:_tell(at)
  mend(self)
  self.meter:feed(at, self.value)
  local passed = at - self.told_at
  local share = share_of(self)
  local tenth = share and math.floor(share * 10) or 0
  if passed < STEP or (tenth <= self.tenth and passed < PATIENCE) or share == 1 then return end
  self.told_at, self.tenth = at, tenth
  tell(self, at)
end

-- Counting ------------------------------------------------------------------------------------

-- The clock is looked at about every 10 ms, however fast the counting is, if it goes on in steps as
-- this one; and at the end.
local function look(self, n)
  local at = now()
  local passed = at - self.looked_at
  if passed < 0.005 then
    self.step = math.min(self.step * 2, 1 << 30)
  elseif passed > 0.02 then
    self.step = self.step / 2
  end
  self.looked_at = at
  local value, total = self.value, self.total
  self.look_at = value + self.step * n
  if total and value < total and self.look_at > total then self.look_at = total end
  if self.closed or self.quiet then
    self.look_at = math.huge
  elseif not self.on_screen then
    self:_tell(at)
  elseif live.due(at) or value == total then
    live.draw(at)
  end
end

local function check_open(self, name)
  if getmetatable(self) ~= Bar then
    misuse("bad call to '%s' (call it with a colon: bar:%s())", name, name)
  end
end

local function check_number(name, value)
  if math_type(value) == nil then
    misuse("bar:%s: number expected, got %s", name, type(value))
  end
end

--- bar:add([n]) -> bar
function Bar:add(n)
  if n == nil then
    n = 1
  elseif not math_type(n) then
    check_number("add", n)
  end
  local value = self.value + n
  self.value = value
  if value >= self.look_at then look(self, n) end
  return self
end

--- bar:set(value) -> bar
function Bar:set(value)
  check_open(self, "set")
  check_number("set", value)
  self.value = value
  look(self, 0)
  return self
end

-- The end -------------------------------------------------------------------------------------

local PAINTS <const> = { done = "green", failed = "red", cancelled = "yellow", stopped = "yellow" }

local function last_line(self, how)
  mend(self)
  local seconds = now() - self.started
  local word = self.colour[PAINTS[how]](how)
  local join = how == "done" and "in" or "after"
  local count = not self.is_spinner and amount(self)
  local text
  if not count then
    text = ("%s %s %s"):format(word, join, meter.elapsed(seconds))
  elseif how == "done" then
    text = ("%s, %s in %s"):format(word, count, meter.elapsed(seconds))
    if seconds > 0 and self.value > 0 then
      text = text .. ", " .. meter.speed(self.value / seconds, self.unit)
    end
  else
    text = ("%s at %s after %s"):format(word, count, meter.elapsed(seconds))
  end
  return say(self, text)
end

local function finish(self, how)
  if self.closed then return end
  self.closed = true
  local stays = not self.quiet and (self.leave or how ~= "done")
  live.remove(self, stays and last_line(self, how) or nil)
end

local function named(name, how)
  return function(self, text)
    check_open(self, name)
    if text ~= nil then self.text = text end
    finish(self, how)
  end
end

--- bar:finish([text]), bar:fail([text])
Bar.finish = named("finish", "done")
Bar.fail = named("fail", "failed")

--- bar:close(): as the end of its block
function Bar:close()
  check_open(self, "close")
  mend(self)
  local total = self.total
  finish(self, (not total or self.value >= total) and "done" or "stopped")
end

function Bar:__close(err)
  if err == nil then
    self:close()
  else
    finish(self, require "procrun.core.task".is_cancel(err) and "cancelled" or "failed")
  end
end

-- The beginning -------------------------------------------------------------------------------

--- check(function, options) -> options
function M.check(fname, options)
  if options == nil then return {} end
  if type(options) ~= "table" then
    misuse("%s: options: table expected, got %s", fname, type(options))
  end
  for key, value in pairs(options) do
    local kind = OPTIONS[key]
    if not kind then misuse("%s: unknown option '%s'", fname, tostring(key)) end
    if type(value) ~= kind then
      misuse("%s: %s: %s expected, got %s", fname, key, kind, type(value))
    end
  end
  return options
end

local function new(options, total, is_spinner)
  local at = now()
  local self = setmetatable({
    value = options.value or 0, total = total, text = options.text, unit = options.unit,
    quiet = options.quiet or false, leave = options.leave ~= false, is_spinner = is_spinner,
    started = at, looked_at = at, told_at = at, tenth = 0, step = 1, look_at = -math.huge,
    meter = meter.new(at, options.value or 0), glyphs = GLYPHS[has_utf8()],
    colour = require "procrun.cli.colour".colour(io.stderr),
  }, Bar)
  if self.quiet then return self end
  live.add(self)
  if not self.on_screen then io.stderr:write(say(self, total and amount(self) or "begun"), "\n") end
  return self
end

--- progress([total], [options]) -> bar
function M.progress(total, options)
  if total ~= nil and not math_type(total) then
    misuse("progress: total: number or nil expected, got %s", type(total))
  end
  return new(M.check("progress", options), total, false)
end

--- spinner([text], [options]) -> spinner
function M.spinner(text, options)
  if text ~= nil and type(text) ~= "string" then
    misuse("spinner: text: string expected, got %s", type(text))
  end
  options = M.check("spinner", options)
  local all = { text = text }
  for key, value in pairs(options) do if all[key] == nil then all[key] = value end end
  return new(all, nil, true)
end

M.bar_methods = Bar

return M
