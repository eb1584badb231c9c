-- What a C library prints with printf, puts and fprintf stands in order among the rest.
local dir = os.getenv("TMPDIR")
local source = assert(io.open(dir .. "/cprint.c", "w"))
source:write [[
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
static int l_print(lua_State *L)
{
  long n = (long)luaL_checkinteger(L, 1);
  if (n % 3 == 0) printf("%ld\n", n);
  else if (n % 3 == 1) { char text[32]; snprintf(text, sizeof text, "%ld", n); puts(text); }
  else fprintf(stderr, "%ld\n", n);
  return 0;
}
static int l_buffer(lua_State *L) { (void)L; setvbuf(stdout, NULL, _IOFBF, 4096); return 0; }
static int l_exit(lua_State *L) { (void)L; exit(3); }
int luaopen_cprint(lua_State *L)
{
  static const luaL_Reg f[] = {
      {"print", l_print}, {"buffer", l_buffer}, {"exit", l_exit}, {NULL, NULL}};
  luaL_newlib(L, f);
  return 1;
}
]]
source:close()
local compile = "cd '%s' && cc -shared -fPIC $(pkg-config --cflags lua5.4) -o cprint.so cprint.c"
if not os.execute(compile:format(dir) .. " 2>/dev/null") then
  print("skip: no C compiler, or no headers of Lua")
  os.exit(77)
end
local function run(code)
  local setting = ("package.cpath=\"%s/?.so\" local c = require \"cprint\" "):format(dir)
  local command = ("'%s' -e '%s' 2>&1 | { sleep 0.05; cat; }"):format(arg[-1], setting .. code)
  local pipe = assert(io.popen(command))
  local count = 0
  for line in pipe:lines() do
    count = count + 1
    assert(line == tostring(count), line)
  end
  pipe:close()
  return count
end
assert(run [[for i = 1, 60000 do (i % 7 < 4 and c.print or print)(i) end]] == 60000)
assert(run [[for i = 1, 60000 do
  if i % 7 == 1 then c.print(i) else io.write(i, "\n") end end]] == 60000)
-- A buffer of the library's own is emptied before the script prints; exit() in C loses nothing.
assert(run [[c.buffer() for i = 1, 3000 do (i % 3 == 0 and c.print or print)(i) end]] == 3000)
assert(run [[for i = 1, 30000 do print(i) end c.exit()]] == 30000)
