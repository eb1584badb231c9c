---@meta procrun.tty

---A stream of procrun, a file of io, or a descriptor.
---@alias procrun.terminal { fileno: fun(self): integer? } | file* | integer

---@class procrun.raw_mode
local guard = {}

function guard:close() end

local tty = {}

---@param stream? procrun.terminal standard output by default
---@return boolean
function tty.is_tty(stream) end

---@param stream? procrun.terminal
---@return integer? columns
---@return integer | string rows or the message
---@return string? code "ENOTTY", "EBADF", "ENODATA"
function tty.size(stream) end

---@param stream? procrun.terminal standard input by default
---@return procrun.raw_mode?
---@return string? message
---@return string? code
function tty.raw(stream) end

---@param on boolean
---@param stream? procrun.terminal standard input by default
---@return true?
---@return string? message
---@return string? code
function tty.set_raw(on, stream) end

return tty
