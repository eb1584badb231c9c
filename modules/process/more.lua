-- more.lua - what process.lua loads when it is first asked for: all that is not the channel, an
-- event or a number of a process. A worker that answers messages needs none of it.

local channel = require "procrun.channel"
local core = require "procrun.core.self"
local events = require "procrun.events"
local process = require "procrun.process"
local task = require "procrun.core.task"
local vm = require "procrun.core.vm"

local M = {}

-- What becomes plain fields of the module.
local fields = {
  env = require "procrun.process.env",
  _types = {},
  _optional = {channel = true, script_dir = true}, -- for scripts/check-docs.lua
}

-- Drops a leading self, so that process.exit(1) and process:exit(1) are the same.
local function dot_or_colon(fn)
  return function(first, ...)
    if first == process then return fn(...) end
    return fn(first, ...)
  end
end

--- cwd() -> directory | nil, message, code
fields.cwd = dot_or_colon(core.cwd)

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
fields.chdir = dot_or_colon(function(directory)
  if type(directory) ~= "string" then
    error(("bad argument #1 to 'chdir' (string expected, got %s)"):format(type(directory)), 2)
  end
  script_dir()
  return core.chdir(directory)
end)

--- exit([code]): unwinds the calling task, cancels the others, flushes, ends; as os.exit
fields.exit = dot_or_colon(function(code)
  if code ~= nil and type(code) ~= "boolean" and not math.tointeger(code) then
    local text = "bad argument #1 to 'exit' (integer or boolean expected, got %s)"
    error(text:format(type(code)), 2)
  end
  vm.exit(code)
end)

-- A process, or with a minus a process group. What would hit everybody is refused.
local function check_pid(pid)
  local number = type(pid) == "number" and math.tointeger(pid)
  if number == 0 or number == -1 then
    error(("bad argument #1 to 'kill' (%d would be %s; name a process, or -group)"):format(number,
      number == 0 and "our whole process group" or "every process"), 3)
  elseif not number then
    error(("bad argument #1 to 'kill' (number of a process expected, got %s)"):format(
      type(pid) == "number" and tostring(pid) or type(pid)), 3)
  end
  return number
end

--- kill(pid, [signal]) -> true | nil, message, code; a negative pid is a process group, signal 0
--- only asks
fields.kill = dot_or_colon(function(pid, signal)
  local number = check_pid(pid)
  local core_process = require "procrun.core.process"
  local known, name, signum = pcall(core_process.signal, signal or "SIGTERM")
  if not known then error("bad argument #2 to 'kill' (" .. name:match("%((.*)%)$") .. ")", 2) end
  return core_process.send_signal(number, signum)
end)

--- uptime() -> seconds since the start
fields.uptime = dot_or_colon(core.uptime)

--- usage() -> {cpu, cpu_user, cpu_system (s), rss, peak_rss (bytes), threads, state, children, …}
fields.usage = dot_or_colon(function()
  return require "procrun.core.monitor".own_usage()
end)

--- cores() -> number of processors this process may use
fields.cores = dot_or_colon(core.cores)

local getters = {}

function getters.exec_path() return vm.bundle and vm.bundle.path or (core.exec_path()) end
function getters.platform() return core.platform() end
function getters.title() return core.title() end
function getters.exit_code() return vm.exit_code() end
function getters.exit_timeout() return vm.exit_timeout() end
getters.script_dir = script_dir
function getters.stdin() return require "procrun.stream"._standard(0) end
function getters.stdout() return require "procrun.stream"._standard(1) end
function getters.stderr() return require "procrun.stream"._standard(2) end
function getters.connected()
  return process._link and process._link:connected()
end
function getters.channel()
  return process._link and process._link:handle() or nil
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

-- Raises for exitCode.
local function check_spelling(key)
  return require "procrun.events.camel".check("process", key, getters, process, channel._methods,
    events._types.emitter)
end

--- get(key) -> value of a field that is found out when it is asked for
function M.get(key)
  local get = getters[key]
  if get then return get() end
  local value = rawget(process, key)
  if value == nil then return check_spelling(key) end
  return value
end

--- set(key, value): process[key] = value, for a key that is no plain field
function M.set(key, value)
  local set = setters[key]
  if set then
    set(value)
    return
  end
  if getters[key] then error(("process.%s cannot be set"):format(key), 2) end
  check_spelling(key)
  rawset(process, key, value)
end

--- names() -> list of the public fields, those that are found out when asked for included
function M.names()
  local known, names = {}, {}
  for _, part in ipairs {channel._methods, events._types.emitter, process, getters} do
    for name in next, part do
      if name:sub(1, 1) ~= "_" and not known[name] then names[#names + 1] = name end
      known[name] = true
    end
  end
  return names
end

--- pairs() -> the same with their values, for a loop
function M.pairs()
  local names = M.names()
  local i = 0
  return function()
    repeat
      i = i + 1
      local value = names[i] and process[names[i]]
      if value ~= nil then return names[i], value end
    until i > #names
  end
end

for name, value in next, fields do
  if rawget(process, name) == nil then rawset(process, name, value) end
end

return M
