-- C modules find all of Lua in the executable, and nothing of libuv.
-- requires: nm
local procrun = os.getenv("PROCRUN")

local function lines_of(command)
  local set = {}
  for line in assert(io.popen(command)):lines() do set[line] = true end
  return set
end

local symbols = lines_of(("nm -D --defined-only '%s' | awk '{print $3}'"):format(procrun))
if not symbols.lua_pcallk then
  print("skip: this build takes Lua from a shared library")
  os.exit(77)
end

-- The declarations of the headers, as the preprocessor leaves them, are what modules may call.
local headers = lines_of([[
  echo '#include <lua.h>
        #include <lauxlib.h>
        #include <lualib.h>' |
  cc -E -P $(pkg-config --cflags lua5.4 2>/dev/null || pkg-config --cflags lua-5.4) - |
  grep -oE '\((lua_|luaL_|luaopen_)[A-Za-z_]+\) *\(' | tr -d '() ']])
local count = 0
for name in pairs(headers) do
  count = count + 1
  assert(symbols[name], name .. " is not exported")
end
assert(count > 140, count)
for name in pairs(symbols) do
  assert(not name:match("^uv_") and not name:match("^cJSON_"), name .. " is exported")
end
