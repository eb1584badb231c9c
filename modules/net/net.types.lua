---@meta procrun.net

local M = {}

-- Looking up names --------------------------------------------------------------------------------

---@class procrun.lookup_options
---@field family? 4 | 6
---@field all? boolean
---@field order? "verbatim" | "ipv4first" | "ipv6first"
---@field timeout? number | string

---@class procrun.host_address
---@field address string
---@field family 4 | 6

---@param host string
---@param options? procrun.lookup_options | 4 | 6
---@return string | procrun.host_address[]? address
---@return 4 | 6 | string family or the message
---@return string? code "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", …
function M.lookup(host, options) end

return M
