-- json.lua - Lua values as JSON text and back: json.decode(json.encode({ 1, 2.5, "three" }))

local core = require "procrun.core.json"

local M = {}

--- json.encode(value, [options]) -> text | nil, message, code
M.encode = core.encode

--- json.decode(text, [options]) -> value | nil, message, code
M.decode = core.decode

--- json.array([table]) -> table
M.array = core.array

--- json.object([table]) -> table
M.object = core.object

--- json.is_array(value) -> boolean
M.is_array = core.is_array

--- json.null stands for JSON's null: a light userdata, so it is true in a condition
M.null = core.null

return M
