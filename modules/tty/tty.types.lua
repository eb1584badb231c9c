---@meta procrun.tty

---A stream of procrun, a file of io, or a descriptor.
---@alias procrun.terminal { fileno: fun(self): integer? } | file* | integer

---@class procrun.raw_mode
local guard = {}

function guard:close() end

local tty = {}

---Whether it is a terminal; standard output without an argument.
---@param stream? procrun.terminal standard output by default
---@return boolean
function tty.is_tty(stream) end

---Whether what is written there may be coloured: a terminal, unless the environment says otherwise.
---@param stream? procrun.terminal standard output by default
---@return boolean
function tty.has_colour(stream) end

---The columns the text takes on a terminal; of several lines, those of the widest.
---@param text string
---@return integer columns
function tty.width(text) end

---The text without escape sequences.
---@param text string
---@return string
function tty.strip(text) end

---The longest beginning of the text that fits; escape sequences of the rest are kept.
---@param text string
---@param columns integer
---@return string
---@return integer columns it takes
function tty.cut(text, columns) end

---The size of the terminal in characters.
---@param stream? procrun.terminal
---@return integer? columns
---@return integer | string rows or the message
---@return string? code "ENOTTY", "EBADF", "ENODATA"
function tty.size(stream) end

---Takes the terminal (that of standard input without an argument) into raw mode: input comes byte
---by byte and is not shown, and Ctrl-C, Ctrl-Z and the like are bytes as others.
---@param stream? procrun.terminal standard input by default
---@return procrun.raw_mode?
---@return string? message
---@return string? code
function tty.raw(stream) end

---Switches raw mode on and off where a block does not fit.
---@param on boolean
---@param stream? procrun.terminal standard input by default
---@return true?
---@return string? message
---@return string? code
function tty.set_raw(on, stream) end

return tty
