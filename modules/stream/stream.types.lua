---@meta procrun.stream

---@class procrun.stream: procrun.emitter
---@field max_line integer the longest line that read and lines take; 1 MiB unless set
---@field is_tty boolean
---@field columns? integer of a terminal
---@field rows? integer of a terminal
local stream = {}

---@alias procrun.read_format "l" | "L" | "a" | "n" | integer

---As Lua's `file:read`; several formats give several values, up to the first that fails.
---@async
---@param ... procrun.read_format "l" by default
---@return string | number? value
---@return string | number ... the other values, or the message and the code
function stream:read(...) end

---What has come, at least one byte, at most `max` (128 KiB): the fastest way through large output.
---@async
---@param max? integer 128 KiB by default
---@return string? bytes nil at the end
---@return string? message
---@return string? code
function stream:read_some(max) end

---Calls `read` with the formats until the end.
---@param ... procrun.read_format "l" by default
---@return async fun(): string | number, ...
function stream:lines(...) end

---Writes strings and numbers and waits until the kernel has them.
---@async
---@param ... string | number
---@return procrun.stream?
---@return string? message
---@return string? code "EPIPE", "EBADF", "ECANCELED", …
function stream:write(...) end

---Waits until the kernel has everything that was written so far.
---@async
---@return procrun.stream?
---@return string? message
---@return string? code
function stream:flush() end

---Writes data, flushes, and ends the writing side.
---@async
---@param data? string | number
---@return procrun.stream?
---@return string? message
---@return string? code
function stream:finish(data) end

---Flushes and closes; a callback is refused.
---@async
---@return true?
---@return string? message
---@return string? code
function stream:close() end

---A task writes all that comes to `destination`, a stream, and then finishes it (not with `finish
---= false`, and never standard output).
---@param destination procrun.stream
---@param options? { finish: boolean }
---@return procrun.task task its results: true | nil, message, code
function stream:pipe(destination, options) end

---The number of the descriptor, nil when closed.
---@return integer?
function stream:fileno() end

---Listeners, and a piped output of a child that was unref'd, keep this process alive until the end
---of the stream: the default.
---@return self
function stream:ref() end

---It does not keep the process alive.
---@return self
function stream:unref() end

---@alias procrun.stream_event "data" | "end" | "error" | "close"

---Adds a listener; the page names the events.
---@param name procrun.stream_event
---@param fn async fun(...)
---@return self
function stream:on(name, fn) end

---Adds a listener that is called once.
---@param name procrun.stream_event
---@param fn async fun(...)
---@return self
function stream:once(name, fn) end

local M = {}

---Is this a stream of ours?.
---@param value any
---@return boolean
function M.is_stream(value) end

---For the modules that make streams.
---@param core userdata
---@return procrun.stream
function M.wrap(core) end

return M
