/* launch_watch.c - a child watched one way or the other, and reaped; see launch_watch.h. */
#include "modules/process/launch_watch.h"

#include "modules/process/launch_impl.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static bool pidfd_fails;

bool watch_has_pidfd(void)
{
  return !pidfd_fails;
}

void watch_no_pidfd(void)
{
  pidfd_fails = true;
}

int watch_start(Launched *p)
{
  return p->pidfd >= 0 && pidfds_add(p) == 0 ? 0 : sigchld_add(p);
}

void watch_ref(Launched *p, bool ref)
{
  if (p->polling)
    pidfds_ref(p, ref);
  else
    sigchld_ref(p, ref);
}

static void close_pidfd(Launched *p)
{
  if (p->pidfd >= 0) close(p->pidfd);
  p->pidfd = -1;
}

void watch_stop(Launched *p)
{
  if (p->polling)
    pidfds_remove(p);
  else
    sigchld_remove(p);
  close_pidfd(p);
}

bool watch_reap(Launched *p)
{
  int status;
  struct rusage usage;
  pid_t pid;
  do pid = wait4(p->pid, &status, WNOHANG, &usage);
  while (pid < 0 && errno == EINTR);
  if (pid == 0) return false;
  if (pid < 0) {
    status = LAUNCH_LOST;
    usage = (struct rusage){0};
  }
  watch_stop(p);
  launch_ended(p, status, &usage);
  return true;
}

typedef struct Yield {
  uv_loop_t *loop;
  unsigned count;
  bool give;
} Yield;

static void yield_pidfd(Launched *p, void *arg)
{
  Yield *yield = arg;
  if (p->loop != yield->loop || p->pidfd < 0) return;
  yield->count++;
  if (!yield->give) return;
  if (p->polling) {
    pidfds_remove(p);
    sigchld_add(p); /* cannot fail: the watcher is there */
  }
  close_pidfd(p);
}

bool watch_yield(uv_loop_t *loop)
{
  Yield yield = {.loop = loop};
  launch_each(yield_pidfd, &yield);
  if (yield.count == 0 || sigchld_look(loop) != 0) return false;
  yield.give = true;
  launch_each(yield_pidfd, &yield);
  return true;
}

void watch_quit(uv_loop_t *loop)
{
  pidfds_quit(loop);
}
#endif
