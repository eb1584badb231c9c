-- secret.lua - a text that is shown as ***, and reaches the child as it is.
-- run("curl -H $1", "Authorization: Bearer " .. sh.secret(token))

local misuse = require "procrun.events.misuse"

local M = {}

local Secret = { __name = "procrun.secret" }
local methods = {}
M.methods = methods

-- Outside the object, so that nothing that prints tables prints them.
local values = setmetatable({}, { __mode = "k" })
local shown = setmetatable({}, { __mode = "k" })

local function make(value, text)
  local self = setmetatable({}, Secret)
  values[self], shown[self] = value, text
  return self
end

--- secret(text) -> secret
function M.new(text)
  if math.type(text) then text = tostring(text) end
  if values[text] then return text end
  if type(text) ~= "string" then
    misuse("bad argument #1 to 'secret' (string expected, got %s)", type(text))
  end
  return make(text, "***")
end

--- is(value) -> boolean
function M.is(value) return values[value] ~= nil end

--- reveal(value) -> the text of a secret, and how it is shown | value
function M.reveal(value)
  local text = values[value]
  if text then return text, shown[value] end
  return value
end

--- secret:reveal() -> the text
function methods:reveal()
  if not values[self] then misuse("call it with a colon: secret:reveal()") end
  return values[self]
end

function Secret:__tostring() return shown[self] end

function Secret.__concat(a, b)
  local left, left_shown = M.reveal(a)
  local right, right_shown = M.reveal(b)
  for _, part in ipairs { left, right } do
    if type(part) ~= "string" and type(part) ~= "number" then
      misuse("attempt to concatenate a secret and a %s", type(part))
    end
  end
  return make(left .. right, (left_shown or left) .. (right_shown or right))
end

function Secret:__index(key)
  local method = methods[key]
  if method then return method end
  misuse("a secret has no '%s': its text is secret:reveal()", tostring(key))
end

function Secret:__newindex() misuse("a secret cannot be changed") end

local names = {} -- of variables that have held one

--- environment(variables) -> the same with the texts of secrets; their names are remembered
function M.environment(variables)
  if type(variables) ~= "table" then return variables end
  local copy = {}
  for name, value in pairs(variables) do
    if values[value] then names[name] = true end
    copy[name] = (M.reveal(value))
  end
  return copy
end

local inputs = {} -- texts that were fed to programs

--- input(value) -> the text of a secret, remembered | value
function M.input(value)
  local text = values[value]
  if text then inputs[text] = true end
  return text or value
end

--- is_input(text) -> boolean
function M.is_input(text) return inputs[text] == true end

--- shown_variable(name, value) -> value as it may be shown
function M.shown_variable(name, value) return names[name] and "***" or value end

return M
