/* leaks_test - with PROCRUN_CHECK a run tells what it left behind: the check can fail. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/run.h"

enum { CORE_MAX = 64, LEAK_STATUS = 70 };

static int l_descriptor(lua_State *L)
{
  lua_pushinteger(L, open("/dev/null", O_RDONLY | O_CLOEXEC));
  return 1;
}

static int l_child(lua_State *L)
{
  pid_t pid = fork();
  if (pid == 0) _exit(0);
  siginfo_t info;
  waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT); /* it has ended, and stays to be reaped */
  lua_pushinteger(L, pid);
  return 1;
}

static int l_handle(lua_State *L)
{
  static uv_timer_t timer;
  lua_pushinteger(L, uv_timer_init(&rt_get(L)->loop, &timer));
  return 1;
}

static int luaopen_leak(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"descriptor", l_descriptor}, {"child", l_child}, {"handle", l_handle}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}

/* Runs the code in a process of its own: its status, with what it wrote to standard error. */
static int run(char *code, char *text, size_t size)
{
  static luaL_Reg core[CORE_MAX] = {{"procrun.core.leak", luaopen_leak}};
  for (int i = 0; i + 2 < CORE_MAX && modules_core[i].name; i++) core[i + 1] = modules_core[i];
  int fds[2], status;
  if (pipe(fds) < 0) abort();
  pid_t pid = fork();
  if (pid == 0) {
    dup2(fds[1], 2);
    close(fds[0]);
    close(fds[1]);
    exit(run_main(3, (char *[]){"procrun", "-e", code, NULL}, core));
  }
  close(fds[1]);
  size_t used = 0;
  for (ssize_t n; (n = read(fds[0], text + used, size - 1 - used)) > 0;) used += (size_t)n;
  text[used] = '\0';
  close(fds[0]);
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int failures;

static void expect(char *code, int status, const char *told)
{
  char text[4096];
  int got = run(code, text, sizeof text);
  if (got == status && strstr(text, told)) return;
  fprintf(stderr, "%s\nstatus %d, told: %s\n", code, got, text);
  failures++;
}

int main(void)
{
  setenv("PROCRUN_CHECK", "1", 1);
  expect("require 'procrun.timer'.after(0, function() end)", 0, "");
  expect("require 'procrun.core.leak'.descriptor()", LEAK_STATUS, "leak: descriptor");
  expect("require 'procrun.core.leak'.child()", LEAK_STATUS, "leak: unreaped child");
  expect("require 'procrun.core.leak'.handle()", LEAK_STATUS, "leak: the loop could not be closed");
  expect("require 'procrun.core.leak'.descriptor() os.exit(3)", LEAK_STATUS, "leak: descriptor");
  unsetenv("PROCRUN_CHECK");
  expect("require 'procrun.core.leak'.descriptor()", 0, "");
  return failures != 0;
}
