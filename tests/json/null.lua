-- null is json.null both ways, or nil on request.
local json = require "procrun.json"

assert(json.decode "null" == json.null and json.encode(json.null) == "null")
local t = json.decode '{"a":null,"list":[1,null,3]}'
assert(t.a == json.null and t.list[2] == json.null and #t.list == 3)
assert(json.encode(t.list) == "[1,null,3]")
assert(json.encode(nil) == "null")

local value, message = json.decode("null", { null = "nil" })
assert(value == nil and message == nil)
t = json.decode('{"a":null,"list":[1,null,3],"b":1,"b":null}', { null = "nil" })
assert(t.a == nil and t.list[2] == nil and t.list[3] == 3 and t.b == nil)
