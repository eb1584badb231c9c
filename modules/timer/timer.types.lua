---@meta procrun.timer

---A number of seconds, or a string: "250ms", "1.5s", "10m", "2h", "1d".
---@alias procrun.time number | string

---@class procrun.timer
local timer_object = {}

---@return self
function timer_object:cancel() end

---Whether it is still to fire.
---@return boolean
function timer_object:active() end

---It keeps the process alive (again).
---@return self
function timer_object:ref() end

---It does not keep the process alive.
---@return self
function timer_object:unref() end

local timer = {}

---The time on a clock that only goes forward, a float with nanoseconds.
---@return number seconds on a clock that only goes forward
function timer.now() end

---Calls `fn(...)` once, after that time.
---@param time procrun.time
---@param fn async fun(...)
---@param ... any
---@return procrun.timer
function timer.after(time, fn, ...) end

---Calls `fn(...)` again and again, for the first time after one period.
---@param time procrun.time
---@param fn async fun(...)
---@param ... any
---@return procrun.timer
function timer.every(time, fn, ...) end

return timer
