---@meta procrun.channel

---One end of a channel: a child object, or `process`.
---@class procrun.peer: procrun.emitter
---@field connected boolean
---@field channel procrun.channel?
local peer = {}

---@async
---@param message any a value that JSON can say
---@param handle? procrun.server|procrun.socket|procrun.udp
---@param options? { keep_open: boolean? }
---@param callback? async fun(err: procrun.error?)
---@return boolean? accepted nil for a failure, false where the callback is told of it
---@return string? message
---@return string? code
---@overload async fun(self, message: any, callback: async fun(err: procrun.error?)): boolean
---@overload async fun(self, message: any, handle: any, callback: async fun(err: procrun.error?)): boolean
function peer:send(message, handle, options, callback) end

---The next message; waits for it.
---@async
---@param timeout? number|string
---@return any message nil at the end and when the time is over
---@return any handle what came with it; without a message "disconnected" | "timeout"
---@return string? code "EPIPE" | "ETIMEDOUT"
function peer:receive(timeout) end

---The messages, each with its handle if it has one, until the channel is disconnected.
---@return async fun(): any, any messages, each with its handle
function peer:messages() end

---Waits until the kernel has all that was sent so far.
---@async
---@param timeout? number|string
---@return true?
---@return string? message
---@return string? code
function peer:flush(timeout) end

---Ends the channel: nothing more is accepted, what is queued still goes out, then the peer is
---told.
function peer:disconnect() end

---@alias procrun.peer_event "message" | "internal_message" | "disconnect" | "error"

---Adds a listener; the page names the events.
---@param name procrun.peer_event | string
---@param fn async fun(...)
---@return self
function peer:on(name, fn) end

---Adds a listener that is called once.
---@param name procrun.peer_event | string
---@param fn async fun(...)
---@return self
function peer:once(name, fn) end

---@class procrun.channel
local channel = {}

---While it is open, the channel keeps this process alive.
---@return procrun.channel
function channel:ref() end

---It does not keep this process alive.
---@return procrun.channel
function channel:unref() end
