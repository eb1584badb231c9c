---@meta procrun.events

---@class procrun.emitter
local emitter = {}

---Adds a listener after those that are there.
---@param name string
---@param fn async fun(...)
---@return self
function emitter:on(name, fn) end

---Adds a listener that is removed right before it is called for the first time.
---@param name string
---@param fn async fun(...)
---@return self
function emitter:once(name, fn) end

---Without `fn`: removes every listener of `name`.
---@param name string
---@param fn? async fun(...)
---@return self
function emitter:off(name, fn) end

---Calls the listeners of the event with the arguments; false if there was none.
---@param name string
---@param ... any
---@return boolean had_listeners
function emitter:emit(name, ...) end

---The number of listeners of an event.
---@param name string
---@return integer
function emitter:listener_count(name) end

---The listeners of an event, in the order in which they are called.
---@param name string
---@return fun(...)[]
function emitter:listeners(name) end

---The events that have listeners, in alphabetical order.
---@return string[]
function emitter:event_names() end

---Removes all listeners of an event, or of all events.
---@param name? string
---@return self
function emitter:remove_all_listeners(name) end

---Node's other name of `on`.
---@param name string
---@param fn async fun(...)
---@return self
function emitter:add_listener(name, fn) end

---Node's other name of `off`.
---@param name string
---@param fn? async fun(...)
---@return self
function emitter:remove_listener(name, fn) end

local events = {}

---A new emitter without listeners.
---@return procrun.emitter
function events.new() end

---Puts the methods below into a table: a class (a table used as `__index`), whose objects are then
---emitters, or one object.
---@generic T: table
---@param class_or_object T
---@return T | procrun.emitter
function events.extend(class_or_object) end

return events
