-- The options of encode: nan, invalid, indent, sort_keys, stringify_keys.
local json = require "procrun.json"

assert(json.encode({ 0 / 0, math.huge, 1 }, { nan = "null" }) == "[null,null,1]")
assert(json.encode({ 0 / 0 }, { nan = "error" }) == nil)
assert(json.encode({ k = "a\xffb" }, { invalid = "replace" }) == '{"k":"a\u{FFFD}b"}')
assert(json.encode({ ["\xE2\x82"] = 1 }, { invalid = "replace" }) == '{"\u{FFFD}":1}')

local value = { b = 1, a = { 1, {} }, c = { d = "x" }, B = true }
assert(json.encode(value, { sort_keys = true }) == '{"B":true,"a":[1,[]],"b":1,"c":{"d":"x"}}')
assert(json.encode(value, { sort_keys = true, indent = 2 }) == [[
{
  "B": true,
  "a": [
    1,
    []
  ],
  "b": 1,
  "c": {
    "d": "x"
  }
}]])

local many = {}
for i = 1, 300 do many["k" .. i] = i end
local last
for key in assert(json.encode(many, { sort_keys = true })):gmatch '"(k%d+)"' do
  assert(not last or last < key)
  last = key
end

local stringify = { stringify_keys = true }
assert(json.encode({ [3] = 1, x = 2 }, stringify) == '{"3":1,"x":2}')
assert(json.encode({ 1, 2 }, stringify) == "[1,2]")
assert(json.encode({ [-1] = {} }, stringify) == '{"-1":[]}')
assert(json.encode(json.object { 7 }, stringify) == '{"1":7}')
local _, message = json.encode({ v = { ["1"] = 1, [1] = 2 } }, stringify)
assert(message == 'two keys "1" in .v')
assert(not json.encode({ v = json.array { 1, a = 2 } }, stringify))

-- Blanks in place of the options.
assert(json.encode({ 1 }, "   ") == "[\n   1\n]")
assert(json.encode({ 1 }, "") == "[1]")
