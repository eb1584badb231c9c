---@meta procrun

local procrun = {}

---"0.1.0"
---@type string
procrun.version = ""

---Facts about this build, as `procrun --config` prints them.
---@return table<string, string>
function procrun.config() end

return procrun
