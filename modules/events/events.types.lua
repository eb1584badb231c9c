---@meta procrun.events

---@class procrun.emitter
local emitter = {}

---@param name string
---@param fn async fun(...)
---@return self
function emitter:on(name, fn) end

---@param name string
---@param fn async fun(...)
---@return self
function emitter:once(name, fn) end

---Without `fn`: removes every listener of `name`.
---@param name string
---@param fn? async fun(...)
---@return self
function emitter:off(name, fn) end

---@param name string
---@param ... any
---@return boolean had_listeners
function emitter:emit(name, ...) end

---@param name string
---@return integer
function emitter:listener_count(name) end

---@param name string
---@return fun(...)[]
function emitter:listeners(name) end

---@return string[]
function emitter:event_names() end

---@param name? string
---@return self
function emitter:remove_all_listeners(name) end

---@param name string
---@param fn async fun(...)
---@return self
function emitter:add_listener(name, fn) end

---@param name string
---@param fn? async fun(...)
---@return self
function emitter:remove_listener(name, fn) end

local events = {}

---@return procrun.emitter
function events.new() end

---@generic T: table
---@param class_or_object T
---@return T | procrun.emitter
function events.extend(class_or_object) end

return events
