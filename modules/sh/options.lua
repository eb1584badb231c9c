-- options.lua - the options of a command: which there are, whether a stage or the whole has them.
-- options.read("sh.run", {"make", cwd = "build", timeout = "10m"}).stage.cwd

local misuse = require "procrun.events.misuse"
local proc_options = require "procrun.proc.options"

local M = {}

local function set_of(names)
  local set = {}
  for name in names:gmatch("%S+") do set[name] = true end
  return set
end

-- Those of one program. All the others are of the whole pipeline.
local STAGE <const> =
  set_of "cwd env extend_env stdin stdout stderr input argv0 uid gid umask limits ok"
local FIRST <const> = set_of "stdin input" -- of the first stage alone
local LAST <const> = set_of "stdout" -- of the last one alone
M.FIRST, M.LAST = FIRST, LAST

-- What proc has and sh has not, with the reason.
local SHELL <const> = "a real shell is sh.bash or sh.script"
local STDIO <const> = "use stdin, stdout and stderr"
local CHANNEL <const> = "a channel is proc.fork's"
local NOT_HERE <const> = {
  shell = SHELL, stdio = STDIO, silent = STDIO, channel = CHANNEL, serialization = CHANNEL,
  max_message = CHANNEL, exec_path = CHANNEL, exec_args = CHANNEL,
  visible = "use sh.secret",
  detached = "use proc.spawn", keep_open = "use proc.spawn", autokill = "use proc.spawn",
  clean_env = "env replaces the environment, extend_env adds to it",
}

local function boolean(value)
  if type(value) == "boolean" then return true end
  return false, "boolean"
end

local function is_codes(value)
  if type(value) ~= "table" or #value == 0 then return false end
  for key, code in pairs(value) do
    if math.type(key) ~= "integer" or math.type(code) ~= "integer" or code < 0 or code > 255 then
      return false
    end
  end
  return true
end

-- sh's own: fn(value) -> whether it is right, what was expected
local OWN <const> = {
  check = boolean, quiet = boolean, trace = boolean,
  ok = function(value) return is_codes(value), "list of exit codes, as {0, 1}" end,
}
local KNOWN <const> = { check = true, quiet = true, trace = true, ok = true }

local ALIASES <const> = { cur_dir = "cwd", grace = "kill_after" }

-- The text of a secret, where there can be one.
local function without_secret(kind, value)
  local secret = package.loaded["procrun.sh.secret"]
  return secret and secret[kind](value) or value
end

local function bad(fname, key, expected, value)
  misuse("%s: option '%s': %s expected, got %s", fname, key, expected, proc_options.show(value))
end

-- What was set before stays beneath what is added: {A = 1} and {B = 2} give both.
local function merged(old, new)
  if type(old) ~= "table" or type(new) ~= "table" then return new end
  local both = {}
  for name, value in pairs(old) do both[name] = value end
  for name, value in pairs(new) do both[name] = value end
  return both
end

local function add_one(fname, to, key, value)
  local name = ALIASES[key] or key
  if NOT_HERE[name] then
    misuse("%s: there is no option '%s' here (%s)", fname, key, NOT_HERE[name])
  end
  local own = OWN[name]
  if own then
    local ok, expected = own(value)
    if not ok then bad(fname, key, expected, value) end
  elseif name == "env" or name == "extend_env" then
    value = without_secret("environment", value)
  elseif name == "input" then
    value = without_secret("input", value)
  end
  if not own then
    proc_options.check_names(fname, { [name] = value }, KNOWN, NOT_HERE)
    local checked, expected = proc_options.check(name, value, fname)
    if expected then bad(fname, key, expected, value) end
    value = checked
  end
  local part = STAGE[name] and to.stage or to.whole
  part[name] = name == "extend_env" and merged(part[name], value) or value
end

--- read(fname, t) -> {stage =, whole =}: the options among the keys of t, checked | nil
function M.read(fname, t)
  local to
  for key, value in next, t do
    if type(key) == "string" then
      to = to or { stage = {}, whole = {} }
      add_one(fname, to, key, value)
    end
  end
  return to
end

--- copy(options, [over]) -> a new table with both; those of `over` win
function M.copy(options, over)
  local all = {}
  for name, value in pairs(options) do all[name] = value end
  if not over then return all end
  for name, value in pairs(over) do
    all[name] = name == "extend_env" and merged(all[name], value) or value
  end
  return all
end

--- is_option(name) -> boolean
function M.is_option(name)
  name = ALIASES[name] or name
  return OWN[name] ~= nil or pcall(proc_options.check_names, "", { [name] = true }, {})
end

return M
