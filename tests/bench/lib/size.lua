-- size.lua - what a program of the growth rows occupies, and how long its parts take.

local fs = require "procrun.fs"
local timer = require "procrun.timer"

local M = {}

--- bytes() -> memory of this process that is its own
function M.bytes()
  collectgarbage()
  collectgarbage()
  local text = assert(fs.read("/proc/self/smaps_rollup"))
  return tonumber(text:match("Private_Dirty:%s+(%d+)")) * 1024
end

--- seconds(fn, ...) -> how long it took
function M.seconds(fn, ...)
  local began = timer.now()
  fn(...)
  return timer.now() - began
end

return M
