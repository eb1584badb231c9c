-- lpeg and re: grammars, captures by Lua functions, errors out of them.
local rock = require "tests.lib.rock"

rock.need("lua-lpeg", "lpeg", "re")
rock.same [[
local lpeg, re = require "lpeg", require "re"
local number = lpeg.R "09" ^ 1 / tonumber
local sum = lpeg.Cf(number * (lpeg.P "+" * number) ^ 0, function(a, b) return a + b end)
print(lpeg.match(sum, "1+20+300"))
print(re.match("key = value", "{%w+} %s* '=' %s* {%w+}"))
print(pcall(lpeg.match, lpeg.P(function() error("from inside", 0) end), "x"))
local list = re.compile "list <- {| item (',' item)* |} item <- {[0-9]+} / '(' list ')'"
print(#list:match "1,(2,3),4")]]
