-- command.lua - what a script hands to spawn, run, fork, exec_file: file, args, options, checked.

local misuse = require "procrun.events.misuse"
local options_of = require "procrun.proc.options"

local M = {}

local math_type, type = math.type, type

local function fail(fname, format, ...)
  misuse("%s: %s", fname, format:format(...))
end

local function check_argument(fname, value, index)
  if type(value) == "number" then value = tostring(value) end
  if type(value) ~= "string" then
    fail(fname, "argument %d: string or number expected, got %s", index, type(value))
  end
  if value:find("\0", 1, true) then fail(fname, "argument %d holds a NUL byte", index) end
  return value
end

-- The array part of args, without holes; `last` is its largest index.
local function add_arguments(fname, list, args, first, last)
  local n = #list + 1 - first
  for i = first, last do list[n + i] = check_argument(fname, args[i], i - first + 1) end
end

-- A table with only string keys, and at least one.
local function has_only_names(t)
  for key in pairs(t) do
    if type(key) ~= "string" then return false end
  end
  return next(t) ~= nil
end
M.has_only_names = has_only_names

local function check_file(fname, file)
  if type(file) ~= "string" or file == "" then
    fail(fname, "the program must be a non-empty string, got %s",
      file == "" and "''" or type(file))
  end
  if file:find("\0", 1, true) then fail(fname, "the program's name holds a NUL byte") end
end

-- The largest index of a table that is for arguments, or for a whole command: then it may hold
-- names, too.
local function last_index(fname, what, t, names_too)
  local last = 0
  for key in pairs(t) do
    if math_type(key) == "integer" and key > 0 then
      if key > last then last = key end
    elseif type(key) ~= "string" then
      fail(fname, "%s: %s is no index", what, tostring(key))
    elseif not names_too then
      fail(fname, "%s: '%s' is no index; options are the next argument", what, key)
    end
  end
  return last
end

local function add_options(fname, opts, options)
  if type(options) ~= "table" then
    fail(fname, "options: table expected, got %s", type(options))
  end
  for key in pairs(options) do
    if type(key) ~= "string" then fail(fname, "options: %s is no option", tostring(key)) end
  end
  options_of.add(fname, opts, options)
end

--- parse(fname, file, args, options, [defaults]) -> file, list of arguments, options. file may be a
--- command table {'ls', '-l', cwd = '/'}; a second table with names only is options. defaults: a
--- table of options for the call to keep.
function M.parse(fname, file, args, options, defaults)
  local list, opts = {}, defaults or {}
  if type(file) == "table" then
    local last = last_index(fname, "command", file, true)
    options_of.add(fname, opts, file)
    add_arguments(fname, list, file, 2, last)
    if options == nil then args, options = nil, args end
    file = file[1]
  elseif type(args) == "table" and options == nil and has_only_names(args) then
    args, options = nil, args
  end
  check_file(fname, file)
  if args ~= nil then
    if type(args) ~= "table" then fail(fname, "args: table expected, got %s", type(args)) end
    add_arguments(fname, list, args, 1, last_index(fname, "args", args))
  end
  if options ~= nil then add_options(fname, opts, options) end
  return file, list, opts
end

-- option: env or extend_env
local function check_variable(fname, option, name, value)
  if type(name) ~= "string" or name == "" or name:find("[=%z]") then
    fail(fname, "%s: '%s' is no name of a variable", option, tostring(name))
  end
  if type(value) == "number" then value = tostring(value) end
  if type(value) ~= "string" then
    fail(fname, "%s.%s: string or number expected, got %s", option, name, type(value))
  end
  if value:find("\0", 1, true) then fail(fname, "%s.%s holds a NUL byte", option, name) end
  return value
end

--- environment(fname, options) -> list of "NAME=value" | nil to inherit
function M.environment(fname, options)
  if not options.env and not options.extend_env then return nil end
  local variables = {}
  for name, value in pairs(options.env or require "procrun.core.self".environ()) do
    variables[name] = value and check_variable(fname, "env", name, value) or nil
  end
  for name, value in pairs(options.extend_env or {}) do
    variables[name] = value and check_variable(fname, "extend_env", name, value) or nil
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
  if s:find("^[%w/._@%%+:,-]+$") or s:find("^%-[%w/._@%%+=:,-]*$") then return s end
  if s:find("\0", 1, true) then error("quote: a word for the shell cannot hold a NUL byte", 2) end
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local QUOTE <const> = ("'"):byte()

local function escaped(char)
  return ("\\%03o"):format(char:byte())
end

--- word(s) -> s as one word for people, who may paste it: a word of somebody else's must not tell
--- their terminal what to do. $'…' is what bash, and POSIX since 2024, have for that.
function M.word(s)
  local word = M.quote(s)
  if word:byte() ~= QUOTE or not word:find("[^%C\t\n]") then return word end
  return "$'" .. s:gsub("[%c'\\]", escaped) .. "'"
end

--- show(file, args, [first]) -> the command in copy-and-paste form; args count from `first`
function M.show(file, args, first)
  if not args[first or 1] then return M.word(file) end
  local words, n = { M.word(file) }, 1
  for i = first or 1, #args do
    n = n + 1
    words[n] = M.word(args[i])
  end
  return table.concat(words, " ")
end

return M
