/* guard.c - our side of the guard; see guard.h. */
#include "modules/process/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/process/guard_impl.h"
#include "modules/process/launch_shim.h"

extern char **environ;

enum { PATIENCE_MS = 1000 }; /* with a guard that has not taken what it was told before */

static Launched guard;
static int to_guard = -1;

static void hang_up(void)
{
  if (to_guard >= 0) close(to_guard);
  to_guard = -1;
}

static void on_exit(Launched *p, int status, const struct rusage *usage)
{
  (void)status;
  (void)usage;
  hang_up();
  launch_close(p);
}

static void on_free(Launched *p)
{
  (void)p;
}

/* A session of its own: what is meant for our group, or comes from our terminal, does not reach it. */
static int start(uv_loop_t *loop, int its_end, int null)
{
  const char *program = shim_program();
  char *argv[] = {(char *)"procrun", (char *)GUARD_ROLE, NULL};
  const int fds[] = {its_end, null, null};
  LaunchError error;
  if (program == NULL) return UV_ENOENT;
  LaunchSpec spec = {.file = program,
                     .argv = argv,
                     .envp = environ,
                     .cwd = "/",
                     .fds = fds,
                     .fd_count = 3,
                     .umask = -1,
                     .own_signals = true,
                     .new_session = true};
  memset(&guard, 0, sizeof guard);
  guard.loop = loop;
  guard.on_exit = on_exit;
  guard.on_free = on_free;
  int code = launch_start(&guard, &spec, &error);
  if (code == 0) launch_ref(&guard, false);
  return code;
}

int guard_open(uv_loop_t *loop)
{
  int ends[2];
  if (to_guard >= 0) return to_guard;
  if (guard.busy) return UV_EAGAIN; /* the last one has only just ended */
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return -errno;
  int code = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : -errno;
  if (code == 0) {
    code = start(loop, ends[1], null);
    close(ends[1]);
    to_guard = ends[0];
    if (code != 0) hang_up();
  }
  close(null);
  return code == 0 ? to_guard : code;
}

bool guard_wait(void)
{
  return poll(&(struct pollfd){.fd = to_guard, .events = POLLOUT}, 1, PATIENCE_MS) > 0;
}

void guard_forget(pid_t pid)
{
  GuardRecord record = {.pid = -(int32_t)pid};
  if (to_guard >= 0) send(to_guard, &record, sizeof record, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void guard_quit(uv_loop_t *loop)
{
  siginfo_t info;
  if (guard.loop != loop || !guard.running) return;
  guard_forget(0);
  hang_up();
  launch_kill(&guard, SIGCONT);
  while (waitid(P_PID, (id_t)guard.pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) continue;
  launch_ref(&guard, true);
  while (guard.running) uv_run(loop, UV_RUN_ONCE);
}
