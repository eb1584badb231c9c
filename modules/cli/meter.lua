-- meter.lua - how fast a count goes, and how to say it: local m = meter.new(now);
-- m:feed(now, count); m.rate --> per second, smoothed, or nil while it is not known

local M = {}

local SMOOTH <const> = 5 -- seconds after which what was counts for a third
local SHORTEST <const> = 0.05 -- between two readings

local Meter = {}
Meter.__index = Meter

function M.new(now, value)
  return setmetatable({ started = now, at = now, value = value, sum = 0, weight = 0 }, Meter)
end

--- feed(now, value)
function Meter:feed(now, value)
  local passed = now - self.at
  if passed < SHORTEST then return end
  local keep = math.exp(-passed / SMOOTH)
  local rate = (value - self.value) / passed
  self.sum = self.sum * keep + rate * (1 - keep)
  self.weight = self.weight * keep + (1 - keep)
  self.rate = self.sum / self.weight
  self.at, self.value = now, value
end

--- duration(seconds) -> "0:07", "1:02:03"
function M.duration(seconds)
  if seconds ~= seconds or seconds < 0 or seconds >= 360000 then return "-:--" end
  local s = math.floor(seconds + 0.5)
  local h, m = s // 3600, s // 60 % 60
  if h > 0 then return ("%d:%02d:%02d"):format(h, m, s % 60) end
  return ("%d:%02d"):format(m, s % 60)
end

--- elapsed(seconds) -> "3.2s", "1:02"
function M.elapsed(seconds)
  if seconds < 60 then return ("%.1fs"):format(seconds) end
  return M.duration(seconds)
end

local UNITS <const> = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" }

--- bytes(n) -> "512 B", "1.5 MiB"
function M.bytes(n)
  if n ~= n or math.abs(n) < 1024 then return ("%.0f B"):format(n) end
  local unit = 0
  while math.abs(n) >= 1023.95 and unit < #UNITS do n, unit = n / 1024, unit + 1 end
  return ("%.1f %s"):format(n, UNITS[unit])
end

--- count(n) -> "1500", "2.5"
function M.count(n)
  local whole = math.tointeger(n)
  if whole then return ("%d"):format(whole) end
  return ("%.1f"):format(n)
end

--- amount(n, unit) -> "3", "3 files", "1.5 MiB"
function M.amount(n, unit)
  if unit == "bytes" then return M.bytes(n) end
  return unit and M.count(n) .. " " .. unit or M.count(n)
end

--- speed(rate, unit) -> "12.3/s", "1.5 MiB/s"
function M.speed(rate, unit)
  if unit == "bytes" then return M.bytes(rate) .. "/s" end
  return (rate >= 100 and "%.0f/s" or rate >= 1 and "%.1f/s" or "%.2f/s"):format(rate)
end

return M
