-- A script that clears its globals, as the test suite of Lua does at its end, still ends in order:
-- what runs then does not count on them.
local check = require "tests.lib.check"

local CLEAR <const> = "local _G, pairs = _G, pairs for name in pairs(_G) do _G[name] = undef end "

local result = check.run([[
assert(os.execute("true"))
io.popen("cat", "w"):write("flushed at the end")
]] .. CLEAR)
check.eq(result.err, "")
check.eq(result.code, 0)
check.eq(result.out, "flushed at the end")

result = check.run([[
local child = require "proc".spawn("sleep", {"60"}, {autokill = true})
print(child.pid)
local exit = os.exit
]] .. CLEAR .. "exit(3)")
check.eq(result.err, "")
check.eq(result.code, 3)
check.eq(os.execute(("kill -0 %d 2>/dev/null"):format(tonumber(result.out))), nil)
