---@meta procrun.repl

---@class procrun.repl_options
---@field input? procrun.stream both or none
---@field output? procrun.stream
---@field env? table the globals; _G
---@field prompt? string

local repl = {}

---Reads lines and runs them until the input ends.
---@async
---@param options? procrun.repl_options
function repl.start(options) end

return repl
