-- Integers stay integers with all 64 bits, floats stay floats; both read back equal.
local json = require "procrun.json"

local function reads(text, want)
  local got = assert(json.decode(text))
  assert(got == want and math.type(got) == math.type(want), text)
  local list = assert(json.decode("[" .. text .. "]"))
  assert(list[1] == want and math.type(list[1]) == math.type(want), text)
end
reads("0", 0)
reads("-0", 0)
reads("12345678901234567", 12345678901234567)
reads("9007199254740993", 9007199254740993)
reads("9223372036854775807", math.maxinteger)
reads("-9223372036854775808", math.mininteger)
reads("9223372036854775808", 2.0 ^ 63)
reads("1e2", 100.0)
reads("1.0", 1.0)
reads("0.1", 0.1)
assert(1 / json.decode("-0.0") == -math.huge)

local function writes(value, want)
  local got = assert(json.encode(value))
  assert(got == want, got .. ", not " .. want)
end
writes(0, "0")
writes(-7, "-7")
writes(math.maxinteger, "9223372036854775807")
writes(math.mininteger, "-9223372036854775808")
writes(3.0, "3.0")
writes(-0.0, "-0.0")
writes(2.0 ^ 53, "9007199254740992.0")
writes(0.1 + 0.2, "0.30000000000000004")
writes(1e300, "1e+300")

for _, locale in ipairs { "de_DE.UTF-8", "fr_FR.UTF-8" } do
  if os.setlocale(locale, "numeric") then
    writes(0.1 + 0.2, "0.30000000000000004")
    reads("0.30000000000000004", 0.1 + 0.2)
    reads("1.5", 1.5)
  end
end
