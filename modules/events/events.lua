-- events.lua - Node's EventEmitter: local e = events.new(); e:on("data", print); e:emit("data", 1)
--
-- An emitter's own field `_events`, made by the first `on`, is {owner, one, many}: the emitter
-- itself (a class may have listeners that its objects must not inherit), name -> function for an
-- event with one plain listener, and name -> list for all others, whose entries are functions and,
-- for `once`, records {fn = fn, fired = true | nil}. list.busy counts the emits that walk the list:
-- while there are any it is not changed but replaced by a copy, so a walk needs no snapshot of its
-- own. A walk that is cut short (a cancelled task) leaves busy raised: one more copy, no harm.

local M = {}
local methods = {}

local NONE <const> = {} -- `many` where no event has a list; never written to

local function check_self(self, method)
  if type(self) ~= "table" then
    error(("bad call to '%s' (call it with a colon: emitter:%s(...))"):format(method, method), 3)
  end
end

local function check_argument(index, method, value, wanted, what)
  if type(value) ~= wanted then
    local text = "bad argument #%d to '%s' (%s expected, got %s)"
    error(text:format(index, method, what, type(value)), 3)
  end
end

-- The listeners of a name: a function, a list, or nil; and the table it was found in.
local function handler_of(self, name)
  local events = rawget(self, "_events")
  if not events then
    return nil
  end
  return events.one[name] or events.many[name], events
end

local function count_of(self, name)
  local handler = handler_of(self, name)
  return not handler and 0 or type(handler) == "function" and 1 or #handler
end

local function function_of(entry)
  return type(entry) == "table" and entry.fn or entry
end

local function copy_of(list)
  local copy = table.move(list, 1, #list, 1, {})
  copy.busy = 0
  return copy
end

local function set(events, name, handler)
  local list = type(handler) == "table" and handler or nil
  events.one[name] = not list and handler or nil
  if list and events.many == NONE then
    events.many = {}
  end
  if events.many ~= NONE then
    events.many[name] = list
  end
end

-- The handler as a list that may be changed, not yet set.
local function writable(handler)
  if type(handler) == "table" then
    return handler.busy > 0 and copy_of(handler) or handler
  end
  return { handler, busy = 0 }
end

-- `new_listener` and the hook come first: where one of them raises, nothing has been added.
local function add(self, name, entry)
  if handler_of(self, "new_listener") then
    methods.emit(self, "new_listener", name, function_of(entry))
  end
  local hook = self._listening
  if hook then
    hook(self, name, count_of(self, name) + 1)
  end
  local handler, events = handler_of(self, name)
  if not events then
    events = { owner = self, one = {}, many = NONE }
    rawset(self, "_events", events)
  end
  if handler or type(entry) == "table" then
    local list = writable(handler)
    list[#list + 1] = entry
    set(events, name, list)
  else
    set(events, name, entry)
  end
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
local function call_all(self, name, list, ...)
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

--- emitter:on(name, fn) -> emitter
function methods:on(name, fn)
  check_self(self, "on")
  check_argument(1, "on", name, "string", "event name")
  check_argument(2, "on", fn, "function", "function")
  add(self, name, fn)
  return self
end

--- emitter:once(name, fn) -> emitter
function methods:once(name, fn)
  check_self(self, "once")
  check_argument(1, "once", name, "string", "event name")
  check_argument(2, "once", fn, "function", "function")
  add(self, name, { fn = fn })
  return self
end

--- emitter:off(name, [fn]) -> emitter
function methods:off(name, ...)
  check_self(self, "off")
  check_argument(1, "off", name, "string", "event name")
  if select("#", ...) == 0 then
    return methods.remove_all_listeners(self, name)
  end
  -- A nil that stands there is a misspelt name more often than the wish to remove them all.
  check_argument(2, "off", (...), "function", "function")
  drop(self, name, (...), same_function)
  return self
end

--- emitter:emit(name, ...) -> had_listeners
function methods:emit(name, ...)
  local events = self and self._events
  if events and events.owner == self then
    local fn = events.one[name]
    if fn then
      fn(...)
      return true
    end
    local list = events.many[name]
    if list then
      call_all(self, name, list, ...)
      return true
    end
  end
  if type(self) ~= "table" or type(name) ~= "string" then
    check_self(self, "emit")
    check_argument(1, "emit", name, "string", "event name")
  elseif name == "error" then
    local err = ...
    if err == nil then
      error("an 'error' event without a listener", 2)
    end
    error(err, 0)
  end
  return false
end

--- emitter:listener_count(name) -> integer
function methods:listener_count(name)
  check_self(self, "listener_count")
  check_argument(1, "listener_count", name, "string", "event name")
  return count_of(self, name)
end

--- emitter:listeners(name) -> list of functions
function methods:listeners(name)
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
function methods:event_names()
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
function methods:remove_all_listeners(name)
  check_self(self, "remove_all_listeners")
  if name ~= nil then
    check_argument(1, "remove_all_listeners", name, "string", "event name")
    remove_all(self, name)
    return self
  end
  for _, each in ipairs(methods.event_names(self)) do
    if each ~= "remove_listener" then
      remove_all(self, each)
    end
  end
  remove_all(self, "remove_listener") -- after it has heard of all the others
  return self
end

--- emitter:add_listener(name, fn) -> emitter
methods.add_listener = methods.on

--- emitter:remove_listener(name, [fn]) -> emitter
methods.remove_listener = methods.off

local emitter_meta = { __index = methods, __name = "emitter" }

--- events.new() -> emitter
function M.new()
  return setmetatable({}, emitter_meta)
end

--- events.extend(class_or_object) -> class_or_object
function M.extend(target)
  check_argument(1, "extend", target, "table", "table")
  for name, method in pairs(methods) do
    if rawget(target, name) == nil then
      rawset(target, name, method)
    end
  end
  if rawget(target, "_events") == nil then
    rawset(target, "_events", false) -- found by emit even where __index raises
  end
  return target
end

--- _alone(emitter) -> name -> function, for the events with one plain listener; as emit does it
function M._alone(emitter)
  local events = rawget(emitter, "_events")
  return events and events.one or NONE
end

M._types = { emitter = methods }

return M
