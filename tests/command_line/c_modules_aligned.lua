-- The memory of a C module is aligned as malloc does it, which lua gives, though Lua promises less.
-- requires: cc
local c_module = require "tests.lib.c_module"
local fs = require "procrun.fs"

local dir <close> = assert(fs.temp_dir())
c_module.build(dir.path, "aligned", [[
  #include <lua.h>
  #include <stdint.h>
  static int l_rest(lua_State *L)
  {
    void *memory = lua_newuserdatauv(L, (size_t)lua_tointeger(L, 1), 0);
    lua_pushinteger(L, (lua_Integer)((uintptr_t)memory % 16));
    return 1;
  }
  int luaopen_aligned(lua_State *L)
  {
    lua_pushcfunction(L, l_rest);
    return 1;
  }]])
local rest = require "aligned"
for i = 1, 400 do
  assert(rest(8 * (i % 60)) == 0, i)
  rawlen {i, tostring(i)} -- blocks of other sizes between
end
