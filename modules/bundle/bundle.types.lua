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

---The lines of a file, without their ends, or with format `"L"` as they are; raises what goes
---wrong.
---@async
---@param name string
---@param format? "l" | "L"
---@return fun(): string?
function bundle.lines(name, format) end

---`type` is `"file"` or `"directory"` (which exist by the files in them; their size is 0).
---@async
---@param name string
---@return procrun.bundle.stat?
---@return string? message
---@return string? code
function bundle.stat(name) end

---Is there such a file or folder?.
---@async
---@param name string
---@return boolean
function bundle.exists(name) end

---The names in a folder, sorted, and a table from each name to its type.
---@async
---@param folder? string the top by default
---@return string[]? names
---@return { [string]: string } | string types or the message
---@return string? code
function bundle.list(folder) end

---As `loadfile`, for a Lua file of the program.
---@param name string
---@param env? table
---@return function?
---@return string? message
---@return string? code
function bundle.loadfile(name, env) end

---The absolute path of a file of the program, for `proc.fork`, `proc.exec_luafile` and messages.
---@async
---@param name string
---@return string? path
---@return string? message
---@return string? code
function bundle.path(name) end

---Writes a file, or a folder with all that is in it, to the disk, for programs that want a file.
---@async
---@param name string a file or a folder
---@param path string
---@return true?
---@return string? message
---@return string? code
function bundle.extract(name, path) end

return bundle
