-- command.lua - what a script hands to spawn, run, fork, exec_file: file, args, options, checked.

local misuse = require "procrun.events.misuse"
local task = require "procrun.core.task"

local M = {}

-- Every option that spawn and its kin know; `true` where the value is checked elsewhere.
local KNOWN = {
  cwd = "string", env = "table", extend_env = "table", stdio = true, stdin = true, stdout = true,
  stderr = true, input = "string", capture = true, max_buffer = "size", timeout = "time",
  kill_signal = true, kill_after = "time", detached = "boolean", group = "boolean", uid = "integer",
  gid = "integer", argv0 = "string", shell = true, autokill = true, silent = "boolean",
  exec_path = true, exec_args = "table", channel = true, serialization = true, encoding = true,
  keep_open = "boolean", max_message = "size", umask = "integer",
}
local ALIASES = {cur_dir = "cwd"}

local UNITS = {[""] = 1, k = 1024, m = 1024 ^ 2, g = 1024 ^ 3}

-- "64M" or a number -> bytes; nil when it is neither
local function to_size(value)
  if math.type(value) == "integer" and value >= 0 then return value end
  if value == math.huge then return math.maxinteger // 2 end
  if type(value) ~= "string" then return nil end
  local number, unit = value:match("^(%d+)%s*([kKmMgG]?)i?[bB]?$")
  return number and math.tointeger(tonumber(number) * UNITS[unit:lower()])
end

local function fail(fname, format, ...)
  misuse("%s: %s", fname, format:format(...))
end

local function check_option(fname, key, value)
  local kind = KNOWN[key]
  if kind == "time" then
    local ok, seconds = pcall(task.seconds, value)
    if not ok then fail(fname, "option '%s': time expected (seconds, or \"1.5s\"), got %s", key,
      tostring(value)) end
    return seconds
  elseif kind == "size" then
    return to_size(value)
      or fail(fname, "option '%s': size expected (bytes, or \"64M\"), got %s", key, tostring(value))
  elseif kind == "integer" then
    return math.type(value) == "integer" and value
      or fail(fname, "option '%s': integer expected, got %s", key, type(value))
  elseif kind ~= true and type(value) ~= kind then
    fail(fname, "option '%s': %s expected, got %s", key, kind, type(value))
  end
  if kind == "string" and key ~= "input" and value:find("\0", 1, true) then
    fail(fname, "option '%s' holds a NUL byte", key)
  end
  return value
end

local function known_names()
  local names = {}
  for name in pairs(KNOWN) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, ", ")
end

-- Copies the options of `from` into `to`, checked.
local function add_options(fname, to, from)
  for key, value in pairs(from) do
    if type(key) == "string" then
      local name = ALIASES[key] or key
      if not KNOWN[name] then fail(fname, "unknown option '%s' (known: %s)", key, known_names()) end
      to[name] = check_option(fname, name, value)
    end
  end
end

--- check_argument(fname, value, index) -> string
local function check_argument(fname, value, index)
  if type(value) == "number" then value = tostring(value) end
  if type(value) ~= "string" then
    fail(fname, "argument %d: string or number expected, got %s", index, type(value))
  end
  if value:find("\0", 1, true) then fail(fname, "argument %d holds a NUL byte", index) end
  return value
end

-- The array part of args, without holes.
local function add_arguments(fname, list, args, first)
  local last = 0
  for key in pairs(args) do
    if math.type(key) == "integer" and key > last then last = key end
  end
  for i = first, last do
    list[#list + 1] = check_argument(fname, args[i], i - first + 1)
  end
end

local function has_only_names(t)
  if next(t) == nil then return false end
  for key in pairs(t) do
    if type(key) ~= "string" then return false end
  end
  return true
end
M.has_only_names = has_only_names

--- parse(fname, file, args, options) -> file, list of arguments, options. file may be a command table
--- {'ls', '-l', cwd = '/'}; a second table with names only is options.
function M.parse(fname, file, args, options)
  local list, opts = {}, {}
  if type(file) == "table" then
    if args ~= nil and options == nil then args, options = nil, args end
    add_options(fname, opts, file)
    add_arguments(fname, list, file, 2)
    file = file[1]
  elseif type(args) == "table" and options == nil and has_only_names(args) then
    args, options = nil, args
  end
  if type(file) ~= "string" or file == "" then
    fail(fname, "the program must be a non-empty string, got %s", file == "" and "''" or type(file))
  end
  if file:find("\0", 1, true) then fail(fname, "the program's name holds a NUL byte") end
  if args ~= nil and type(args) ~= "table" then
    fail(fname, "args: table expected, got %s", type(args))
  end
  if args then
    add_arguments(fname, list, args, 1)
    for key in pairs(args) do
      if type(key) == "string" then fail(fname, "args: '%s' is no index; options are the next argument", key) end
    end
  end
  if options ~= nil and type(options) ~= "table" then
    fail(fname, "options: table expected, got %s", type(options))
  end
  if options then
    for key in pairs(options) do
      if type(key) ~= "string" then fail(fname, "options: %s is no option", tostring(key)) end
    end
    add_options(fname, opts, options)
  end
  return file, list, opts
end

local function check_variable(fname, name, value)
  if type(name) ~= "string" or name == "" or name:find("[=%z]") then
    fail(fname, "env: '%s' is no name of a variable", tostring(name))
  end
  if type(value) == "number" then value = tostring(value) end
  if type(value) ~= "string" then
    fail(fname, "env.%s: string or number expected, got %s", name, type(value))
  end
  if value:find("\0", 1, true) then fail(fname, "env.%s holds a NUL byte", name) end
  return value
end

--- environment(fname, options) -> list of "NAME=value" | nil to inherit
function M.environment(fname, options)
  if not options.env and not options.extend_env then return nil end
  local variables = {}
  for name, value in pairs(options.env or require "procrun.core.self".environ()) do
    if value ~= false then variables[name] = check_variable(fname, name, value) end
  end
  for name, value in pairs(options.extend_env or {}) do
    if value == false then
      variables[name] = nil
    else
      variables[name] = check_variable(fname, name, value)
    end
  end
  local list = {}
  for name, value in pairs(variables) do list[#list + 1] = name .. "=" .. value end
  return list
end

--- quote(s) -> s as one word for /bin/sh
function M.quote(s)
  if type(s) == "number" then s = tostring(s) end
  if type(s) ~= "string" then
    error(("bad argument #1 to 'quote' (string expected, got %s)"):format(type(s)), 2)
  end
  if s:find("\0", 1, true) then error("quote: a word for the shell cannot hold a NUL byte", 2) end
  if s:find("^[%w_@%%+=:,./-]+$") then return s end
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

--- show(argv) -> the command in copy-and-paste form
function M.show(argv)
  local words = {}
  for i, word in ipairs(argv) do words[i] = M.quote(word) end
  return table.concat(words, " ")
end

return M
