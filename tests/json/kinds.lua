-- Arrays and objects keep their kind on the way through Lua, the empty ones too.
local json = require "procrun.json"

for _, text in ipairs { "[]", "{}", "[[],{},[{}]]", '{"a":[],"b":{}}', "[1,[2,[3]]]" } do
  assert(json.encode(json.decode(text), { sort_keys = true }) == text, text)
end
assert(json.encode {} == "[]")
assert(json.encode(json.object()) == "{}")
assert(json.encode(json.array()) == "[]")
assert(json.encode { 1, "two", { 3 } } == '[1,"two",[3]]')
assert(json.encode { one = 1 } == '{"one":1}')

local empty = json.decode "{}"
empty.name = "x"
assert(json.encode(empty) == '{"name":"x"}')

-- keys that lua_next does not give in order
local t = {}
for i = 50, 1, -1 do t[i] = i end
assert(json.encode(t) == "[" .. table.concat(t, ",") .. "]")
t = { 1, 2, 3, nil, nil, nil, nil, 8 }
for i = 4, 7 do t[i] = i end
assert(json.encode(t) == "[1,2,3,4,5,6,7,8]")

assert(json.is_array {} and json.is_array { 1, 2 } and json.is_array(json.array()))
assert(json.is_array(json.decode "[]") and not json.is_array(json.decode "{}"))
assert(not json.is_array { 1, nil, 3 } and not json.is_array { a = 1 })
assert(not json.is_array(json.object { 1 }) and not json.is_array "[]")
local same = {}
assert(json.array(same) == same and json.object(same) == same)
assert(json.encode(same) == "{}")
