-- require.lua - the global `require`, loaded by its first call: as Lua's, but a module's main chunk
-- may wait, and a second task that requires the same module waits for the first.

local vm, task = ... -- procrun.core.vm and procrun.core.task: nothing can be required in here

local loaded = package.loaded
local loading = {} -- module name -> record {name, task, waits_for = record, list}

local M = {}

-- What scripts that require built-in modules alone do not need stands in require_more.lua.
local more

--- more() -> require_more.lua
function M.more()
  more = more or vm.builtin "procrun.runtime.require_more" (vm, task, M.require, loading)
  return more
end

local function finish(record)
  loading[record.name] = nil
  if record.list then record.list:wake_all() end
end

-- Tail-called, so that tracebacks say "main chunk".
local function run(loader, name, data) return loader(name, data) end

--- require(name) -> module, loader data
function M.require(...)
  local name = ...
  if type(name) ~= "string" then name = M.more().check_name(...) end
  while true do
    local value = loaded[name]
    if value then return value end
    if not loading[name] then break end
    M.more().wait_for(loading[name], name)
  end
  local record <close> = setmetatable({name = name, task = task.current()}, {__close = finish})
  loading[name] = record
  local loader, data = name:find("^procrun%.") and vm.builtin(name), ":built-in:"
  if not loader then loader, data = M.more().find_loader(name) end
  local value = run(loader, name, data)
  if value ~= nil then
    loaded[name] = value
  elseif loaded[name] == nil then
    loaded[name] = true
  end
  return loaded[name], data
end

return M
