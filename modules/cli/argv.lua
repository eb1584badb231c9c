-- argv.lua - the arguments of a program by the spec of its usage text:
-- local opt, why, scope = require "procrun.cli.argv"(spec, argv)
-- opt | nil, "help" | "version", scope | nil, message, command: what is wrong with the arguments

local closest = require "procrun.cli.closest"
local item = require "procrun.cli.usage_item"
local read_value = require "procrun.cli.value"

-- Ends the reading; the reason is what the function of this file returns.
local function leave(state, why, scope)
  state.why, state.scope = why, scope
  error(state, 0)
end

-- On one line, whatever the argument holds.
local function fail(state, format, ...)
  leave(state, (format:format(...):gsub("%c", "?")), state.command)
end

local function hint(name)
  return name and (" (did you mean '%s'?)"):format(name) or ""
end

-- The scopes whose options count at this place.
local function scopes_of(state)
  return { state.command or state.spec.main, state.command and state.spec.main or nil }
end

local function find(state, name)
  for _, scope in ipairs(scopes_of(state)) do
    if scope.by_name[name] then return scope.by_name[name] end
  end
end

local function unknown(state, name)
  local names = { "--help" }
  for _, scope in ipairs(scopes_of(state)) do
    for known, option in pairs(scope.by_name) do
      names[#names + 1] = known
      if option.negatable then names[#names + 1] = "--no-" .. known:sub(3) end
    end
  end
  table.sort(names)
  local meant = closest(name, names)
  if #name == 2 then
    local other = name:lower() == name and name:upper() or name:lower()
    meant = find(state, other) and other
  end
  fail(state, "unknown option '%s'%s", name, hint(meant))
end

-- Values -----------------------------------------------------------------------------------------

local function convert(state, entry, text, where)
  local value, message = read_value(entry, text)
  if value == nil then fail(state, "%s: %s", where, message) end
  return value
end

local function store(state, entry, value)
  local opt, key = state.opt, entry.key
  if not entry.repeated then
    opt[key] = value
  elseif not entry.value then
    opt[key] = value and (opt[key] or 0) + 1 or 0
  elseif state.given[entry] then
    table.insert(opt[key], value)
  else
    opt[key] = { value }
  end
  state.given[entry] = true
end

-- The next argument as the value; one that looks like an option is not taken for it.
local function next_value(state, option, name)
  local text = state.argv[state.at + 1]
  if not text then fail(state, "option '%s' needs a value: %s", name, option.value) end
  if text:find "^%-." and not text:find "^%-%.?%d" then
    fail(state, "option '%s' needs a value: %s ('%s' as the value: %s)", name, option.value, text,
      #name == 2 and name .. text or name .. "=" .. text)
  end
  state.at = state.at + 1
  return text
end

-- --help and --version, which need no line in the text.
local function standard(state, name, option)
  if option and option.value then return end
  local key = option and option.key
  if key == "help" or not option and (name == "--help" or name == "-h") then
    leave(state, "help", state.command or state.spec.main)
  elseif state.spec.version and (key == "version" or not option and name == "--version") then
    leave(state, "version")
  end
end

local function set_flag(state, option, value)
  if option.negative then option, value = option.negative, not value end
  store(state, option, value)
end

local function long(state, arg)
  local name, text = arg:match "^(%-%-[^=]*)=(.*)$"
  name = name or arg
  local option, negated = find(state, name), false
  if not option and name:find "^%-%-no%-." and not name:find "^%-%-no%-no%-" then
    option = find(state, "--" .. name:sub(6))
    negated = option ~= nil
    if option and (option.value or option.negative) then unknown(state, name) end
  end
  standard(state, name, option)
  if not option then unknown(state, name) end
  if option.value and not text and not option.optional then
    text = next_value(state, option, name)
  elseif text and not option.value then
    fail(state, "option '%s' takes no value", name)
  end
  if text then return store(state, option, convert(state, option, text, name)) end
  set_flag(state, option, not negated)
end

-- -abc, -j4, -vj 4
local function short(state, arg)
  local at = 2
  while at <= #arg do
    local letter = arg:match("^[^\x80-\xBF][\x80-\xBF]*", at) or arg:sub(at, at)
    local name = "-" .. letter
    local option = find(state, name)
    standard(state, name, option)
    if not option then unknown(state, #arg == #name and name or name .. "' in '" .. arg) end
    at = at + #letter
    if option.value and not option.optional then
      local text = arg:sub(at)
      if text == "" then text = next_value(state, option, name) end
      return store(state, option, convert(state, option, text, name))
    end
    set_flag(state, option, true)
  end
end

local function unknown_command(state, name)
  local names = {}
  for known in pairs(state.spec.by_command) do names[#names + 1] = known end
  table.sort(names)
  fail(state, "unknown command '%s'%s", name, hint(closest(name, names)))
end

-- Operands ---------------------------------------------------------------------------------------

local function help_of(state)
  local name = state.argv[state.at + 1]
  local command = name and state.spec.by_command[name]
  if name and not command then unknown_command(state, name) end
  leave(state, "help", command or state.spec.main)
end

local function choose_command(state, name)
  local command = state.spec.by_command[name]
  if command then
    state.command = command
    store(state, state.spec.main.operands[1], command.name)
    return
  elseif name == "help" then
    help_of(state)
  end
  unknown_command(state, name)
end

local function operand(state, arg)
  if #state.spec.commands > 0 and not state.command then return choose_command(state, arg) end
  state.operands[#state.operands + 1] = arg
  if (state.command or state.spec.main).early then state.ended = true end
end

local function check_count(state, scope)
  local count, required, repeated = #state.operands, 0, false
  for _, each in ipairs(scope.operands) do
    repeated = repeated or each.repeated
    if each.required then required = required + 1 end
    if each.required and required > count then fail(state, "missing argument %s", each.name) end
  end
  if not repeated and count > #scope.operands then
    fail(state, "unexpected argument '%s'", state.operands[#scope.operands + 1])
  end
  return count - required
end

-- Each required one takes an argument; what is left goes to the others from left to right.
local function share_out(state, scope)
  local left, at = check_count(state, scope), 1
  for _, each in ipairs(scope.operands) do
    local count = each.required and 1 or 0
    if each.repeated then
      count, left = count + left, 0
    elseif count == 0 and left > 0 then
      count, left = 1, left - 1
    end
    for _ = 1, count do
      store(state, each, convert(state, each, state.operands[at], each.name))
      at = at + 1
    end
  end
end

-- What was not given -----------------------------------------------------------------------------

local function from_environment(state, entry)
  local text = entry.env and os.getenv(entry.env)
  if not text or text == "" then return false end
  local where = ("%s (environment, for %s)"):format(entry.env, entry.name)
  if entry.value then
    store(state, entry, convert(state, entry, text, where))
  elseif entry.repeated then
    store(state, entry, true)
    state.opt[entry.key] = convert(state, { kind = "integer", low = 0 }, text, where)
  else
    local on = item.switch(text)
    if on == nil then fail(state, "%s: yes or no expected, got '%s'", where, text) end
    store(state, entry, on)
  end
  return true
end

local function copy(value)
  return type(value) == "table" and table.move(value, 1, #value, 1, {}) or value
end

local function fill(state, entry)
  if state.given[entry] or from_environment(state, entry) then return end
  if entry.required then
    fail(state, entry.long and "missing option %s %s" or "missing argument %s", entry.name,
      entry.value)
  end
  local value = copy(entry.default)
  if value == nil and entry.repeated then value = entry.value and {} or 0 end
  if value == nil and not entry.value then value = false end
  state.opt[entry.key] = value
end

local function fill_all(state)
  local main = state.spec.main
  if #state.spec.commands == 0 then
    share_out(state, main)
  elseif state.command then
    share_out(state, state.command)
  elseif main.operands[1].required then
    fail(state, "missing command")
  end
  for _, scope in ipairs(scopes_of(state)) do
    for _, option in ipairs(scope.options) do fill(state, option) end
    for _, each in ipairs(scope.operands) do fill(state, each) end
  end
end

local function is_number(state, arg)
  return arg:find "^%-%.?%d" and not find(state, arg:sub(1, 2)) and tonumber(arg) ~= nil
end

local function read(state)
  local argv = state.argv
  while state.at < #argv do
    state.at = state.at + 1
    local arg = argv[state.at]
    if state.ended or not arg:find "^%-." or is_number(state, arg) then
      operand(state, arg)
    elseif arg == "--" then
      state.ended = true
    elseif arg:find "^%-%-" then
      long(state, arg)
    else
      short(state, arg)
    end
  end
  fill_all(state)
end

return function(spec, argv)
  local state = { spec = spec, argv = argv, at = 0, opt = {}, given = {}, operands = {} }
  local fine, err = pcall(read, state)
  if fine then return state.opt end
  if err ~= state then error(err, 0) end
  return nil, state.why, state.scope
end
