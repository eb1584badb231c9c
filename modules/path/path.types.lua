---@meta procrun.path

local path = { sep = "/" }

---@param p string
---@return boolean
function path.is_absolute(p) end

---@param p string
---@return string
function path.normal(p) end

---@param ... string
---@return string
function path.join(...) end

---@param p string
---@param base? string the working directory by default
---@return string? path
---@return string? message
---@return string? code
function path.absolute(p, base) end

---@param from string
---@param to string
---@return string? path
---@return string? message
---@return string? code
function path.relative(from, to) end

---@param p string
---@return string dir
---@return string name
function path.split(p) end

---@param p string
---@return string
function path.dirname(p) end

---@param p string
---@param ext? string taken off the end of the name
---@return string
function path.basename(p, ext) end

---@param p string
---@return string extension with its dot, or ""
function path.extension(p) end

---@param p string
---@return string
function path.stem(p) end

---@param p string
---@param ext string with or without its dot; "" takes the extension away
---@return string
function path.with_extension(p, ext) end

---@param p string
---@return string[]
function path.parts(p) end

---@param p string
---@param base string
---@return boolean? inside
---@return string? message
---@return string? code
function path.is_inside(p, base) end

---@class procrun.path.match_options
---@field dot? boolean wildcards match hidden names
---@field nocase? boolean

---@param p string
---@param pattern string|string[]
---@param options? procrun.path.match_options
---@return boolean
function path.match(p, pattern, options) end

---@async
---@param p string
---@return string? path
---@return string? message
---@return string? code
function path.expand(p) end

return path
