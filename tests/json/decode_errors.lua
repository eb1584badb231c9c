-- What is not JSON is refused with the byte where it stops being JSON.
local json = require "procrun.json"

local function fails(text, want)
  local value, message, code = json.decode(text)
  assert(value == nil and code == "EINVAL", text)
  assert(message == want, text .. ": " .. message)
end
fails("", "unexpected end at byte 1")
fails("[1,", "unexpected end at byte 4")
fails('{"a":1, "b":01}', "invalid number at byte 13")
fails("[1.]", "invalid number at byte 2")
fails("[1e999]", "number out of range at byte 2")
fails("[1,]", "invalid value at byte 4")
fails("{,}", "a key is missing at byte 2")
fails('{"a" 1}', "':' is missing at byte 6")
fails("[1 2]", "',' or ']' is missing at byte 4")
fails('{"a":1]', "',' or '}' is missing at byte 7")
fails("NaN", "invalid value at byte 1")
fails("[] []", "text behind the value at byte 4")
fails("[]\0", "text behind the value at byte 3")
fails('"a', "unterminated string at byte 1")
fails('"\\uZZZZ"', "invalid escape at byte 2")
fails('"a\nb"', "control byte in a string at byte 3")
fails('"\xff"', "invalid UTF-8 at byte 2")
fails('["\xC0\x80"]', "invalid UTF-8 at byte 3")
fails("\xEF\xBB\xBF{}", "byte order mark at byte 1")
fails('["\xFE"]', "invalid UTF-8 at byte 3") -- the mark used inside is not for peers

assert(json.decode " \t\r\n[ 1 , 2 ]\r\n"[2] == 2)
