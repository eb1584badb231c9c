---@meta procrun.timer

---A number of seconds, or a string: "250ms", "1.5s", "10m", "2h", "1d".
---@alias procrun.time number | string

---@class procrun.timer
local timer_object = {}

---@return self
function timer_object:cancel() end

---@return boolean
function timer_object:active() end

---@return self
function timer_object:ref() end

---@return self
function timer_object:unref() end

local timer = {}

---@return number seconds on a clock that only goes forward
function timer.now() end

---@param time procrun.time
---@param fn async fun(...)
---@param ... any
---@return procrun.timer
function timer.after(time, fn, ...) end

---@param time procrun.time
---@param fn async fun(...)
---@param ... any
---@return procrun.timer
function timer.every(time, fn, ...) end

return timer
