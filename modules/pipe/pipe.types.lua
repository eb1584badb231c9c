---@meta procrun.pipe

local pipe = {}

---@return procrun.stream? reader
---@return procrun.stream | string writer or the message
---@return string? code "EMFILE", "ENFILE"
function pipe.new() end

---@return procrun.stream? a
---@return procrun.stream | string b or the message
---@return string? code "EMFILE", "ENFILE"
function pipe.pair() end

return pipe
