-- visible.lua - text of any bytes as it may stand on a terminal: visible("a\27[2Jb\n", false) is
-- [[a\x1b[2Jb\n]]. Tabs stay; colours do where there are any.

local NAMES <const> = { ["\n"] = "\\n", ["\r"] = "\\r", ["\0"] = "\\0" }

local function name_of(byte) return NAMES[byte] or ("\\x%02x"):format(byte:byte()) end

-- Bytes that are no UTF-8, one by one.
local function mend(text)
  local parts, at = {}, 1
  while true do
    local _, bad = utf8.len(text, at)
    if not bad then break end
    parts[#parts + 1] = text:sub(at, bad - 1)
    parts[#parts + 1] = name_of(text:sub(bad, bad))
    at = bad + 1
  end
  parts[#parts + 1] = text:sub(at)
  return table.concat(parts)
end

-- Of a text without colours. The controls of U+0080 to U+009F are two bytes.
local function escape(text)
  if not utf8.len(text) then text = mend(text) end
  if not text:find "[%c\xc2]" then return text end
  text = text:gsub("[%c\x7f]", function(byte) return byte ~= "\t" and name_of(byte) or nil end)
  text = text:gsub("\xc2([\x80-\x9f])", name_of)
  return text
end

--- visible(text, colours) -> text of one line; colours: those in the text are kept, and ended
return function(text, colours)
  if not text:find "[^\t\32-\126]" then return text end
  if not text:find("\27[", 1, true) then return (escape(text)) end
  if not colours then
    text = text:gsub("\27%[[%d;]*m", "")
    return (escape(text))
  end
  local parts, at, styled = {}, 1, false
  for from, style, to in text:gmatch "()(\27%[[%d;]*m)()" do
    parts[#parts + 1] = escape(text:sub(at, from - 1))
    parts[#parts + 1] = style
    at, styled = to, true
  end
  parts[#parts + 1] = escape(text:sub(at))
  text = table.concat(parts)
  return styled and text:sub(-1) ~= "m" and text .. "\27[0m" or text
end
