---@meta procrun.json

---@class procrun.json_encode_options
---@field indent? integer blanks a level, 0 to 16; 0 (the default): one line
---@field sort_keys? boolean keys in byte order
---@field stringify_keys? boolean integer keys become strings instead of an error
---@field nan? "null" | "error" what NaN and infinities become
---@field invalid? "replace" | "error" what bytes that are not UTF-8 become
---@field depth? integer deepest nesting, 1 to 1000; 128

---@class procrun.json_decode_options
---@field null? "nil" | "null" what JSON's null becomes
---@field depth? integer deepest nesting, 1 to 1000; 128

local json = {
  ---Stands for JSON's null. It is true in a condition: compare with it.
  ---@type lightuserdata
  null = nil,
}

---The JSON text of the value.
---@param value any
---@param options? procrun.json_encode_options | string options, or the blanks of a level
---@return string? text
---@return string? message
---@return string? code
function json.encode(value, options) end

---The value of a JSON text, with blanks around it or without.
---@param text string
---@param options? procrun.json_decode_options
---@return any value
---@return string? message
---@return string? code
function json.decode(text, options) end

---Marks a table, or a new one, as a JSON array, by a metatable.
---@generic T: table
---@param t? T
---@return T
function json.array(t) end

---Marks a table, or a new one, as a JSON object, by a metatable.
---@generic T: table
---@param t? T
---@return T
function json.object(t) end

---Whether `encode` would write the value as a list: one that is marked, or an unmarked table whose
---keys are exactly 1 to n, the empty table included.
---@param value any
---@return boolean
function json.is_array(value) end

return json
