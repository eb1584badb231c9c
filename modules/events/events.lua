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

-- What many programs never do stands in more.lua.
local more

local function load_more()
  more = require "procrun.events.more".join(methods, NONE, check_self, check_argument, handler_of,
    count_of, function_of, copy_of, set, writable)
  return more
end

for _, name in ipairs { "off", "listeners", "event_names", "remove_all_listeners" } do
  methods[name] = function(...) return (more or load_more())[name](...) end
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
      (more or load_more()).call_all(self, name, list, ...)
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
