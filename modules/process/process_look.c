/* process_look.c - children as procrun.snapshot() and procrun --trace tell of them. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "modules/process/process.h"
#include "runtime/look.h"
#include "runtime/signame.h"
#include "runtime/trace.h"

void process_look(Handle *h, lua_State *L)
{
  Process *p = (Process *)h;
  bool running = p->launched.running;
  look_integer(L, "pid", p->launched.pid);
  look_flag(L, "running", running);
  look_flag(L, "alive", running && p->launched.referenced);
  look_number(L, "since", look_since(p->exited ? p->ended : p->started));
  look_family(L, p->bell);
  look_waiters(L, "waiters", &p->bell->list);
  look_waiters(L, "takers", &p->bell->taker);
  if (p->cgroup) look_string(L, "cgroup", cgroup_path(p->cgroup));
  if (!p->exited) return;
  if (WIFEXITED(p->status)) look_integer(L, "code", WEXITSTATUS(p->status));
  if (WIFSIGNALED(p->status)) look_string(L, "signal", signame_of(WTERMSIG(p->status)));
}

/* What follows the name of the program, with blanks between. */
static void join(char *const *argv, char text[200])
{
  size_t size = 0;
  text[0] = 0;
  for (int i = 1; argv[0] && argv[i] && size < 199; i++) {
    int n = snprintf(text + size, 200 - size, "%s%s", i > 1 ? " " : "", argv[i]);
    size += (size_t)n;
  }
}

void process_trace_spawn(const Process *p, const LaunchSpec *spec, char *const *argv, int r,
                         const char *step)
{
  char args[200];
  join(argv, args);
  if (r == 0)
    trace_event(TRACE_PROC, "spawn", "pid=%d file=%s args=%s cwd=%s", (int)p->launched.pid,
                spec->file, *args ? args : NULL, spec->cwd);
  else
    trace_event(TRACE_PROC, "fail", "file=%s step=%s error=%s", spec->file, step, uv_err_name(r));
}

void process_trace_exit(const Process *p)
{
  double seconds = (double)(p->ended - p->started) / 1e9;
  int pid = (int)p->launched.pid;
  if (WIFSIGNALED(p->status))
    trace_event(TRACE_PROC, "exit", "pid=%d signal=%s after=%f", pid,
                signame_of(WTERMSIG(p->status)), seconds);
  else
    trace_event(TRACE_PROC, "exit", "pid=%d code=%d after=%f", pid, WEXITSTATUS(p->status),
                seconds);
}

void process_trace_kill(const char *event, pid_t pid, int signum, int reached)
{
  char number[16];
  snprintf(number, sizeof number, "%d", signum);
  const char *name = signame_of(signum);
  trace_event(TRACE_PROC, event, "pid=%d signal=%s reached=%d", (int)pid, name ? name : number,
              reached);
}
