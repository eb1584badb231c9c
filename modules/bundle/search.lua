-- search.lua - the searchers of a bundle: Lua files as in a script's folder, then C modules; and
-- what package.path and package.cpath name of it. Called with the files, the core, the folder of
-- the script, "" at the top, and the function that finds the bundled file for a path.

local files, core, folder, file_of = ...

local M = {}

local libraries = {} -- number of a file -> the path that package.loadlib knows its library by

-- luaopen_a_b, as Lua itself derives it: of "v1-a.b" what stands before the hyphen, or behind it.
local function openers(name)
  local before, behind = name:match("^([^-]*)-(.*)$")
  local list = before and {before, behind} or {name}
  for i, text in ipairs(list) do list[i] = "luaopen_" .. text:gsub("%.", "_") end
  return list
end

-- Loads the library by asking for one of its functions. From a temporary file where memory will not
-- do: a kernel that denies it, or no /proc.
local function load_first(number, opener)
  local f, message, what
  local unstaged = {}
  for _, in_memory in ipairs {true, false} do
    local path, fd = files:stage(number, in_memory)
    if path then
      f, message, what = package.loadlib(path, opener)
      if fd then core.close(fd) else os.remove(path) end
      if f or what == "init" then
        libraries[number] = path
        break
      end
    else
      unstaged[#unstaged + 1] = fd
    end
  end
  return f, message or table.concat(unstaged, "; ")
end

-- The function that opens the module | nil, message, and whether the library as such is loaded.
local function find_opener(number, name)
  local f, message
  for _, opener in ipairs(openers(name)) do
    if libraries[number] then
      f, message = package.loadlib(libraries[number], opener)
    else
      f, message = load_first(number, opener)
    end
    if f then return f end
  end
  return nil, message, libraries[number] ~= nil
end

local function fail(name, file, message)
  error(("error loading module '%s' from bundled file '%s':\n\t%s"):format(name, file, message), 0)
end

local function load_lua(name, number, file)
  local chunk, message = files:load(number, "@" .. file)
  if not chunk then fail(name, file, message) end
  return chunk, file
end

local function load_library(name, number, file, is_root)
  local f, message, is_loaded = find_opener(number, name)
  if f then return f, file end
  if is_root and is_loaded then return nil end -- it has other modules
  fail(name, file, message)
end

-- As a path: "./a" is "//a" for Lua, and found.
local function base_of(name)
  return (name:gsub("%.", "/"):gsub("//+", "/"):gsub("^/", ""))
end

function M.by_name(name)
  local base, tried = base_of(name), {}
  local function try(file, load, ...)
    local number = files:find(file)
    if number then return load(name, number, file, ...) end
    tried[#tried + 1] = ("no bundled file '%s'"):format(file)
  end
  for _, prefix in ipairs(folder ~= "" and {folder .. "/", ""} or {""}) do
    for _, suffix in ipairs {".lua", "/init.lua", ".so"} do
      local load = suffix == ".so" and load_library or load_lua
      local loader, data = try(prefix .. base .. suffix, load)
      if loader then return loader, data end
    end
  end
  local root = name:match("^([^.]+)%.")
  if root then
    local loader, data = try(root .. ".so", load_library, true)
    if loader then return loader, data end
  end
  return table.concat(tried, "\n\t")
end

local function try_path(name, templates, load)
  if type(templates) ~= "string" then return nil end
  local base = base_of(name):gsub("%%", "%%%%")
  for template in templates:gmatch("[^;]+") do
    local file = file_of((template:gsub("%?", base)))
    if file then return load(name, files:find(file), file) end
  end
end

function M.by_path(name)
  local loader, data = try_path(name, package.path, load_lua)
  if loader then return loader, data end
  return try_path(name, package.cpath, load_library)
end

return M
