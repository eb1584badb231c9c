---@meta procrun

local procrun = {}

---"0.1.0"
---@type string
procrun.version = ""

return procrun
