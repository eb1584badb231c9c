-- __tojson gives the value to encode instead; it may use json itself, and may fail.
local json = require "procrun.json"

local Point = { __tojson = function(p) return { x = p[1], tag = json.encode { p[2] } } end }
local point = setmetatable({ 1, 2 }, Point)
local sorted = { sort_keys = true }
assert(json.encode({ before = "b", point = point }, sorted) ==
  '{"before":"b","point":{"tag":"[2]","x":1}}')
assert(json.encode { point } == json.encode { { x = 1, tag = "[2]" } })
assert(json.encode(setmetatable({}, { __tojson = function() return nil end })) == "null")

-- not asked twice
local same = setmetatable({ 5 }, { __tojson = function(t) return t end })
assert(json.encode(same) == "[5]")

local function fails(want, value)
  local text, message, code = json.encode(value)
  assert(text == nil and code == "EINVAL" and message:find(want), message)
end
local function raising(e) return setmetatable({}, { __tojson = function() error(e) end }) end
fails("boom %(__tojson of %.a%[1%]%)$", { a = { raising "boom" } })
fails("^table: .* %(__tojson%)$", raising {})
local bad = setmetatable({}, { __tojson = function() return print end })
fails("^cannot encode a function in %[2%]$", { 1, bad })
local endless = {}
endless.__tojson = function() return { setmetatable({}, endless) } end
fails(".", setmetatable({}, endless))

-- a __tojson that changes the table being walked: an error or a result, no crash
for n = 1, 40 do
  local t = {}
  for i = 1, n do t["k" .. i] = i end
  t.bad = setmetatable({}, { __tojson = function()
    for k in pairs(t) do t[k] = nil end
    for i = 1, 100 do t["new" .. i] = i end
    return 1
  end })
  json.encode(t)
end
assert(json.encode { 1 } == "[1]")

-- other metatables do not matter, and tables are read raw
local proxy = setmetatable({ 1 }, { __index = error, __pairs = error, __len = error })
assert(json.encode(proxy) == "[1]")
