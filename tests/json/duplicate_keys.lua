-- Of a key that comes twice the last value counts; keys differ by case.
local json = require "procrun.json"

local t = json.decode '{"cmd":1,"CMD":2,"cmd":[3],"\\u0063md":4}'
assert(t.cmd == 4 and t.CMD == 2)
