---@meta procrun.bundle

---@class procrun.bundle.stat
---@field type "file" | "directory" | string
---@field size integer 0 for a directory
---@field executable boolean

local bundle = {}

---Whether this program was made by `procrun bundle`.
---@type boolean
bundle.is_bundle = false

---@async
---@param name string
---@return string? bytes
---@return string? message
---@return string? code
function bundle.read(name) end

---@async
---@param name string
---@param format? "l" | "L"
---@return fun(): string?
function bundle.lines(name, format) end

---@async
---@param name string
---@return procrun.bundle.stat?
---@return string? message
---@return string? code
function bundle.stat(name) end

---@async
---@param name string
---@return boolean
function bundle.exists(name) end

---@async
---@param folder? string the top by default
---@return string[]? names
---@return { [string]: string } | string types or the message
---@return string? code
function bundle.list(folder) end

---@param name string
---@param env? table
---@return function?
---@return string? message
---@return string? code
function bundle.loadfile(name, env) end

---@async
---@param name string
---@return string? path
---@return string? message
---@return string? code
function bundle.path(name) end

---@async
---@param name string a file or a folder
---@param path string
---@return true?
---@return string? message
---@return string? code
function bundle.extract(name, path) end

return bundle
