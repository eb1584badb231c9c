-- Strings hold any UTF-8 with NUL, in values and keys, short and long; a text is one line.
local json = require "procrun.json"

local function round(s)
  local text = assert(json.encode { [s] = s, list = { s, s .. s } })
  assert(not text:find "[\n\r]")
  local back = assert(json.decode(text))
  assert(back[s] == s and back.list[1] == s and back.list[2] == s .. s)
  assert(json.decode(assert(json.encode(s))) == s)
end
local all = {}
for i = 0, 127 do all[#all + 1] = string.char(i) end
round("")
round("a\0b")
round("\0")
round(table.concat(all))
round("\u{e9}\u{20ac}\u{1F600}\u{10FFFF}\u{7FF}\u{FFFD}")
round(("line\n"):rep(1000))
round(("\u{1F600}x\0"):rep(20000))

assert(json.encode "\b\f\n\r\t\1\127/\"\\" == [["\b\f\n\r\t\u0001]] .. "\127" .. [[/\"\\"]])
assert(json.decode [["\/\u0041\u00e9\u20AC"]] == "/A\u{e9}\u{20ac}")

-- halves of surrogate pairs
assert(json.decode [["\ud83d\ude00"]] == "\u{1F600}")
assert(json.decode [["\ud83dx"]] == "\u{FFFD}x")
assert(json.decode('["\\ude00"]')[1] == "\u{FFFD}")
assert(json.decode [[{"\ud83d\ud83d\ude00":1}]]["\u{FFFD}\u{1F600}"] == 1)
