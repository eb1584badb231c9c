-- A C library that keeps catching the cancel of a task: the task is reported and closed by force.
-- And coroutines that C resumes: a wait in one is an error, whatever comes of it.
local check = require "tests.lib.check"

local source = check.write(check.tmp("keeper.c"), [[
#include <lauxlib.h>
static int end_keep(lua_State *L, int status, lua_KContext ctx)
{
  (void)status, (void)ctx;
  lua_settop(L, 0);
  return 0;
}
static int l_keep(lua_State *L)
{
  return end_keep(L, lua_pcallk(L, lua_gettop(L) - 1, 0, 0, 0, end_keep), 0);
}
static int l_run(lua_State *L)
{
  int n;
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushinteger(L, lua_resume(co, L, 0, &n));
  lua_xmove(co, L, n > 0 ? 1 : lua_gettop(co) > 0);
  return 2;
}
static int l_start(lua_State *L)
{
  int n;
  lua_State *co = lua_tothread(L, 1);
  lua_pushinteger(L, lua_resume(co, L, 0, &n));
  return 1;
}
int luaopen_keeper(lua_State *L)
{
  luaL_Reg functions[] = {{"keep", l_keep}, {"run", l_run}, {"start", l_start}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
]])
local library = check.tmp("keeper.so")
local command = "cc -shared -fPIC -I/usr/include/lua5.4 -I/usr/local/include -o '%s' '%s' 2>&1"
local compiled = os.execute((command .. " >/dev/null")
  :format(library, source))
if not compiled then
  print("skip: no C compiler, or no headers of Lua")
  os.exit(77)
end
local prelude = ("package.cpath = %q .. ';' .. package.cpath\n"):format(library:gsub("keeper.so$",
  "?.so"))
  .. [[
local task, keeper = require "procrun.task", require "keeper"
local function closer(text)
  return setmetatable({}, {__close = function() print(text, (pcall(task.sleep, 0))) end})
end
]]

-- Caught for ever.
local r = check.run(prelude .. [[
local t = task.spawn(function()
  local _ <close> = closer("closed")
  while true do keeper.keep(task.sleep, 60) end
end)
task.yield()
t:cancel()
print(t:wait())
print(task.timeout(0.001, function() keeper.keep(task.sleep,
  60) task.sleep(60) end)) -- once is not for ever
]])
check.has(r.err, "went on after it was cancelled; a C library has caught the error")
check.eq(r.out, "closed\tfalse\nnil\tthe task was cancelled\tECANCELED\nnil\ttimeout\tETIMEDOUT\n")
check.eq(r.code, 0)

-- A timeout caught for ever is the error of its task.
r = check.run(prelude .. [[
local t = task.spawn(function()
  task.timeout(0.001, function() while true do keeper.keep(task.sleep, 60) end end)
end)
print(pcall(t.wait, t))
]])
check.has(r.out, "false\tthe time ran out, and a C library has caught the error")

-- At exit, too.
r = check.run(prelude .. [[
task.spawn(function() while true do keeper.keep(task.sleep, 60) end end)
task.yield()
os.exit(5)
]])
check.eq(r.code, 5)
check.has(r.err, "a C library has caught the error")

-- Coroutines resumed by C.
r = check.run(prelude .. [[
print(keeper.run(function() task.sleep(1) end))
print(keeper.run(function() return task.queue():put(1) end)) -- need not wait
local co = coroutine.create(function() return 1 end)
print(keeper.start(co), coroutine.status(co))
task.sleep(0.001)
]])
check.eq(r.err, "")
check.has(r.out,
  "2\t" .. r.file .. ":6: cannot wait here (in a coroutine that a C library resumed)\n")
check.has(r.out, "\n0\ttrue\n")
