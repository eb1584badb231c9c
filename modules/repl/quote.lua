-- quote.lua - strings, numbers and names of values as they stand in a script, for show.lua.

local M = {}

--- KEYWORDS: set of Lua's
M.KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
    return then true until while]]):gmatch "%a+" do
  M.KEYWORDS[word] = true
end

local ESCAPES <const> = {
  ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ["\a"] = "\\a", ["\b"] = "\\b", ["\f"] = "\\f",
  ["\v"] = "\\v", ["\27"] = "\\27", ["\\"] = "\\\\",
}

local function escape_byte(c) return ESCAPES[c] or ("\\%d"):format(c:byte()) end

-- What is no UTF-8, or controls the terminal (U+0080 to U+009F), byte by byte.
local function escape_high(text)
  local out, at = {}, 1
  while at <= #text do
    local length, bad = utf8.len(text, at)
    local stop = length and #text or bad - 1
    out[#out + 1] = text:sub(at, stop)
    at = stop + 1
    if at <= #text then
      out[#out + 1] = ("\\x%02X"):format(text:byte(at))
      at = at + 1
    end
  end
  return (table.concat(out):gsub("\xC2[\x80-\x9F]", function(c)
    return ("\\u{%X}"):format(utf8.codepoint(c))
  end))
end

--- string(text, most) -> quoted; of more than `most` bytes the rest is counted
function M.string(text, most)
  local rest = ""
  if #text > most then
    local cut = most
    while cut > most - 3 and cut > 0 and (text:byte(cut + 1) & 0xC0) == 0x80 do cut = cut - 1 end
    rest = (" … %d more bytes"):format(#text - cut)
    text = text:sub(1, cut)
  end
  local mark = text:find('"', 1, true) and not text:find("'", 1, true) and "'" or '"'
  local out = text:gsub("()([%c\\])", function(at, c)
    local plain = escape_byte(c)
    if plain:find "^\\%d" and text:find("^%d", at + 1) then return ("\\%03d"):format(c:byte()) end
    return plain
  end)
  if mark == '"' then out = out:gsub('"', '\\"') end
  return mark .. escape_high(out) .. mark .. rest
end

--- line(text) -> the same without what would disturb a line
function M.line(text) return escape_high((text:gsub("[%c]", escape_byte))) end

--- number(value) -> the shortest text that reads back as the same number
function M.number(value)
  if math.type(value) == "integer" then return tostring(value) end
  if value ~= value then return "nan" end
  if value == math.huge then return "inf" elseif value == -math.huge then return "-inf" end
  for digits = 14, 17 do
    local text = ("%%.%dg"):format(digits):format(value)
    if tonumber(text) == value then
      return text:find "[.eEn]" and text or text .. ".0"
    end
  end
end

--- plain(value) -> tostring without metamethods
function M.plain(value)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "number" or kind == "nil" or kind == "boolean" then return tostring(value) end
  return ("%s: %p"):format(kind, value)
end

return M
