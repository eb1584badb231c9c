-- Modules in Lua alone: dkjson, inifile, say, mediator.
local rock = require "tests.lib.rock"

rock.need("lua-dkjson lua-inifile lua-say lua-mediator", "dkjson", "inifile", "say", "mediator")
rock.same [[
local dkjson = require "dkjson"
print(dkjson.encode {1, {a = dkjson.null}}, dkjson.decode '{"x":[1]}'.x[1])
print(pcall(function() return dkjson.use_lpeg().decode "[1]"[1] end))
local inifile, name = require "inifile", os.getenv("TMPDIR") .. "/x.ini"
inifile.save(name, {a = {b = "1"}})
for section in pairs(inifile.parse(name)) do print(section) end
local say = require "say"
say:set("a", "b %s")
print(say("a", {"c"}))
local mediator = require "mediator"()
mediator:subscribe({"x"}, function(value) print("got", value) end)
mediator:publish({"x"}, 1)]]
