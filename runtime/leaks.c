/* leaks.c - with PROCRUN_CHECK=1 in a test build: what a program left behind makes it exit 70. */
#include "runtime/leaks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* PROCRUN_LEAK=handle,deadline,descriptor,child: what the check is to find, for its own test. */
static bool is_planted(const char *what)
{
  const char *planted = getenv("PROCRUN_LEAK");
  return planted && strstr(planted, what);
}

static void never(Deadline *d)
{
  (void)d;
}

static void plant(Runtime *rt)
{
  static uv_idle_t handle;
  static Deadline deadline = {.fire = never};
  if (is_planted("handle")) {
    uv_idle_init(&rt->loop, &handle);
    uv_unref((uv_handle_t *)&handle);
  }
  if (is_planted("deadline")) deadline_arm(rt, &deadline, 1000);
  if (is_planted("descriptor") && open("/dev/null", O_RDONLY) < 0) abort();
  if (!is_planted("child")) return;
  siginfo_t info;
  pid_t child = fork();
  if (child == 0) _exit(0);
  waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
}

static void on_left_over(uv_handle_t *handle, void *arg)
{
  const char *state = uv_is_closing(handle) ? "closing" : uv_is_active(handle) ? "active" : "idle";
  uv_os_fd_t fd;
  (void)arg;
  if (uv_fileno(handle, &fd) == 0)
    dprintf(2, "procrun: leak: a %s of libuv, %s, descriptor %d\n",
            uv_handle_type_name(handle->type), state, fd);
  else
    dprintf(2, "procrun: leak: a %s of libuv, %s\n", uv_handle_type_name(handle->type), state);
  leaks++;
}

/* A loop that could not be closed: what it still holds. */
static void report_loop(Runtime *rt, int loop_end)
{
  if (loop_end == 0) return;
  leak("the loop could not be closed:", loop_end);
  uv_walk(&rt->loop, on_left_over, NULL);
  if (rt->loop.active_reqs.count > 0) leak("requests", (long)rt->loop.active_reqs.count);
}

void leaks_start(void)
{
  checking = getenv("PROCRUN_CHECK") != NULL;
  if (checking) each_fd(remember);
}

void leaks_note(Runtime *rt)
{
  if (!checking) return;
  plant(rt);
  for (Task *t = rt->tasks; t; t = t->next) leak("task", (long)t->id);
}

void leaks_report(Runtime *rt, int loop_end, bool outlived)
{
  if (!checking) return;
  report_loop(rt, loop_end);
  uv_library_shutdown(); /* closes what libuv keeps for the process */
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
