---@meta procrun.path

local path = { sep = "/" }

---Whether it begins with `/`.
---@param p string
---@return boolean
function path.is_absolute(p) end

---Without double slashes and `.`, every `..` resolved where a name stands before it.
---@param p string
---@return string
function path.normal(p) end

---The paths put together with `/`, normalized.
---@param ... string
---@return string
function path.join(...) end

---The absolute, normalized path without a slash at its end.
---@param p string
---@param base? string the working directory by default
---@return string? path
---@return string? message
---@return string? code
function path.absolute(p, base) end

---The path that leads from the directory `from` to `to`.
---@param from string
---@param to string
---@return string? path
---@return string? message
---@return string? code
function path.relative(from, to) end

---`dirname(p)` and `basename(p)`.
---@param p string
---@return string dir
---@return string name
function path.split(p) end

---All but the last name, `"."` if there is nothing else.
---@param p string
---@return string
function path.dirname(p) end

---The last name; without `ext` at its end, if it ends so and is longer.
---@param p string
---@param ext? string taken off the end of the name
---@return string
function path.basename(p, ext) end

---The end of the last name from its last dot on, the dot included.
---@param p string
---@return string extension with its dot, or ""
function path.extension(p) end

---The last name without its extension.
---@param p string
---@return string
function path.stem(p) end

---The path with another extension, given with or without its dot, or with none for `""`.
---@param p string
---@param ext string with or without its dot; "" takes the extension away
---@return string
function path.with_extension(p, ext) end

---The names in the path, `"/"` first if it is absolute.
---@param p string
---@return string[]
function path.parts(p) end

---Whether `p`, taken from `base` if it is relative, is `base` or below it: the test for a name
---that somebody else has chosen (`is_inside("../../etc/passwd", "/srv/files")` is false) before it
---is joined to a directory.
---@param p string
---@param base string
---@return boolean? inside
---@return string? message
---@return string? code
function path.is_inside(p, base) end

---@class procrun.path.match_options
---@field dot? boolean wildcards match hidden names
---@field nocase? boolean

---Whether the whole path matches the pattern, or one of a list of them: what `fs.glob` would list.
---@param p string
---@param pattern string|string[]
---@param options? procrun.path.match_options
---@return boolean
function path.match(p, pattern, options) end

---A leading `~` replaced by the home directory (`HOME`, or the user database if that is unset or
---empty), a leading `~name` by that user's.
---@async
---@param p string
---@return string? path
---@return string? message
---@return string? code
function path.expand(p) end

return path
