-- colour.lua - coloured text: print(cli.red("failed: " .. cli.bold(name))); where there is to be no
-- colour, the text as it is. When that is so: modules/tty/colour.lua.

local is_coloured = require "procrun.tty.colour"

local M = { width = require "procrun.tty".width, strip = require "procrun.tty".strip }

-- What begins it, and what ends it: "ECMA-48", SGR.
local STYLES <const> = {
  bold = { 1, 22 }, dim = { 2, 22 }, italic = { 3, 23 }, underline = { 4, 24 },
  inverse = { 7, 27 }, strike = { 9, 29 },
  black = { 30, 39 }, red = { 31, 39 }, green = { 32, 39 }, yellow = { 33, 39 },
  blue = { 34, 39 }, magenta = { 35, 39 }, cyan = { 36, 39 }, white = { 37, 39 },
  grey = { 90, 39 },
}

-- Where an inner one ends, this one goes on; and each line is whole by itself.
local function painter(style)
  local open, close = ("\27[%dm"):format(style[1]), ("\27[%dm"):format(style[2])
  local pattern, again = close:gsub("%[", "%%["), close .. open
  return function(text)
    if text == "" then return "" end
    if text:find(close, 1, true) then text = text:gsub(pattern, again) end
    if text:find("\n", 1, true) then text = text:gsub("\r?\n", close .. "%0" .. open) end
    return open .. text .. close
  end
end

local palettes = {} -- on -> name -> function

local function palette(on)
  if not palettes[on] then
    local names = { on = on }
    for name, style in pairs(STYLES) do
      local paint = painter(style)
      names[name] = on and function(value) return paint(tostring(value)) end
        or function(value) return tostring(value) end
    end
    palettes[on] = names
  end
  return palettes[on]
end

for name, style in pairs(STYLES) do
  local paint = painter(style)
  M[name] = function(value)
    local text = tostring(value)
    return is_coloured(1) and paint(text) or text
  end
end

--- colour([stream | true | false]) -> the same functions for another target, or forced
function M.colour(target)
  if target == nil then target = 1 end
  if type(target) ~= "boolean" then target = require "procrun.tty".has_colour(target) end
  return palette(target)
end

return M
