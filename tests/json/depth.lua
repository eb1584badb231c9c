-- Nesting is limited to 128 levels, by option to 1 to 1000, in both directions.
local json = require "procrun.json"

local function nested(n) return ("["):rep(n) .. ("]"):rep(n) end
local function check(most, options)
  local value = assert(json.decode(nested(most), options))
  assert(json.encode(value, options) == nested(most))
  local _, message = json.decode(nested(most + 1), options)
  assert(message == ("too deeply nested at byte %d"):format(most + 1))
  _, message = json.encode({ value }, options)
  assert(message:find "^too deeply nested in ")
end
check(128)
check(1, { depth = 1 })
check(1000, { depth = 1000 })
for _, bad in ipairs { 0, 1001, -1, 1.5, "9" } do
  assert(not pcall(json.decode, "1", { depth = bad }))
  assert(not pcall(json.encode, 1, { depth = bad }))
end

-- a sibling does not count
assert(json.decode("[" .. ("[],"):rep(5000) .. "[]]", { depth = 2 }))
