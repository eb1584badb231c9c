-- require_more.lua - what require.lua loads for modules that are not built in: where they are
-- looked for, and waiting for another task that loads the same one.

local vm, task, require_module, loading = ...

local package = package
local debug = package.loaded.debug -- not the global one, which the script may have changed

local M = {}

--- A bare name is also looked for as a built-in room; sub-modules only by their whole names.
function M.search_builtin(name)
  local full = name
  if not name:find("^procrun%.") then
    if name:find(".", 1, true) then return nil end
    full = "procrun." .. name
  end
  local loader = vm.builtin(full)
  if not loader then return full == name and ("no built-in module '%s'"):format(name) or nil end
  if full == name then return loader, ":built-in:" end
  return function() return (require_module(full)) end, ":built-in:"
end

local function search(name, path)
  local file, tried = package.searchpath(name, path)
  if not file then return tried end
  local loader, message = loadfile(file, "t")
  if not loader then
    error(("error loading module '%s' from file '%s':\n\t%s"):format(name, file, message), 0)
  end
  return loader, file
end

--- The script's own folder; nil for -e and standard input.
function M.search_script_dir(name)
  local dir = vm.script_dir
  if not dir then return nil end
  local loader, data = search(name, dir .. "/?.lua;" .. dir .. "/?/init.lua")
  return loader, data
end

--- As Lua's own searcher, but binary chunks, which can crash the interpreter, are refused.
function M.search_path(name)
  if type(package.path) ~= "string" then error("'package.path' must be a string", 0) end
  local loader, data = search(name, package.path)
  return loader, data
end

-- Where the caller of require stands, for its messages; nothing where that is a C function or -l.
local function where(level)
  local info = debug.getinfo(level + 1, "Sl")
  if not info or info.currentline <= 0 or info.source:find("^@procrun:runtime/") then return "" end
  return ("%s:%d: "):format(info.short_src, info.currentline)
end

--- find_loader(name) -> loader, data: as package.searchers have it; called by require alone
function M.find_loader(name)
  if type(package.searchers) ~= "table" then error("'package.searchers' must be a table", 3) end
  local tried = {}
  for _, searcher in ipairs(package.searchers) do
    local loader, data = searcher(name)
    if type(loader) == "function" then return loader, data end
    if type(loader) == "string" then tried[#tried + 1] = "\n\t" .. loader end
  end
  error(("%smodule '%s' not found:%s"):format(where(3), name, table.concat(tried)), 0)
end

local depend

-- The modules that this task is loading depend on that one, until the block is left.
function depend(me, record)
  for _, own in pairs(loading) do
    if own.task == me then own.waits_for = record end
  end
  return record and setmetatable({}, {__close = function() depend(me, nil) end})
end

--- wait_for(record, name): another task loads this module: wait for it, unless it waits for us
function M.wait_for(record, name)
  local me = task.current()
  local r = record
  while r do
    if r.task == me then
      error(("%sloop while loading module '%s'"):format(where(3), name), 0)
    end
    r = r.waits_for
  end
  local _ <close> = depend(me, record)
  record.list = record.list or task.list()
  record.list:wait(nil, "a module being loaded", function() return loading[name] ~= record end)
end

--- check_name(...) -> name: the arguments of require, where the first is no string
function M.check_name(...)
  local name = ...
  if type(name) == "number" then return tostring(name) end
  error(("bad argument #1 to 'require' (string expected, got %s)"):format(
    select("#", ...) == 0 and "no value" or type(name)), 3)
end

return M
