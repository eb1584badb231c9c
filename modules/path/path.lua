-- path.lua - the text of POSIX paths: path.join("a", "../b") --> "b". Follows Node's path.posix.
--
-- No function here looks at the file system, except that a relative path is made absolute with the
-- working directory, and that expand looks up users.

local M = { sep = "/" }

-- Numbers pass, as they do in the string library.
local function check(index, name, value)
  if math.type(value) then
    return tostring(value)
  elseif type(value) ~= "string" then
    local text = "bad argument #%d to '%s' (path expected, got %s)"
    error(text:format(index, name, type(value)), 3)
  elseif value:find("\0", 1, true) then
    error(("bad argument #%d to '%s' (path contains a NUL byte)"):format(index, name), 3)
  end
  return value
end

-- The names in p without empty ones and "."; ".." takes a name away, and stays only where there is
-- none and `keep` is true (above the root there is nothing but the root).
local function resolved(p, keep)
  local names, n = {}, 0
  for name in p:gmatch("[^/]+") do
    if name == ".." and n > 0 and names[n] ~= ".." then
      names[n], n = nil, n - 1
    elseif name ~= "." and (name ~= ".." or keep) then
      n = n + 1
      names[n] = name
    end
  end
  return names
end

local function is_absolute(p)
  return p:byte() == 47
end

local function normal(p)
  local absolute = is_absolute(p)
  local text = table.concat(resolved(p, not absolute), "/")
  if text == "" then
    return absolute and "/" or p:sub(-1) == "/" and "./" or "."
  end
  return (absolute and "/" or "") .. text .. (p:sub(-1) == "/" and "/" or "")
end

-- p cut at its last name: what stands before the name, and the name without slashes behind it.
local function cut(p)
  local stop = #p
  while stop > 0 and p:byte(stop) == 47 do
    stop = stop - 1
  end
  local before = p:sub(1, stop):match("^.*/") or ""
  return before, p:sub(#before + 1, stop)
end

local function dirname(p)
  local before = cut(p)
  if before == "" then
    return is_absolute(p) and "/" or "."
  elseif before == "/" or before == "//" then
    return before
  end
  return before:sub(1, -2)
end

local function extension(name)
  return name ~= ".." and name:match("^.+(%.[^.]*)$") or ""
end

--- path.is_absolute(p) -> boolean
function M.is_absolute(p)
  return is_absolute(check(1, "is_absolute", p))
end

--- path.normal(p) -> string
function M.normal(p)
  return normal(check(1, "normal", p))
end

--- path.join(...) -> string
function M.join(...)
  local given = {}
  for i = 1, select("#", ...) do
    local p = check(i, "join", (select(i, ...)))
    if p ~= "" then
      given[#given + 1] = p
    end
  end
  return normal(table.concat(given, "/"))
end

-- The absolute path without a slash at its end; the working directory is asked for if needed.
local function absolute(p, base)
  if not is_absolute(p) then
    p = base .. "/" .. p
    if not is_absolute(p) or base == "" then
      local cwd, message, code = require("procrun.core.fs").cwd()
      if not cwd then
        return nil, "cwd: " .. message, code
      end
      p = cwd .. "/" .. p
    end
  end
  return "/" .. table.concat(resolved(p), "/")
end

--- path.absolute(p, [base]) -> string | nil, message, code
function M.absolute(p, base)
  p = check(1, "absolute", p)
  base = base ~= nil and check(2, "absolute", base) or ""
  return absolute(p, base)
end

--- path.relative(from, to) -> string | nil, message, code
function M.relative(from, to)
  from, to = check(1, "relative", from), check(2, "relative", to)
  local message, code
  from, message, code = absolute(from, "")
  if not from then
    return nil, message, code
  end
  to, message, code = absolute(to, "")
  if not to then
    return nil, message, code
  end
  local here, there = resolved(from), resolved(to)
  local common = 0
  while here[common + 1] and here[common + 1] == there[common + 1] do
    common = common + 1
  end
  local names = {}
  for _ = common + 1, #here do
    names[#names + 1] = ".."
  end
  table.move(there, common + 1, #there, #names + 1, names)
  return table.concat(names, "/")
end

--- path.split(p) -> dir, name
function M.split(p)
  p = check(1, "split", p)
  local _, name = cut(p)
  return dirname(p), name
end

--- path.dirname(p) -> string
function M.dirname(p)
  return dirname(check(1, "dirname", p))
end

--- path.basename(p, [ext]) -> string
function M.basename(p, ext)
  p = check(1, "basename", p)
  ext = ext ~= nil and check(2, "basename", ext) or ""
  local _, name = cut(p)
  if ext == p then
    return ""
  elseif ext ~= "" and #ext < #name and name:sub(-#ext) == ext then
    return name:sub(1, -#ext - 1)
  end
  return name
end

--- path.extension(p) -> string
function M.extension(p)
  local _, name = cut(check(1, "extension", p))
  return extension(name)
end

--- path.stem(p) -> string
function M.stem(p)
  local _, name = cut(check(1, "stem", p))
  return name:sub(1, -#extension(name) - 1)
end

--- path.with_extension(p, ext) -> string
function M.with_extension(p, ext)
  p, ext = check(1, "with_extension", p), check(2, "with_extension", ext)
  local before, name = cut(p)
  if name == "" or name == "." or name == ".." then
    local text = "bad argument #1 to 'with_extension' (path that ends in a name expected, got '%s')"
    error(text:format(p), 2)
  elseif ext:find("/", 1, true) then
    error("bad argument #2 to 'with_extension' (extension contains a slash)", 2)
  end
  local dot = ext ~= "" and ext:byte() ~= 46 and "." or ""
  return before .. name:sub(1, -#extension(name) - 1) .. dot .. ext
end

--- path.parts(p) -> list of strings
function M.parts(p)
  p = check(1, "parts", p)
  local names = { is_absolute(p) and "/" or nil }
  for name in p:gmatch("[^/]+") do
    if name ~= "." then
      names[#names + 1] = name
    end
  end
  return names
end

--- path.is_inside(p, base) -> boolean | nil, message, code
function M.is_inside(p, base)
  p, base = check(1, "is_inside", p), check(2, "is_inside", base)
  local message, code
  base, message, code = absolute(base, "")
  if not base then
    return nil, message, code
  end
  p = absolute(p, base)
  return p == base or base == "/" or p:sub(1, #base + 1) == base .. "/"
end

-- Compiled patterns: each for as long as nobody needs the memory.
local specs = setmetatable({}, { __mode = "v" })
local NONE <const> = {}

--- path.match(p, pattern, [options]) -> boolean
function M.match(p, pattern, options)
  p = check(1, "match", p)
  options = options == nil and NONE or require("procrun.fs.glob_options").check_match(options)
  local flags = (options.dot and 1 or 0) + (options.nocase and 2 or 0)
  local key = type(pattern) == "string" and flags .. pattern
  local spec = key and specs[key]
  if not spec then
    spec = require("procrun.fs.glob_options").to_match(pattern, options)
    if key then
      specs[key] = spec
    end
  end
  return spec:match(p)
end

--- path.expand(p) -> string | nil, message, code
function M.expand(p)
  p = check(1, "expand", p)
  local user, rest = p:match("^~([^/]*)(.*)$")
  if not user then
    return p
  end
  local home = require("procrun.path.home")(user)
  if not home then
    local why = user == "" and "HOME is not set" or "no such user"
    return nil, ("expand %s: %s"):format(p, why), "ENOENT"
  end
  home = home:match("^(.-)/*$") -- the home "/" with "/x" behind it is "/x"
  return home .. rest == "" and "/" or home .. rest
end

return M
