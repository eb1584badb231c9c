---@meta procrun.sync

---@class procrun.sync.mutex
---@field name string
local mutex = {}

---@async
---@param timeout? procrun.time
---@return procrun.sync.guard? guard
---@return string? message `"abandoned"` beside a guard: the holder before ended without unlocking
---@return string? code `"ETIMEDOUT"`, `"ECANCELED"`
function mutex:lock(timeout) end

---@async
---@return procrun.sync.guard? guard
---@return string? message `"abandoned"` beside a guard
---@return string? code `"EBUSY"`
function mutex:try_lock() end

function mutex:unlock() end

function mutex:close() end

---@class procrun.sync.guard
local guard = {}

function guard:unlock() end

---@class procrun.sync.semaphore
---@field name string
local semaphore = {}

---@async
---@param timeout? procrun.time
---@return procrun.sync.permit? permit
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"ECANCELED"`
function semaphore:acquire(timeout) end

---@async
---@return procrun.sync.permit? permit
---@return string? message
---@return string? code `"EBUSY"`
function semaphore:try_acquire() end

---@param count? integer 1 without it
function semaphore:release(count) end

---@async
---@return integer? units that nobody holds
---@return string? message
---@return string? code
function semaphore:value() end

function semaphore:close() end

---@class procrun.sync.permit
local permit = {}

function permit:release() end

---@class procrun.sync.event
---@field name string
local event = {}

---@async
---@return procrun.sync.event?
---@return string? message
---@return string? code
function event:set() end

---@async
---@return procrun.sync.event?
---@return string? message
---@return string? code
function event:clear() end

---@return boolean?
---@return string? message
---@return string? code
function event:is_set() end

---@async
---@param timeout? procrun.time
---@return true?
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"ECANCELED"`
function event:wait(timeout) end

function event:close() end

local sync = {}

---@async
---@param name string letters, digits and `. _ - :`
---@return procrun.sync.mutex?
---@return string? message
---@return string? code
function sync.mutex(name) end

---@async
---@param name string letters, digits and `. _ - :`
---@param n integer how many units there are
---@return procrun.sync.semaphore?
---@return string? message
---@return string? code `"EINVAL"`: it is in use with another number
function sync.semaphore(name, n) end

---@async
---@param name string letters, digits and `. _ - :`
---@return procrun.sync.event?
---@return string? message
---@return string? code
function sync.event(name) end

return sync
