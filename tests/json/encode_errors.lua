-- What JSON cannot say is an error that names the place.
local json = require "procrun.json"

local function fails(want, value, options)
  local text, message, code = json.encode(value, options)
  assert(text == nil and code == "EINVAL")
  assert(message == want, message)
end
fails("invalid UTF-8 in .items[3].name", { items = { 1, 2, { name = "\xff" } } })
fails("invalid UTF-8", "\xED\xA0\x80")
fails("invalid UTF-8 in a key in .a", { a = { ["\xff"] = 1 } })
fails("cannot encode a function in .cb", { cb = print })
fails("cannot encode a thread", coroutine.create(print))
fails("cannot encode a userdata in [1]", { io.stdout })
fails("hole in array .list at [2]", { list = { 1, nil, 3 } })
fails("hole in array at [2]", { [1] = 1, [100] = 2 })
fails("hole in array .x at [1]", { x = json.array { [2] = 1 } })
fails("index 0 in array .x", { x = { [0] = 0, 1 } })
fails("mixed keys in .x", { x = { 1, 2, a = 3 } })
fails("mixed keys", { a = 3, [17] = 1 })
fails("string keys in array .x", { x = json.array { a = 1 } })
fails("integer keys in object .x", { x = json.object { 1, 2 } })
fails("cannot encode a boolean key in .x", { x = { [true] = 1 } })
fails("cannot encode a float key", { [1.5] = 1 })
fails("cannot encode a table key", { [{}] = 1, a = 2 })
fails("NaN in .v", { v = 0 / 0 })
fails("Infinity in [1]", { math.huge })
fails("-Infinity", -math.huge)
fails('NaN in ["a b"]["1x"]["?"]', { ["a b"] = { ["1x"] = { ["\1"] = 0 / 0 } } })

local t = { a = {} }
t.a.b = t
fails("cycle in .a.b", t)
local twice = {}
assert(json.encode { twice, twice } == "[[],[]]") -- no cycle

-- neither long keys nor long paths are echoed whole
local _, message = json.encode { [("k"):rep(1000)] = print }
assert(message == 'cannot encode a function in ["' .. ("k"):rep(40) .. '..."]')
local deep = print
for i = 1, 100 do deep = { ["level" .. i] = deep } end
_, message = json.encode(deep)
assert(#message < 300 and message:find "in %.%.%.%.level" and message:find "%.level1$")

-- a failure in the middle leaves nothing behind
assert(json.encode { 1, 2 } == "[1,2]")
