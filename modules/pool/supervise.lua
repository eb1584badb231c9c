-- supervise.lua - keeps named, long-lived children alive: local s <close> = pool.supervise {
--   {name = "db", "postgres", "-D", dir, ready = probe}, {name = "api", fork = "api.lua"} }

local core = require "procrun.core.task"
local events = require "procrun.events"
local keep = require "procrun.pool.keep"
local misuse = require "procrun.events.misuse"
local spec_type = require "procrun.pool.supervise_spec"

local methods = {}
local Supervisor = { __name = "procrun.supervisor", __index = methods }

local function check_self(self, name)
  if getmetatable(self) ~= Supervisor then
    misuse("call it with a colon: supervisor:%s(...)", name)
  end
  return self
end

local function find(self, name, child_name)
  local one = check_self(self, name)._by_name[child_name]
  if one then return one end
  misuse("%s: there is no child '%s' (there are: %s)", name, tostring(child_name),
    require "procrun.events.names"(self._by_name))
end

--- child(name) -> the child object that runs now | nil
function methods:child(name)
  return find(self, "child", name).child or nil
end

--- status([name]) -> table | list of them, in the order of the start
function methods:status(name)
  if name ~= nil then return keep.status(find(self, "status", name)) end
  local list = {}
  for i, one in ipairs(check_self(self, "status")._children) do list[i] = keep.status(one) end
  return list
end

--- stop(name): ends that child, and does not start it again
function methods:stop(name)
  keep.stop(find(self, "stop", name))
end

--- start(name) -> true | nil, message, code: one that has ended, or was stopped or given up
function methods:start(name)
  local one = find(self, "start", name)
  if self._closing then return nil, "start: the supervisor has ended", "EPIPE" end
  return keep.start(self, one)
end

--- restart(name) -> true | nil, message, code
function methods:restart(name)
  local one = find(self, "restart", name)
  keep.stop(one)
  return self:start(name)
end

local function none_left(self)
  for _, one in ipairs(self._children) do
    if one.task then return false end
  end
  return true
end

--- wait([timeout]) -> true | nil, "timeout", "ETIMEDOUT" | nil, message, code: until no child is
--- left that runs or is to be started again; the message is about the first that was given up
function methods:wait(timeout)
  check_self(self, "wait")
  local _, message, code = self._list:wait(timeout, "the children of a supervisor", none_left, self)
  if code then return nil, message, code end
  for _, one in ipairs(self._children) do
    if one.state == "failed" then return nil, one.why, one.code end
  end
  return true
end

--- close(): ends all, the last that was started first
function methods:close()
  check_self(self, "close")._closing = true
  for i = #self._children, 1, -1 do keep.stop(self._children[i]) end
end

Supervisor.__close = methods.close
events.extend(methods)

-- The first failure of a start ends what was started before.
local function start_all(self)
  for _, one in ipairs(self._children) do
    local ok, message, code = keep.start(self, one)
    if not ok then return nil, message, code end
  end
  return true
end

local M = { methods = methods }

--- supervise(spec) -> supervisor | nil, message, code
function M.supervise(spec)
  local children = spec_type.read(spec)
  local self = setmetatable({ _children = children, _by_name = {}, _list = core.list(),
    _closing = false }, Supervisor)
  for _, one in ipairs(children) do self._by_name[one.name] = one end
  local fine = false
  local _ <close> = setmetatable({}, { __close = function()
    if not fine then self:close() end
  end })
  local message, code
  fine, message, code = start_all(self)
  if fine then return self end
  return nil, message, code
end

return M
