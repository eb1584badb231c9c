-- progress.lua - bars and spinners: local bar <close> = cli.progress(#files, {text = "copying"});
-- bar:add(1). How they look is in looks.lua; what draws them is live.lua.

local check_options = require "procrun.cli.options".check
local live = require "procrun.cli.live"
local looks = require "procrun.cli.looks"
local meter = require "procrun.cli.meter"
local misuse = require "procrun.events.misuse"
local now = require "procrun.core.timer".now

local M = {}
local Bar = {}
Bar.__index = Bar

local math_type = math.type

local OPTIONS <const> = {
  text = "string", unit = "string", quiet = "boolean", leave = "boolean", value = "number",
}
local STEP <const>, PATIENCE <const> = 1, 30 -- seconds between plain lines: at least, at most

-- Showing -------------------------------------------------------------------------------------

local function feed(self, at)
  looks.mend(self)
  self.meter:feed(at, self.value)
end

--- _line(columns, now) -> text
function Bar:_line(columns, at)
  feed(self, at)
  return looks.line(self, columns, at)
end

--- _tell(now): a line, if one is due
function Bar:_tell(at)
  feed(self, at)
  local passed = at - self.told_at
  local share = looks.share(self)
  local tenth = share and math.floor(share * 10) or 0
  if passed < STEP or (tenth <= self.tenth and passed < PATIENCE) or share == 1 then return end
  self.told_at, self.tenth = at, tenth
  io.stderr:write(looks.told(self, at), "\n")
end

-- Counting ------------------------------------------------------------------------------------

-- The clock is looked at about every 10 ms, however fast the counting is, if it goes on in steps as
-- this one; and at the end.
local function look(self, n)
  looks.mend(self)
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

local function check_self(self, name)
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
  check_self(self, "set")
  check_number("set", value)
  self.value = value
  look(self, 0)
  return self
end

-- The end -------------------------------------------------------------------------------------

local function finish(self, how)
  if self.closed then return end
  self.closed = true
  local stays = not self.quiet and (self.leave or how ~= "done")
  looks.mend(self)
  live.remove(self, stays and looks.last(self, how, now()) or nil)
end

local function named(name, how)
  return function(self, text)
    check_self(self, name)
    if text ~= nil then self.text = text end
    finish(self, how)
  end
end

--- bar:finish([text]), bar:fail([text])
Bar.finish = named("finish", "done")
Bar.fail = named("fail", "failed")

--- bar:close(): as the end of its block
function Bar:close()
  check_self(self, "close")
  looks.mend(self)
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
  return check_options(fname, options, OPTIONS)
end

local function new(options, total, is_spinner)
  local at = now()
  local self = setmetatable({
    value = options.value or 0, total = total, text = options.text, unit = options.unit,
    quiet = options.quiet or false, leave = options.leave ~= false, is_spinner = is_spinner,
    started = at, looked_at = at, told_at = at, tenth = 0, step = 1, look_at = -math.huge,
    meter = meter.new(at, options.value or 0), glyphs = looks.glyphs(),
    colour = require "procrun.cli.colour".colour(io.stderr),
  }, Bar)
  if self.quiet then return self end
  live.add(self)
  if not self.on_screen then io.stderr:write(looks.first(self), "\n") end
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
