-- serve.lua - server:serve(fn): a task for each connection, and none of them can end the others.

local is_error = require "procrun.events.error".is
local misuse = require "procrun.events.misuse"
local task = require "procrun.core.task"

local M = {}

-- What a connection suffers is no fault of the script: a reset, a line that is too long.
local function is_of_connection(err)
  return is_error(err) and err.code ~= nil
end

local Entry = {__close = function(entry) entry.active[entry.task] = nil end}

local function handle(fn, socket, active, tell, server)
  local _ <close> = socket
  local _ <close> = setmetatable({active = active, task = task.current()}, Entry)
  local ok, err = pcall(fn, socket)
  if ok then return end
  if not is_of_connection(err) then error(err, 0) end
  local peer = socket:peer()
  local from = type(peer) == "table" and (" (from %s)"):format(peer.address) or ""
  tell(server, err.message .. from, err.code)
end

local function wait_all(active)
  for t in pairs(active) do t:wait() end
end

-- Whatever ends serve: no connection goes on beyond it.
local Active = {__close = function(active, err)
  for t in pairs(active) do
    if err ~= nil then t:cancel() end
  end
  wait_all(active)
end}

--- serve(server, fn, tell) -> true; the body of server:serve
function M.serve(self, fn, tell)
  if type(fn) ~= "function" then
    misuse("bad argument #1 to 'serve' (function expected, got %s)", type(fn))
  end
  do
    local active <close> = setmetatable({}, Active)
    for socket in self:connections() do
      active[task.spawn(handle, fn, socket, active, tell, self)] = true
    end
    wait_all(active) -- here, not in __close: nothing could cancel it there
  end
  return true
end

return M
