-- lua-cjson: its values, its null, its errors.
local rock = require "tests.lib.rock"

rock.need("lua-cjson", "cjson", "cjson.safe")
rock.same [[
local cjson = require "cjson"
local t = cjson.decode '{"a":[1,2.5,null,"x"],"b":{"c":true}}'
print(t.a[1], t.a[2], t.a[3] == cjson.null, t.a[4], t.b.c)
print(cjson.encode {1, "two", cjson.null})
print(pcall(cjson.decode, "[1,"))
print(require "cjson.safe".decode "[")]]
