-- usage_scope.lua - the options and operands of a program, or of one of its commands.
-- A scope: options, operands (lists), by_name ("-j", "--jobs"), keys (of opt), early.

local item = require "procrun.cli.usage_item"
local usage_line = require "procrun.cli.usage_line"

local M = {}

--- new([parent]): names and keys are none of the parent's
function M.new(parent)
  return { options = {}, operands = {}, by_name = {}, keys = {}, parent = parent }
end

local function find(scope, group, name)
  return scope[group][name] or scope.parent and scope.parent[group][name]
end

local function add_key(scope, entry)
  local other = find(scope, "keys", entry.key)
  if other and other.name == entry.name and scope.keys[entry.key] then
    entry.fail("%s is there twice; one or more of them are %s...", entry.name, entry.name)
  elseif other then
    entry.fail("%s and %s would both be opt.%s", other.name, entry.name, entry.key)
  end
  scope.keys[entry.key] = entry
end

local function names_of(option)
  local names = {}
  for _, name in ipairs(option.short) do names[#names + 1] = "-" .. name end
  for _, name in ipairs(option.long) do names[#names + 1] = "--" .. name end
  return names
end

local function remove(scope, option)
  for i = #scope.options, 1, -1 do
    if scope.options[i] == option then table.remove(scope.options, i) end
  end
  for _, name in ipairs(names_of(option)) do scope.by_name[name] = nil end
  scope.keys[option.key] = nil
end

-- What the usage line says of the option, too; its line replaces that.
local function take_over(scope, option)
  for _, name in ipairs(names_of(option)) do
    local old = scope.by_name[name]
    if old and old.inline then
      if (old.value == nil) ~= (option.value == nil) then
        option.fail("%s takes a value here or in the usage line, not in both", option.name)
      end
      option.required = option.required or old.required
      option.repeated = option.repeated or old.repeated
      remove(scope, old)
    end
  end
end

--- add_option(scope, option): option.fail tells what is wrong about it
function M.add_option(scope, option)
  if not option.inline then take_over(scope, option) end
  for _, name in ipairs(names_of(option)) do
    if find(scope, "by_name", name) then option.fail("%s is there twice", name) end
    scope.by_name[name] = option
  end
  add_key(scope, option)
  scope.options[#scope.options + 1] = option
end

--- add_line(scope, text, fail): what stands in the usage line
function M.add_line(scope, text, fail)
  local line = usage_line.read(text, fail)
  scope.operands, scope.early = line.operands, line.early
  for _, operand in ipairs(line.operands) do
    operand.fail = fail
    add_key(scope, operand)
  end
  for _, option in ipairs(line.options) do
    option.fail = fail
    M.add_option(scope, option)
  end
end

-- --cache and --no-cache are one option.
local function join_negatives(scope)
  for i = #scope.options, 1, -1 do
    local option = scope.options[i]
    local positive = option.long[1] and option.long[1]:match "^no%-(.+)$"
    local other = positive and scope.by_name["--" .. positive]
    if other and not other.value and not option.value then
      local names = names_of(option)
      remove(scope, option)
      other.negatable = true
      for _, name in ipairs(names) do scope.by_name[name] = { negative = other, name = name } end
    end
  end
end

--- finish(scope): all lines have been read
function M.finish(scope)
  join_negatives(scope)
  for _, option in ipairs(scope.options) do item.describe(option, option.text or "") end
  for _, operand in ipairs(scope.operands) do
    item.describe(operand, operand.text or "")
    if operand.default ~= nil and operand.required then
      operand.fail("%s has a default: in the usage line it stands in brackets", operand.name)
    end
  end
end

return M
