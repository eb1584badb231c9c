---@meta procrun.pipe

local pipe = {}

---A kernel pipe.
---@return procrun.stream? reader
---@return procrun.stream | string writer or the message
---@return string? code "EMFILE", "ENFILE"
function pipe.new() end

---Two connected sockets; both ends can be read and written.
---@return procrun.stream? a
---@return procrun.stream | string b or the message
---@return string? code "EMFILE", "ENFILE"
function pipe.pair() end

return pipe
