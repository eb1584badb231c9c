-- The official test suite of Lua 5.4 passes as it does under lua5.4: scripts/lua-suite.
-- requires: lua5.4
-- timeout: 3000
-- build: no-gc-stress
local suite = os.getenv("LUA_SUITE") or "build/lua-5.4.4-tests.tar.gz"
local file = io.open(suite .. "/all.lua") or not os.getenv("LUA_SUITE") and io.open(suite)
if not file then
  print("skip: the suite is not here; scripts/lua-suite fetches it, or LUA_SUITE names it")
  os.exit(77)
end
file:close()

local pipe <close> = assert(io.popen(("scripts/lua-suite '%s' 2>&1"):format(suite)))
local output = pipe:read("a")
assert(output:find("\n%d%d+ passed, 0 failed\n$"), output)
