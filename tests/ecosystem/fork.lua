-- fork, called by a C module (posix.fork and the like): the new process goes on with the task that
-- called it, as plain Lua; whatever it does, the first process keeps its loop, children and output.
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"

c_module.build(os.getenv("TMPDIR"), "forker", [[
  #include <lua.h>
  #include <lauxlib.h>
  #include <stdlib.h>
  #include <sys/wait.h>
  #include <unistd.h>
  static int l_fork(lua_State *L) { lua_pushinteger(L, fork()); return 1; }
  static int l_quit(lua_State *L) { _exit((int)luaL_checkinteger(L, 1)); }
  static int l_wait(lua_State *L) {
    int status = 0;
    waitpid((pid_t)luaL_checkinteger(L, 1), &status, 0);
    lua_pushinteger(L, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    return 1;
  }
  int luaopen_forker(lua_State *L) {
    static const luaL_Reg list[] = {{"fork", l_fork}, {"wait", l_wait}, {"quit", l_quit}, {0, 0}};
    luaL_newlib(L, list);
    return 1;
  }]])

-- What is alive in the first process meanwhile: a child that speaks, one that is to end with us, a
-- task that waits, a timer, a listener of a signal, queued output. $BODY is what the copy does.
local function run(body)
  local script = ([[
    package.cpath = os.getenv("TMPDIR") .. "/?.so"
    local forker = require "forker"
    local proc, task, timer = require "proc", require "task", require "timer"
    local cat = proc.spawn("cat")
    local tick = task.event()
    local every = timer.every("1ms", function() tick:set() end)
    process:on("SIGTERM", function() print "the first process" end)
    process:on("exit", function(code) print("exit listener", code) end)
    local other = task.spawn(function() task.sleep(0.01) return "the other task" end)
    task.yield()
    io.write("queued ")
    local pid = forker.fork()
    if pid == 0 then
      BODY
    end
    local status = forker.wait(pid)
    print("parent", status)
    tick:clear()
    cat.stdin:finish("to the cat\n")
    print(cat.stdout:read("l"), cat:wait())
    print(other:wait(), tick:wait(10))
    every:cancel()]]):gsub("BODY", function() return body end)
  local r = check.run(script)
  check.eq(r.code, 0, r.err)
  return r
end

local REST = "to the cat\tcat ended\nthe other task\ttrue\nexit listener\t0\n"
local function copy(body, printed, status, err)
  local r = run(body)
  local out = r.out:gsub("(to the cat\t)[^\n]*", "%1cat ended")
  check.eq(out, printed .. "queued parent\t" .. status .. "\n" .. REST)
  if err then check.has(r.err, err) else check.eq(r.err, "") end
end

-- It prints at once and exits; a C library's way out; the end of the script; an error.
copy("print 'copy' os.exit(3)", "copy\n", 3)
copy("io.write('a', 'b') io.stdout:write('c\\n') forker.quit(4)", "abc\n", 4)
copy("print 'copy' return", "copy\n", 0)
copy("error('broken')", "", 1, "broken")
copy("local t <close> = setmetatable({}, {__close = function() print 'closed' end}) os.exit(true)",
  "", 0)
-- It is a process of its own to signals.
copy("os.execute('kill -TERM $PPID') while true do end", "", -15)
-- It may use coroutines and pcall, and collect what belongs to the first process.
copy([[
  cat, every = nil, nil
  for _ = 1, 3 do collectgarbage() end
  print(coroutine.wrap(function() return pcall(error, "caught", 0) end)())
  os.exit(5)]], "false\tcaught\n", 5)
-- It cannot wait, nor start or end the children of the first.
local told = "cannot wait here (in a process that a C module has made by fork)"
local refused = "cannot start a child here (in a process that a C module has made by fork)"
copy([[
  print(select(2, pcall(task.sleep, 1)):match("cannot.*"))
  print(select(2, pcall(proc.run, "touch", {"started"})):match("cannot.*"))
  print(cat:kill())
  task.spawn(function() print "a task" task.yield() print "never" end)
  return]], told .. "\n" .. refused .. "\nnil\tkill: no such process\tESRCH\na task\n", 1, told)
