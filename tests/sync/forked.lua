-- A process that a C module forks off, and that goes on without an exec, holds nothing of its
-- parent: neither when the parent is killed, nor by ending itself.
-- requires: cc
local check = require "tests.lib.check"
local dir = require "tests.lib.sync_dir"
local c_module = require "tests.lib.c_module"
local sync = require "procrun.sync"
local worker = require "tests.lib.worker"

local cpath = check.tmp("forks")
assert(require("procrun.fs").mkdir(cpath))
c_module.build(cpath, "forks", [[
  #include <lua.h>
  #include <unistd.h>
  static int l_fork(lua_State *L)
  {
    if (lua_toboolean(L, 1)) pause();
    lua_pushinteger(L, fork());
    return 1;
  }
  int luaopen_forks(lua_State *L)
  {
    lua_pushcfunction(L, l_fork);
    return 1;
  }]])
local child = worker.fork([[
package.cpath = arg[1] .. "/?.so"
local fork = require "forks"
local sync = require "procrun.sync"
local mutex = assert(sync.mutex("m"))
local guard, event = assert(mutex:lock()), assert(sync.event("e"))
local copy = fork()
if copy == 0 then
  guard:unlock()
  assert(select(3, sync.mutex("n")) == "EPERM")
  assert(select(3, mutex:try_lock()) == "EPERM")
  assert(select(3, event:is_set()) == "EPERM")
  event:close()
  fork "not: only wait for the end"
end
process.send(copy)
process.receive()
]], { cpath })
local copy = child:receive()
local mutex = assert(sync.mutex("m"))
check.eq(select(3, mutex:try_lock()), "EBUSY")
child:kill("SIGKILL")
local guard, abandoned = mutex:lock("20s")
assert(guard)
check.eq(abandoned, "abandoned")
assert(os.execute("kill -0 " .. copy), "the copy lives")
assert(sync.event("e")):close()
check.eq(table.concat(dir.entries(), " "):match("event"), nil, "the copy has it open no more")
assert(os.execute("kill -KILL " .. copy))
