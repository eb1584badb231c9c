-- Decoding runs the collector, whose __gc handlers may decode and encode too.
local json = require "procrun.json"

local text = {}
for i = 1, 300 do
  local form = '{"id":%d,"key %d":[%d.5,"a string that is kept as a token \\n %d"],"o":{}}'
  text[i] = form:format(i, i, i, i)
end
text = "[" .. table.concat(text, ",") .. "]"
local small = '{"a":["another string that is kept as a token",1,2.5,{}],"b":"\\u0000"}'

local runs = 0
local function trap()
  setmetatable({}, { __gc = function()
    runs = runs + 1
    local t = assert(json.decode(small))
    assert(#t.a == 4 and t.a[1]:find "^another" and t.a[3] == 2.5 and t.b == "\0")
    assert(json.decode(assert(json.encode(t))).a[2] == 1)
    trap()
  end })
end
collectgarbage("setpause", 0)
collectgarbage("setstepmul", 1000)
trap()
for _ = 1, 20 do
  local list = assert(json.decode(text))
  assert(#list == 300)
  for i, item in ipairs(list) do
    local pair = item["key " .. i]
    assert(item.id == i and pair[1] == i + 0.5)
    assert(pair[2] == "a string that is kept as a token \n " .. i)
  end
  local sorted = { sort_keys = true }
  assert(json.encode(list, sorted) == json.encode(json.decode(text), sorted))
end
assert(runs > 20, runs)
