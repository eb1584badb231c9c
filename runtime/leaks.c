/* leaks.c - with PROCRUN_CHECK=1 in a test build: what a program left behind makes it exit 70. */
#include "runtime/leaks.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/task.h"

#ifdef PROCRUN_TEST_HOOKS

enum { EXIT_LEAK = 70, FDS_MAX = 4096 };

static bool checking;
static unsigned char at_start[FDS_MAX / 8]; /* a bit each */
static int leaks;

static void each_fd(void (*see)(int fd))
{
  DIR *dir = opendir("/proc/self/fd");
  if (dir == NULL) return;
  for (struct dirent *e; (e = readdir(dir));) {
    int fd = atoi(e->d_name);
    if (e->d_name[0] != '.' && fd != dirfd(dir) && fd < FDS_MAX) see(fd);
  }
  closedir(dir);
}

static void remember(int fd)
{
  at_start[fd / 8] |= (unsigned char)(1 << fd % 8);
}

static void leak(const char *what, long which)
{
  dprintf(2, "procrun: leak: %s %ld\n", what, which);
  leaks++;
}

static void compare(int fd)
{
  char path[40], target[256];
  if (at_start[fd / 8] >> fd % 8 & 1) return;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(path, target, sizeof target - 1);
  if (n < 0) return;
  target[n] = 0;
  dprintf(2, "procrun: leak: descriptor %d (%s)\n", fd, target);
  leaks++;
}

void leaks_start(void)
{
  checking = getenv("PROCRUN_CHECK") != NULL;
  if (checking) each_fd(remember);
}

void leaks_note(Runtime *rt)
{
  if (!checking) return;
  for (Task *t = rt->tasks; t; t = t->next) leak("task", (long)t->id);
}

void leaks_report(Runtime *rt, int loop_end, bool outlived)
{
  if (!checking) return;
  uv_library_shutdown(); /* closes what libuv keeps for the process */
  if (loop_end != 0) leak("the loop could not be closed:", loop_end);
  if (rt->heap_refs != 0) leak("deadlines", (long)rt->heap_refs);
  siginfo_t info = {0};
  if (!outlived && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0)
    leak("unreaped child", info.si_pid);
  each_fd(compare);
  if (leaks) _exit(EXIT_LEAK);
}

#else

void leaks_start(void)
{
}

void leaks_note(Runtime *rt)
{
  (void)rt;
}

void leaks_report(Runtime *rt, int loop_end, bool outlived)
{
  (void)outlived;
  (void)rt;
  (void)loop_end;
}

#endif
