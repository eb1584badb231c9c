---@meta procrun.sync

---@class procrun.sync.mutex
---@field name string
local mutex = {}

---Waits until the mutex is ours.
---@async
---@param timeout? procrun.time
---@return procrun.sync.guard? guard
---@return string? message `"abandoned"` beside a guard: the holder before ended without unlocking
---@return string? code `"ETIMEDOUT"`, `"ECANCELED"`
function mutex:lock(timeout) end

---The same without waiting.
---@async
---@return procrun.sync.guard? guard
---@return string? message `"abandoned"` beside a guard
---@return string? code `"EBUSY"`
function mutex:try_lock() end

---Unlocks what was locked through this object, for those who do not keep the guard.
function mutex:unlock() end

---Lets go of it; what it is for others stays.
function mutex:close() end

---@class procrun.sync.guard
local guard = {}

---Also at the end of the block of a `<close>` variable.
function guard:unlock() end

---@class procrun.sync.semaphore
---@field name string
local semaphore = {}

---Waits for a unit.
---@async
---@param timeout? procrun.time
---@return procrun.sync.permit? permit
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"ECANCELED"`
function semaphore:acquire(timeout) end

---The same without waiting.
---@async
---@return procrun.sync.permit? permit
---@return string? message
---@return string? code `"EBUSY"`
function semaphore:try_acquire() end

---Gives back units that were acquired through this object, one without `count`, the oldest first,
---for those who do not keep the permits.
---@param count? integer 1 without it
function semaphore:release(count) end

---How many units nobody holds, now.
---@async
---@return integer? units that nobody holds
---@return string? message
---@return string? code
function semaphore:value() end

---Lets go of it; what it is for others stays.
function semaphore:close() end

---@class procrun.sync.permit
local permit = {}

---Also at the end of the block of a `<close>` variable.
function permit:release() end

---@class procrun.sync.event
---@field name string
local event = {}

---All who wait go on, and nobody waits until it is cleared.
---@async
---@return procrun.sync.event?
---@return string? message
---@return string? code
function event:set() end

---From now on `wait` waits again.
---@async
---@return procrun.sync.event?
---@return string? message
---@return string? code
function event:clear() end

---Whether it is set.
---@return boolean?
---@return string? message
---@return string? code
function event:is_set() end

---Waits until it is set.
---@async
---@param timeout? procrun.time
---@return true?
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"ECANCELED"`
function event:wait(timeout) end

---Lets go of it; what it is for others stays.
function event:close() end

local sync = {}

---The mutex of that name, shared by all processes of this user.
---@async
---@param name string letters, digits and `. _ - :`
---@return procrun.sync.mutex?
---@return string? message
---@return string? code
function sync.mutex(name) end

---`n` units for all processes together.
---@async
---@param name string letters, digits and `. _ - :`
---@param n integer how many units there are
---@return procrun.sync.semaphore?
---@return string? message
---@return string? code `"EINVAL"`: it is in use with another number
function sync.semaphore(name, n) end

---Set or not.
---@async
---@param name string letters, digits and `. _ - :`
---@return procrun.sync.event?
---@return string? message
---@return string? code
function sync.event(name) end

return sync
