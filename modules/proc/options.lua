-- options.lua - the options of spawn and its kin: which there are, and what they may be.
-- options.add("spawn", into, {cwd = "/", timeout = "5s"})

local core = require "procrun.core.process"
local misuse = require "procrun.events.misuse"
local task = require "procrun.core.task"

local M = {}

local KINDS = {} -- option -> fn(value) -> checked value | nil, what was expected

local function is_text(value)
  return type(value) == "string" and not value:find("\0", 1, true)
end

local function kind(check, names)
  for name in names:gmatch("%S+") do KINDS[name] = check end
end

kind(function(value) return value end, "stdio stdin stdout stderr encoding")

kind(function(value)
  if type(value) == "boolean" then return value end
  return nil, "boolean"
end, "detached group silent keep_open")

kind(function(value)
  if is_text(value) then return value end
  return nil, type(value) == "string" and "string without a NUL byte" or "string"
end, "cwd argv0")

kind(function(value)
  if type(value) == "string" then return value end
  return nil, "string"
end, "input")

kind(function(value)
  if type(value) == "table" then return value end
  return nil, "table"
end, "env extend_env")

local TIME = 'time (seconds, or "1.5s")'

kind(function(value)
  local ok, seconds = pcall(task.seconds, value)
  if ok then return seconds end
  return nil, TIME
end, "timeout kill_after")

local UNITS = { [""] = 1, k = 1024, m = 1024 ^ 2, g = 1024 ^ 3 }

kind(function(value)
  if math.type(value) == "integer" and value >= 0 then return value end
  if value == math.huge then return math.maxinteger // 2 end
  local number, unit
  if type(value) == "string" then number, unit = value:match("^(%d+)%s*([kKmMgG]?)i?[bB]?$") end
  local bytes = number and math.tointeger(tonumber(number) * UNITS[unit:lower()])
  if bytes then return bytes end
  return nil, 'size (bytes, or "64M")'
end, "max_buffer max_message max_line")

kind(function(value)
  if math.type(value) == "integer" and value >= 0 and value < 0xffffffff then return value end
  if is_text(value) and value ~= "" then return value end
  return nil, "number or name of a user or group"
end, "uid gid")

kind(function(value)
  if math.type(value) == "integer" and value >= 0 and value <= 511 then return value end -- 0777
  return nil, "integer from 0 to 511 (octal 777)"
end, "umask")

local SIGNAL = "signal ('SIGTERM', 'TERM' or 15)"

kind(function(value)
  local ok, name = pcall(core.signal, value)
  if ok and name then return name end
  return nil, SIGNAL
end, "kill_signal")

-- Kept as false, as a signal's number, or as "tree".
kind(function(value)
  if value == "tree" then return value end
  if type(value) == "boolean" then return value and 9 end
  local ok, name, number = pcall(core.signal, value)
  if ok and name then return number end
  return nil, "boolean, 'tree' or " .. SIGNAL
end, "autokill")

local MODES <const> = { [true] = true, [false] = true, tee = true, tail = true, last = true }
local CAPTURE <const> = "true, false, 'tee', 'tail', 'last', or these in {stdout = , stderr = }"

-- Kept as false, as true for both outputs, or as a list of two.
kind(function(value)
  if type(value) ~= "table" then
    if not MODES[value] then return nil, CAPTURE end
    return type(value) == "boolean" and value or { value, value }
  end
  local list = { value.stdout or false, value.stderr or false }
  for name in pairs(value) do
    if name ~= "stdout" and name ~= "stderr" then return nil, CAPTURE end
  end
  if not (MODES[list[1]] and MODES[list[2]]) then return nil, CAPTURE end
  if type(list[1]) == "boolean" and list[1] == list[2] then return list[1] end
  return list
end, "capture")

kind(function(value)
  if is_text(value) and not value:find("\n", 1, true) then return value end
  return nil, "string of one line"
end, "label")

kind(function(value)
  if value == "group" or value == false then return value end
  return nil, "'group'"
end, "output")

kind(function(value)
  if type(value) == "boolean" or is_text(value) and value ~= "" then return value end
  return nil, "boolean or path of a shell"
end, "shell")

kind(function(value)
  if value == "fd" or value == "stdio" or value == false then return value end
  return nil, "'fd' or 'stdio'"
end, "channel")

kind(function(value)
  if value == "json" then return value end
  return nil, "'json'"
end, "serialization")

-- Programs and their arguments: one string, or a list of strings without holes.
local function to_words(value)
  if is_text(value) and value ~= "" then return { value } end
  if type(value) ~= "table" then return nil end
  local count, words = 0, {}
  for _ in pairs(value) do count = count + 1 end
  for i = 1, count do
    local word = value[i]
    if math.type(word) then word = tostring(word) end
    if not is_text(word) then return nil end
    words[i] = word
  end
  return words
end

kind(function(value)
  local words = to_words(value)
  if words and words[1] and words[1] ~= "" then return words end
  return nil, "path, or list of a program and its arguments"
end, "exec_path")

kind(function(value)
  local words = type(value) == "table" and to_words(value)
  if words then return words end
  return nil, "list of strings"
end, "exec_args visible")

local ALIASES = { cur_dir = "cwd" }

kind(function(value, fname)
  return require "procrun.proc.limits".check(fname, value)
end, "limits")

-- What is said by another name here, or in another place.
local ELSEWHERE <const> = {
  dir = "it is called 'cwd' here", cmd = "the program comes first: {'ls', '-l', cwd = '/'}",
  args = "the arguments are a list of their own, or follow the program: {'ls', '-l', cwd = '/'}",
}
ELSEWHERE.command = ELSEWHERE.cmd

-- The names of all options and of `more`, without those of `less`.
local function known(more, less)
  local names = {}
  for _, set in ipairs { KINDS, more } do
    for name in pairs(set) do names[name] = not less[name] or nil end
  end
  return "known: " .. require "procrun.events.names"(names)
end

-- For who writes killSignal, too. more: names that are known beside the options; less: hidden ones.
local function hint(key, more, less)
  local name = require "procrun.events.camel".to_snake(key)
  local text = name ~= key and KINDS[name] and ("it is called '%s' here"):format(name)
    or not more and ELSEWHERE[key]
    or known(more or {}, less or {})
  return (" (%s)"):format(text)
end

local function show(value)
  if type(value) ~= "string" then return math.type(value) and tostring(value) or type(value) end
  return ("%q"):format(value)
end
M.show = show

--- check(name, value) -> value as the option of that name has it | nil, what was expected
function M.check(name, value)
  return KINDS[name](value)
end

--- check_names(fname, t, more, [less]): each name in t is that of an option, or a key of `more`;
--- the keys of `less` are not told
function M.check_names(fname, t, more, less)
  for key in pairs(t) do
    if not KINDS[key] and not more[key] then
      misuse("%s: unknown option '%s'%s", fname, key, hint(tostring(key), more, less))
    end
  end
end

--- add(fname, to, from): copies the options of `from` into `to`, checked
function M.add(fname, to, from)
  for key, value in pairs(from) do
    if type(key) == "string" then
      local name = ALIASES[key] or key
      local check = KINDS[name]
      if not check then misuse("%s: unknown option '%s'%s", fname, key, hint(key)) end
      local checked, expected = check(value, fname)
      if expected then
        misuse("%s: option '%s': %s expected, got %s", fname, key, expected, show(value))
      end
      to[name] = checked
    end
  end
end

--- signal(fname, value) -> name, number
function M.signal(fname, value)
  local ok, name, number = pcall(core.signal, value)
  if ok then return name, number end
  misuse("bad argument #1 to '%s' (%s expected, got %s)", fname, SIGNAL, show(value))
end

--- timeout(fname, value) -> seconds | nil for no limit
function M.timeout(fname, value)
  if value == nil or value == math.huge then return nil end
  local ok, seconds = pcall(task.seconds, value)
  if ok then return seconds end
  misuse("bad argument #1 to '%s' (%s expected, got %s)", fname, TIME, show(value))
end

return M
