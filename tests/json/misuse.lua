-- Wrong arguments raise, naming the function, the argument and the option.
local json = require "procrun.json"

local function raises(want, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok and message:find(want, 1, true), message)
end
raises("bad argument #1", json.encode)
raises("string expected, got number", json.decode, 1)
raises("string expected, got no value", json.decode)
raises("table expected, got string", json.encode, 1, "pretty")
raises("unknown option 'foo'", json.encode, 1, { foo = 1 })
raises("unknown option '1'", json.encode, 1, { true })
raises("unknown option 'indent'", json.decode, "1", { indent = 1 })
raises("unknown option 'null'", json.encode, 1, { null = "nil" })
raises("option 'indent': integer from 0 to 16 expected", json.encode, 1, { indent = 17 })
raises("option 'sort_keys': boolean expected", json.encode, 1, { sort_keys = 1 })
raises("option 'nan': 'null' or 'error' expected", json.encode, 1, { nan = "NaN" })
raises("option 'null': 'nil' or 'null' expected", json.decode, "1", { null = false })
raises("table expected, got number", json.array, 1)
raises("table expected, got string", json.object, "x")
raises("metatable of its own", json.array, setmetatable({}, {}))
raises("value expected", json.is_array)
