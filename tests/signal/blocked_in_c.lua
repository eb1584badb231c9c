-- A C function that blocks for ever: TERM ends the program all the same, when exit_timeout is over;
-- one that returns in time is followed by the usual clean-up.
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local proc = require "procrun.proc"

c_module.build(os.getenv("TMPDIR"), "blocker", [[
  #include <lua.h>
  #include <lauxlib.h>
  #include <unistd.h>
  static int l_block(lua_State *L) {
    char c;
    write(1, "blocks\n", 7);
    lua_pushboolean(L, read(0, &c, 1) == 1); /* a signal does not end it: SA_RESTART */
    return 1;
  }
  int luaopen_blocker(lua_State *L) {
    static const luaL_Reg list[] = {{"block", l_block}, {0, 0}};
    luaL_newlib(L, list);
    return 1;
  }]])

local CASES <const> = {{"SIGTERM", false, ""}, {"SIGINT", false, ""}, {"SIGTERM", true, "closed\n"}}
for _, case in ipairs(CASES) do
  local child = proc.spawn(process.exec_path, {"-e", [[
    package.cpath = os.getenv "TMPDIR" .. "/?.so"
    process.exit_timeout = "1s"
    local _ <close> = setmetatable({}, {__close = function()
      require "procrun.task".sleep("1ms")
      print "closed"
    end})
    require "blocker".block()
    require "procrun.task".yield()]]}, {stderr = "inherit"})
  check.eq(child.stdout:read "l", "blocks")
  child:kill(case[1])
  if case[2] then child.stdin:finish "x" end
  check.eq(child.stdout:read "a", case[3])
  check.eq(child:wait(30).signal, case[1])
end
