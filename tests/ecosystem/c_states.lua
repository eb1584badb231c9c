-- C modules that keep the lua_State they were opened with, have states or threads of their own,
-- call exit, or print: as with lua.
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local task = require "procrun.task"

c_module.build(os.getenv("TMPDIR"), "states", [[
  #include <lua.h>
  #include <lauxlib.h>
  #include <lualib.h>
  #include <pthread.h>
  #include <stdio.h>
  #include <stdlib.h>
  #include <string.h>
  static lua_State *kept;
  static pthread_t thread;
  static int l_callback(lua_State *L) {
    int status;
    lua_xmove(L, kept, 1);
    status = lua_pcall(kept, 0, 1, 0);
    lua_xmove(kept, L, 1);
    lua_pushinteger(L, status);
    return 2;
  }
  static int on_panic(lua_State *L) { (void)L; return 0; }
  static void *run(void *text) {
    lua_State *S = luaL_newstate();
    lua_atpanic(S, on_panic);
    luaL_openlibs(S);
    if (luaL_dostring(S, text)) fprintf(stderr, "%s\n", lua_tostring(S, -1));
    lua_close(S);
    free(text);
    return NULL;
  }
  static int l_state(lua_State *L) { run(strdup(luaL_checkstring(L, 1))); return 0; }
  static int l_start(lua_State *L) {
    return luaL_fileresult(L, !pthread_create(&thread, 0, run, strdup(luaL_checkstring(L, 1))), 0);
  }
  static int l_join(lua_State *L) { (void)L; pthread_join(thread, NULL); return 0; }
  static int l_printf(lua_State *L) { printf("%s", luaL_checkstring(L, 1)); return 0; }
  static int l_raw(lua_State *L) { lua_xmove(L, kept, 1); lua_call(kept, 0, 0); return 0; }
  static int l_exit(lua_State *L) { exit((int)luaL_checkinteger(L, 1)); }
  int luaopen_states(lua_State *L) {
    static const luaL_Reg list[] = {{"callback", l_callback}, {"state", l_state},
      {"start", l_start}, {"join", l_join}, {"printf", l_printf}, {"exit", l_exit}, {"raw", l_raw},
      {0, 0}};
    kept = L;
    luaL_newlib(L, list);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "name");
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, "file");
    return 1;
  }
  int luaopen_states_broken(lua_State *L) { return luaL_error(L, "not today"); }]])

-- The state it keeps outlives the task that required it.
local states
task.spawn(function() states = require "states" end):wait()
check.eq(states.name, "states")
check.has(states.file, "/states.so")
for _ = 1, 3 do collectgarbage() end
task.all { function() task.sleep(0.001) end, function()
  local co, main
  states.callback(function() co, main = coroutine.running() end)
  assert(type(co) == "thread" and main)
  check.values({states.callback(function() error("in it", 0) end)}, "in it", 2)
  local told = states.callback(function() task.sleep(0.001) end)
  check.has(told, "cannot wait here")
  check.eq((states.callback(function() return (require "procrun.json".encode {1}) end)), "[1]")
end }

-- An error while it opens is require's; loadlib opens it as well, and other functions as they are.
local file = package.searchpath("states", package.cpath)
local open = assert(package.loadlib(file, "luaopen_states"))
check.eq(open("a", "b").file, "b")
check.raises("not today", assert(package.loadlib(file, "luaopen_states_broken")))
check.eq(select(3, package.loadlib(file, "luaopen_none")), "init")
check.eq(package.loadlib(file, "*"), true)

local function run(script)
  local start = ("package.cpath = '%s' local states = require 'states' "):format(package.cpath)
  return check.run(start .. script)
end

-- Another state has Lua's own libraries; its output keeps its place.
local r = run [[
  print "first"
  states.state "print(select('#', ...), coroutine.isyieldable(), process) io.write('second\\n')"
  states.printf "third\n"
  print "fourth"]]
check.eq(r.out, "first\n0\tfalse\tnil\nsecond\nthird\nfourth\n", r.err)

-- A thread that prints: every line whole, in the order of what is known to come after what.
r = run [[
  for i = 1, 5000 do print("before " .. i) end
  states.start "for i = 1, 5000 do io.write('thread ' .. i .. '\\n') end io.stderr:write('told\\n')"
  for i = 1, 5000 do io.write("beside " .. i .. "\n") end
  require "task".sleep(0.001)
  states.join()
  for i = 1, 5000 do print("after " .. i) end]]
check.eq(r.code, 0, r.err)
check.eq(r.err, "told\n")
local next_of = {before = 1, thread = 1, beside = 1, after = 1}
for line in r.out:gmatch("([^\n]*)\n") do
  local word, number = line:match("^(%a+) (%d+)$")
  if not word or tonumber(number) ~= next_of[word] then error("bad line: " .. line) end
  if word ~= "before" then check.eq(next_of.before, 5001) end
  if word == "after" then check.eq(next_of.thread, 5001) end
  next_of[word] = next_of[word] + 1
end
for word, number in pairs(next_of) do check.eq(number, 5001, word) end

-- os.exit in a callback cannot unwind the C library: it ends at once, as lua's. C's own exit, too.
r = run "io.write 'said' states.callback(function() os.exit(5) end) print 'never'"
check.values({r.out, r.err, r.code}, "said", "", 5)
r = run "io.write 'said' states.exit(6)"
check.values({r.out, r.err, r.code}, "said", "", 6)

-- An error in a callback that the library has called without protection ends the program as well.
r = run "io.write 'said' pcall(states.raw, function() error('in it', 0) end) print 'never'"
check.values({r.out, r.err, r.code}, "said", "procrun: error outside of any task: in it\n", 1)
r = run "states.raw(function() error {} end)"
check.values({r.err, r.code}, "procrun: error outside of any task: table\n", 1)
