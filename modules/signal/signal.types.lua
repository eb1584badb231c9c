---@meta procrun.signal

---@alias procrun.signal_name string | integer "SIGTERM", "TERM", 15

---@class procrun.signal_subscription
local subscription = {}

---The next signal.
---@async
---@param timeout? procrun.time
---@return string? name
---@return string? message
---@return string? code "ETIMEDOUT", "ECANCELED"
function subscription:wait(timeout) end

---The default actions return, and what was not taken is forgotten.
function subscription:close() end

local signal = {}

---Waits for one of the signals (`signal.wait("TERM")`, `signal.wait({"INT", "TERM"}, "5s")`, also
---`signal.wait("INT", "TERM", "5s")`) and returns its name.
---@async
---@param signals procrun.signal_name | procrun.signal_name[]
---@param timeout? procrun.time
---@return string? name
---@return string? message
---@return string? code "ETIMEDOUT", "EINVAL"
---@overload async fun(first: procrun.signal_name, second: string, ...: string | number): string?, string?, string?
function signal.wait(signals, timeout) end

---From here on the signals are counted until they are taken by `wait`, at most 1024 of each.
---@param signals procrun.signal_name | procrun.signal_name[]
---@param ... procrun.signal_name
---@return procrun.signal_subscription?
---@return string? message
---@return string? code
function signal.open(signals, ...) end

---The number of `"SIGTERM"`, `"TERM"` or `"sigterm"`; real-time signals are `"SIGRTMIN+3"`.
---@param name string
---@return integer?
---@return string? message
---@return string? code
function signal.number(name) end

---The name of a number, `"SIGTERM"`.
---@param number integer
---@return string?
---@return string? message
---@return string? code
function signal.name(number) end

---The names of all signals of this system, in the order of their numbers.
---@return string[]
function signal.names() end

return signal
