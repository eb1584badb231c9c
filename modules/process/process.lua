-- process.lua - this process: arguments, environment, standard streams, signals, its parent.
-- The global `process` is this module; its functions work with '.' and ':'.

local channel = require "procrun.channel"
local core = require "procrun.core.self"
local events = require "procrun.events"
local task = require "procrun.core.task"
local vm = require "procrun.core.vm"

local M = setmetatable(vm.process, nil) -- boot.lua's, which only leads here
local pid, ppid = core.ids()

M.pid, M.ppid = pid, ppid
M.argv = arg
M.env = require "procrun.process.env"
M._types = {}
M._link = false -- the channel to the parent, if there is one
M._optional = {channel = true, script_dir = true} -- for scripts/check-docs.lua
M._inherited = events._types.emitter

-- Drops a leading self, so that process.exit(1) and process:exit(1) are the same.
local function dot_or_colon(fn)
  return function(first, ...)
    if first == M then return fn(...) end
    return fn(first, ...)
  end
end

--- cwd() -> directory | nil, message, code
M.cwd = dot_or_colon(core.cwd)

-- The script's folder, also after a chdir.
local function script_dir()
  local dir = vm.script_dir
  if dir and dir:sub(1, 1) ~= "/" then
    dir = require "procrun.path".absolute(dir)
    vm.script_dir = dir
  end
  return dir
end

--- chdir(directory) -> true | nil, message, code
M.chdir = dot_or_colon(function(directory)
  if type(directory) ~= "string" then
    error(("bad argument #1 to 'chdir' (string expected, got %s)"):format(type(directory)), 2)
  end
  script_dir()
  return core.chdir(directory)
end)

--- exit([code]): unwinds the calling task, cancels the others, flushes, ends; as os.exit
M.exit = dot_or_colon(function(code)
  if code ~= nil and type(code) ~= "boolean" and not math.tointeger(code) then
    local text = "bad argument #1 to 'exit' (integer or boolean expected, got %s)"
    error(text:format(type(code)), 2)
  end
  vm.exit(code)
end)

--- uptime() -> seconds since the start
M.uptime = dot_or_colon(core.uptime)

--- usage() -> {cpu_user, cpu_system (s), rss, peak_rss (bytes)}
M.usage = dot_or_colon(function()
  local user, system, peak, rss = core.usage()
  return {cpu_user = user, cpu_system = system, rss = rss, peak_rss = peak}
end)

--- cores() -> number of processors this process may use
M.cores = dot_or_colon(core.cores)

local getters = {}

function getters.exec_path() return (core.exec_path()) end
function getters.platform() return core.platform() end
function getters.title() return core.title() end
function getters.exit_code() return vm.exit_code() end
function getters.exit_timeout() return vm.exit_timeout() end
getters.script_dir = script_dir
function getters.stdin() return require "procrun.stream"._standard(0) end
function getters.stdout() return require "procrun.stream"._standard(1) end
function getters.stderr() return require "procrun.stream"._standard(2) end
function getters.connected()
  return M._link and M._link:connected()
end
function getters.channel()
  return M._link and M._link:handle() or nil
end

local setters = {}

local function check_field(name, value, wanted, found)
  if found ~= wanted then
    error(("process.%s: %s expected, got %s"):format(name, wanted, type(value)), 4)
  end
end

function setters.title(text)
  check_field("title", text, "string", type(text))
  core.title(text)
end

function setters.exit_code(code)
  check_field("exit_code", code, "integer", math.type(code))
  vm.exit_code(code)
end

function setters.exit_timeout(time)
  local fine, seconds = pcall(task.seconds, time)
  if not fine then error("process.exit_timeout: " .. seconds:match("%((.*)%)$"), 3) end
  vm.exit_timeout(seconds)
end

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

setmetatable(M, {
  __index = function(_, key)
    local get = getters[key]
    if get then return get() end
    return method_of(key)
  end,
  __newindex = function(self, key, value)
    local set = setters[key]
    if set then
      set(value)
      return
    end
    if getters[key] then error(("process.%s cannot be set"):format(key), 2) end
    rawset(self, key, value)
  end,
  -- The public fields, those that are found out when they are asked for included.
  __pairs = function()
    local names = {}
    for name in next, channel._methods do method_of(name) end
    for name in next, events._types.emitter do method_of(name) end
    for name in next, M do
      if name:sub(1, 1) ~= "_" then names[#names + 1] = name end
    end
    for name in next, getters do names[#names + 1] = name end
    local i = 0
    return function()
      repeat
        i = i + 1
        local value = names[i] and M[names[i]]
        if value ~= nil then return names[i], value end
      until i > #names
    end
  end,
})

vm.hooks.before_exit = function(code) M:emit("before_exit", code) end
vm.hooks.exit = function(code) M:emit("exit", code) end

-- The parent, if there is one that talks.
do
  local fd_in, fd_out = core.channel_fds()
  if fd_in then
    local list = task.list()
    local core_channel, message = require "procrun.core.channel".open(fd_in, fd_out, list)
    if not core_channel then error("cannot use the channel to the parent: " .. message, 0) end
    rawset(M, "_link", channel._link(M, core_channel, list, "the channel to the parent", false))
    M.send = channel._dotted(M)
  end
end

return M
