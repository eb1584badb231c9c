-- more.lua - what events.lua loads when it is first asked for: removing and listing listeners, and
-- several of one event.

local M = {}

-- What events.lua has of its own, given to `join`.
local methods, NONE, check_self, check_argument, handler_of, count_of, function_of, copy_of, set,
  writable

function M.join(...)
  methods, NONE, check_self, check_argument, handler_of, count_of, function_of, copy_of, set,
    writable = ...
  return M
end

local function tell_removed(self, name, entry)
  local hook = self._listening
  if hook then
    hook(self, name, count_of(self, name))
  end
  if handler_of(self, "remove_listener") then
    methods.emit(self, "remove_listener", name, function_of(entry))
  end
end

-- Takes away the listener added last for which same(entry, wanted) holds, if there is one.
local function drop(self, name, wanted, same)
  local handler, events = handler_of(self, name)
  if type(handler) == "function" and same(handler, wanted) then
    set(events, name, nil)
    return tell_removed(self, name, handler)
  elseif type(handler) ~= "table" then
    return
  end
  for i = #handler, 1, -1 do
    if same(handler[i], wanted) then
      local list = writable(handler)
      local entry = table.remove(list, i)
      local single = #list == 1 and type(list[1]) == "function"
      set(events, name, single and list[1] or list[1] and list)
      return tell_removed(self, name, entry)
    end
  end
end

local function same_function(entry, fn)
  return function_of(entry) == fn
end

-- Calls one entry of a list; a `once` is taken away first, so it may emit the event itself.
local function call(self, name, entry, ...)
  if type(entry) == "function" then
    entry(...)
  elseif not entry.fired then
    entry.fired = true
    drop(self, name, entry, rawequal)
    entry.fn(...)
  end
end

local function warn_of(name, err)
  warn("events: one more listener of '", name, "' failed: ", tostring(err))
end

-- All of them run, whatever the others do; the first error is raised in the end, as it is. The
-- last one is called unprotected where it may be: its error then keeps its traceback.
function M.call_all(self, name, list, ...)
  local size = #list
  if size == 1 then
    return call(self, name, list[1], ...)
  end
  local failed, first = false, nil
  list.busy = list.busy + 1
  for i = 1, size - 1 do
    local ok, err = pcall(call, self, name, list[i], ...)
    if not ok and failed then
      pcall(warn_of, name, err)
    elseif not ok then
      failed, first = true, err
    end
  end
  local last = list[size]
  list.busy = list.busy - 1
  if not failed then
    return call(self, name, last, ...)
  end
  local ok, err = pcall(call, self, name, last, ...)
  if not ok then
    pcall(warn_of, name, err)
  end
  error(first, 0)
end

--- emitter:off(name, [fn]) -> emitter
function M:off(name, ...)
  check_self(self, "off")
  check_argument(1, "off", name, "string", "event name")
  if select("#", ...) == 0 then
    return M.remove_all_listeners(self, name)
  end
  -- A nil that stands there is a misspelt name more often than the wish to remove them all.
  check_argument(2, "off", (...), "function", "function")
  drop(self, name, (...), same_function)
  return self
end

--- emitter:listeners(name) -> list of functions
function M:listeners(name)
  check_self(self, "listeners")
  check_argument(1, "listeners", name, "string", "event name")
  local handler = handler_of(self, name)
  if type(handler) == "function" then
    return { handler }
  end
  local found = {}
  for i, entry in ipairs(handler or found) do
    found[i] = function_of(entry)
  end
  return found
end

--- emitter:event_names() -> list of strings
function M:event_names()
  check_self(self, "event_names")
  local names = {}
  local events = rawget(self, "_events") or { one = NONE, many = NONE }
  for name in pairs(events.one) do
    names[#names + 1] = name
  end
  for name in pairs(events.many) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function remove_all(self, name)
  local handler, events = handler_of(self, name)
  if not handler then
    return
  elseif handler_of(self, "remove_listener") then
    local list = type(handler) == "table" and copy_of(handler) or { handler }
    for i = #list, 1, -1 do -- the last one first, each told
      drop(self, name, list[i], rawequal)
    end
    return
  end
  set(events, name, nil)
  local hook = self._listening
  if hook then
    hook(self, name, 0)
  end
end

--- emitter:remove_all_listeners([name]) -> emitter
function M:remove_all_listeners(name)
  check_self(self, "remove_all_listeners")
  if name ~= nil then
    check_argument(1, "remove_all_listeners", name, "string", "event name")
    remove_all(self, name)
    return self
  end
  for _, each in ipairs(M.event_names(self)) do
    if each ~= "remove_listener" then
      remove_all(self, each)
    end
  end
  remove_all(self, "remove_listener") -- after it has heard of all the others
  return self
end

return M
