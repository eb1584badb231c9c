---@meta procrun.stream

---@class procrun.stream: procrun.emitter
---@field max_line integer the longest line that read and lines take; 1 MiB unless set
---@field is_tty boolean
---@field columns? integer of a terminal
---@field rows? integer of a terminal
local stream = {}

---@alias procrun.read_format "l" | "L" | "a" | "n" | integer

---@async
---@param ... procrun.read_format "l" by default
---@return string | number? value
---@return string | number ... the other values, or the message and the code
function stream:read(...) end

---@async
---@param max? integer 128 KiB by default
---@return string? bytes nil at the end
---@return string? message
---@return string? code
function stream:read_some(max) end

---@param ... procrun.read_format "l" by default
---@return async fun(): string | number, ...
function stream:lines(...) end

---@async
---@param ... string | number
---@return procrun.stream?
---@return string? message
---@return string? code "EPIPE", "EBADF", "ECANCELED", …
function stream:write(...) end

---@async
---@return procrun.stream?
---@return string? message
---@return string? code
function stream:flush() end

---@async
---@param data? string | number
---@return procrun.stream?
---@return string? message
---@return string? code
function stream:finish(data) end

---@async
---@return true?
---@return string? message
---@return string? code
function stream:close() end

---@param destination procrun.stream
---@param options? { finish: boolean }
---@return procrun.task task its results: true | nil, message, code
function stream:pipe(destination, options) end

---@return integer?
function stream:fileno() end

---@return self
function stream:ref() end

---@return self
function stream:unref() end

---@alias procrun.stream_event "data" | "end" | "error" | "close"

---@param name procrun.stream_event
---@param fn async fun(...)
---@return self
function stream:on(name, fn) end

---@param name procrun.stream_event
---@param fn async fun(...)
---@return self
function stream:once(name, fn) end

local M = {}

---@param value any
---@return boolean
function M.is_stream(value) end

---For the modules that make streams.
---@param core userdata
---@return procrun.stream
function M.wrap(core) end

return M
