-- lyaml: reading and writing.
local rock = require "tests.lib.rock"

rock.need("lua-yaml", "lyaml")
rock.same [[
local yaml = require "lyaml"
local t = yaml.load "a: [1, 2]\nb: {c: yes}\n"
print(t.a[2], t.b.c, (yaml.dump {{1, 2}}))
print((pcall(yaml.load, "a: [1")))]]
