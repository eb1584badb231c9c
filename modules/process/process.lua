-- process.lua - this process: arguments, environment, standard streams, signals, its parent.
-- The global `process` is this module; its functions work with '.' and ':'.

local channel = require "procrun.channel"
local core = require "procrun.core.self"
local events = require "procrun.events"
local task = require "procrun.core.task"
local vm = require "procrun.core.vm"

local M = vm.process
local lead = getmetatable(M) -- boot.lua's, which only leads here
setmetatable(M, nil)
local _ <close> = setmetatable({}, {__close = function(_, failed)
  if failed then setmetatable(M, lead) end -- the next use tries again
end})
local emit = events._types.emitter.emit
local pid, ppid = core.ids()

M.pid, M.ppid = pid, ppid
M.argv = arg
M._link = false -- the channel to the parent, if there is one
M._inherited = events._types.emitter -- for scripts/check-docs.lua

-- Events ------------------------------------------------------------------------------------------

local dispatching = false

-- What comes beside messages: a step of the link, "done", nil, or false (nothing before the bell).
local function next_step(link)
  if link.ended then return "done" end
  local step, pending = link:next_step()
  if step or pending then return step end
  return false
end

-- Until the end has been told, and whenever a late listener asks for what is left.
local function dispatch()
  local link = M._link
  while true do
    local step = link:deliver(next_step, link)
    if step == "done" then break end
    link:run(step)
  end
  dispatching = false
end

local function on_listening(self, name, count)
  if name == "exit" or name == "before_exit" then
    vm.hooks[name] = function(code) emit(M, name, code) end
    return
  end
  if name:find("^SIG") then
    if require "procrun.signal.listen".update(self, name, count) then return end
    error(("on: unknown signal '%s'"):format(name), 4)
  end
  channel._listening(self, name, count)
  if count == 0 or not M._link or dispatching then return end
  if name == "message" or name == "disconnect" or name == "internal_message" then
    dispatching = true
    task.spawn_daemon("messages from the parent", dispatch)
  end
end

M._listening = on_listening
M._events = false -- see events.extend

-- The methods of the channel and of an emitter also work with a dot here; made when first used.
local function method_of(name)
  local method = channel._methods[name] or events._types.emitter[name]
  if not method then return nil end
  local function bound(first, ...)
    if first == M then return method(M, ...) end
    return method(M, first, ...)
  end
  rawset(M, name, bound)
  return bound
end

-- What a worker that answers messages does not need stands in more.lua.
local more

local function load_more()
  more = require "procrun.process.more"
  return more
end

setmetatable(M, {
  __index = function(_, key)
    return method_of(key) or (more or load_more()).get(key)
  end,
  __newindex = function(_, key, value) return (more or load_more()).set(key, value) end,
  __pairs = function() return (more or load_more()).pairs() end,
})

-- The parent, if there is one that talks.
if vm.parent then
  local list, core_channel, message = table.unpack(vm.parent)
  if not core_channel then error("cannot use the channel to the parent: " .. message, 0) end
  rawset(M, "_link", channel._link(M, core_channel, list, "the channel to the parent", false))
  rawset(M, "send", channel._dotted(M))
end

return M
