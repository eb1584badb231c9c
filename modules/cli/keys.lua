-- keys.lua - keys as names: for name in keys(stream) do … end; "up", "enter", "space", "é",
-- "ctrl-a". What is no key is left out; "end" is the End key, "eof" Ctrl-D; nil: the input ends.

local task = require "procrun.task"

local NAMES <const> = {
  ["\r"] = "enter", ["\n"] = "enter", [" "] = "space", ["\t"] = "tab", ["\b"] = "backspace",
  ["\127"] = "backspace", ["\4"] = "eof", ["\27"] = "escape",
}

-- What stands behind ESC [ or ESC O.
local SEQUENCES <const> = {
  A = "up", B = "down", C = "right", D = "left", H = "home", F = "end",
  ["1~"] = "home", ["7~"] = "home", ["4~"] = "end", ["8~"] = "end", ["3~"] = "delete",
  ["5~"] = "page-up", ["6~"] = "page-down",
}

-- How long the rest of a sequence may be on its way; a lone ESC is the Escape key.
local SEQUENCE_TIME <const> = 0.05

local function name_of(key)
  if NAMES[key] then return NAMES[key] end
  local sequence = key:match "^\27[%[O](.+)$"
  if sequence then return SEQUENCES[sequence:gsub("^[%d;]*;%d(%a)$", "%1")] end
  local code = key:byte()
  if #key == 1 and code < 32 then return "ctrl-" .. string.char(code + 96) end
  return utf8.len(key) == 1 and key or nil
end

-- The bytes of the first key of text; nil: it has not all come.
local function first_of(text)
  local sequence = text:match "^\27[%[O][%d;?]*[@-~]"
  if sequence then return sequence end
  if text == "\27" or text:find "^\27[%[O][%d;?]*$" then return nil end
  if text:sub(1, 1) == "\27" then return "\27" end
  local character = text:match "^[\xC2-\xF4][\x80-\xBF]*"
  if character then
    local lead = character:byte()
    local wanted = lead >= 0xF0 and 4 or lead >= 0xE0 and 3 or 2
    if #character < wanted and #character == #text then return nil end
    return character:sub(1, wanted)
  end
  return text:sub(1, 1)
end

-- Byte by byte: what is typed ahead is the next question's.
return function(stream)
  local text = ""
  local function more(time)
    local bytes
    if time then
      bytes = task.timeout(time, stream.read_some, stream, 1)
    else
      bytes = stream:read_some(1)
    end
    if bytes then text = text .. bytes end
    return bytes
  end
  return function()
    while true do
      if text == "" and not more() then return nil end
      local key = first_of(text) or not more(SEQUENCE_TIME) and text
      if key then
        text = text:sub(#key + 1)
        local name = name_of(key)
        if name then return name end
      end
    end
  end
end
