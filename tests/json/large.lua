-- Megabytes in one value: long strings, long lists, and many keys.
local json = require "procrun.json"

local long = ("0123456789abcdef"):rep(1 << 18)
assert(json.decode(json.encode(long)) == long)
assert(json.decode(json.encode { data = long }).data == long)

local list = {}
for i = 1, 100000 do list[i] = i % 3 == 0 and "item " .. i or i % 3 == 1 and i or i / 4 end
local back = json.decode(json.encode(list))
assert(#back == #list)
for i, v in ipairs(list) do assert(back[i] == v and math.type(back[i]) == math.type(v)) end

local map = {}
for i = 1, 50000 do map["key" .. i] = { i } end
back = json.decode(json.encode(map))
for k, v in pairs(map) do assert(back[k][1] == v[1]) end

-- what a large text took is not kept
collectgarbage()
local before = collectgarbage "count"
json.decode(json.encode(list))
collectgarbage()
assert(collectgarbage "count" - before < 64)
