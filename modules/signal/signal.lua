-- signal.lua - waiting for signals as a task: signal.wait("TERM") -> "SIGTERM"
-- Listeners (process:on("SIGTERM", fn)) are the business of procrun.signal.listen.

local core = require "procrun.core.signal"
local task = require "procrun.core.task"

local M = {}
local methods = {}
local subscription_meta = { __index = methods, __name = "signal subscription" }

local function fail(level, text, ...)
  error(text:format(...), level + 1)
end

-- A text that begins like one is a time; no signal's name does.
local function is_time(value)
  return type(value) == "number" or type(value) == "string" and value:find("^[%d.]") ~= nil
end

-- "TERM", 15 or a list of them, added to the list of numbers.
local function add_signals(numbers, method, index, value, nested)
  local kind = math.type(value) or type(value)
  local number = kind == "integer" and core.name(value) and value
    or kind == "string" and core.number(value)
  if number then
    numbers[#numbers + 1] = number
  elseif kind == "table" and not nested then
    if #value == 0 then fail(4, "bad argument #%d to '%s' (the list is empty)", index, method) end
    for _, each in ipairs(value) do
      add_signals(numbers, method, index, each, true)
    end
  elseif kind == "string" or kind == "integer" then
    local text = "bad argument #%d to '%s' (unknown signal '%s'; use 'SIGTERM', 'TERM' or 15)"
    fail(nested and 5 or 4, text, index, method, value)
  else
    local text = "bad argument #%d to '%s' (signal expected, got %s)"
    fail(nested and 5 or 4, text, index, method, type(value))
  end
end

-- Opens the subscription to the first `count` of args.
local function open(method, args, count)
  local numbers = {}
  for i = 1, math.max(count, 1) do
    add_signals(numbers, method, i, args[i])
  end
  return core.open(true, table.unpack(numbers))
end

-- Waits at most `timeout`, which stands as argument `index` of wait.
local function wait(subscription, timeout, index)
  local fine, problem = pcall(task.seconds, timeout or 0)
  if not fine then fail(3, "bad argument #%d to 'wait' %s", index, problem:match("%(.*%)")) end
  local number, message, code = subscription:wait(timeout)
  if number then return core.name(number) end
  return nil, message, code
end

--- signal.wait(signals, [timeout]) -> name | nil, message, code
function M.wait(...)
  local args = table.pack(...)
  local count = args.n
  local timed = count > 1 and (is_time(args[count]) or args[count] == nil)
  local subscription <close>, message, code = open("wait", args, timed and count - 1 or count)
  if not subscription then return nil, message, code end
  return wait(subscription, timed and args[count] or nil, count)
end

--- signal.open(signals) -> subscription | nil, message, code
function M.open(...)
  local subscription, message, code = open("open", { ... }, select("#", ...))
  if not subscription then return nil, message, code end
  return setmetatable({ core = subscription }, subscription_meta)
end

local function check_self(self, method)
  if getmetatable(self) ~= subscription_meta then
    fail(3, "bad call to '%s' (call it with a colon: subscription:%s())", method, method)
  end
end

--- subscription:wait([timeout]) -> name | nil, message, code
function methods:wait(timeout)
  check_self(self, "wait")
  local name, message, code = wait(self.core, timeout, 1) -- no tail call: errors name the caller
  if name then return name end
  return nil, message, code
end

--- subscription:close()
function methods:close()
  check_self(self, "close")
  self.core:close()
end

subscription_meta.__close = methods.close

--- signal.number(name) -> integer | nil, message, code
function M.number(name)
  if type(name) ~= "string" then
    fail(2, "bad argument #1 to 'number' (signal name expected, got %s)", type(name))
  end
  local number = core.number(name)
  if number then return number end
  return nil, ("signal: no signal is called '%s'"):format(name), "EINVAL"
end

--- signal.name(number) -> string | nil, message, code
function M.name(number)
  if math.type(number) ~= "integer" then
    fail(2, "bad argument #1 to 'name' (signal number expected, got %s)", type(number))
  end
  local name = core.name(number)
  if name then return name end
  return nil, ("signal: no signal has the number %d"):format(number), "EINVAL"
end

--- signal.names() -> list of strings
function M.names()
  local names = {}
  for number = 1, core.last do
    names[#names + 1] = core.name(number)
  end
  return names
end

M._types = { subscription = methods }

return M
