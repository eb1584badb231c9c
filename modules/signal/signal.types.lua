---@meta procrun.signal

---@alias procrun.signal_name string | integer "SIGTERM", "TERM", 15

---@class procrun.signal_subscription
local subscription = {}

---@async
---@param timeout? procrun.time
---@return string? name
---@return string? message
---@return string? code "ETIMEDOUT", "ECANCELED"
function subscription:wait(timeout) end

function subscription:close() end

local signal = {}

---@async
---@param signals procrun.signal_name | procrun.signal_name[]
---@param timeout? procrun.time
---@return string? name
---@return string? message
---@return string? code "ETIMEDOUT", "EINVAL"
---@overload async fun(first: procrun.signal_name, second: string, ...: string | number): string?, string?, string?
function signal.wait(signals, timeout) end

---@param signals procrun.signal_name | procrun.signal_name[]
---@param ... procrun.signal_name
---@return procrun.signal_subscription?
---@return string? message
---@return string? code
function signal.open(signals, ...) end

---@param name string
---@return integer?
---@return string? message
---@return string? code
function signal.number(name) end

---@param number integer
---@return string?
---@return string? message
---@return string? code
function signal.name(number) end

---@return string[]
function signal.names() end

return signal
