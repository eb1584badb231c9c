-- Random values come back as they were.
local json = require "procrun.json"

local random = math.random
math.randomseed(20240229)

local function text()
  local t = {}
  for i = 1, random(0, 30) do
    t[i] = random(8) == 1 and utf8.char(random(0x80, 0xD7FF)) or string.char(random(0, 127))
  end
  return table.concat(t)
end

local function number()
  local x = string.unpack("d", string.pack("i8", random(0)))
  return (x ~= x or x == math.huge or x == -math.huge) and 0.5 or x
end

local function value(depth)
  local kind = random(depth > 0 and 8 or 5)
  if kind == 1 then return random(0) >> random(0, 63) end
  if kind == 2 then return number() end
  if kind == 3 then return text() end
  if kind == 4 then return random(2) == 1 end
  if kind == 5 then return json.null end
  local t = {}
  for i = 1, random(0, 9) do t[kind == 6 and text() or i] = value(depth - 1) end
  return (kind == 6 and json.object or json.array)(t)
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b and math.type(a) == math.type(b)
  end
  if json.is_array(a) ~= json.is_array(b) then return false end
  for k in pairs(b) do if a[k] == nil then return false end end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  return true
end

for _ = 1, 2000 do
  local v = { value(5) } -- in a list: false would look like a failure
  local line = assert(json.encode(v))
  assert(not line:find "\n")
  assert(same(v, assert(json.decode(line))))
  assert(same(v, assert(json.decode(assert(json.encode(v, { indent = 1, sort_keys = true }))))))
end
