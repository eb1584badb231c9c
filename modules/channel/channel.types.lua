---@meta procrun.channel

---One end of a channel: a child object, or `process`.
---@class procrun.peer: procrun.emitter
---@field connected boolean
---@field channel procrun.channel?
local peer = {}

---@param message any a value that JSON can say
---@param handle? nil
---@param options? { keep_open: boolean? }
---@param callback? fun(err: procrun.error?)
---@return boolean? accepted
---@return string? message
---@return string? code
---@overload fun(self, message: any, callback: fun(err: procrun.error?)): boolean
function peer:send(message, handle, options, callback) end

---@param timeout? number|string
---@return any message nil at the end and when the time is over
---@return string? reason "disconnected" | "timeout"
---@return string? code "EPIPE" | "ETIMEDOUT"
function peer:receive(timeout) end

---@return fun(): any
function peer:messages() end

---@param timeout? number|string
---@return true?
---@return string? message
---@return string? code
function peer:flush(timeout) end

function peer:disconnect() end

---@class procrun.channel
local channel = {}

---@return procrun.channel
function channel:ref() end

---@return procrun.channel
function channel:unref() end
