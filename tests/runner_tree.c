/* runner_tree.c - the descendants of the process that runs one test. It is a subreaper, so whatever
   the test left behind has become its child, however often it forked. */
#include "tests/runner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Proc {
  pid_t pid, parent;
  bool ours;
} Proc;

/* Reads a small file of /proc; the length, without a closing NUL. */
static size_t slurp(pid_t pid, const char *what, char *to, size_t room)
{
  char name[64];
  snprintf(name, sizeof name, "/proc/%d/%s", (int)pid, what);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t n = read(fd, to, room - 1);
  close(fd);
  return n > 0 ? (size_t)n : 0;
}

/* Parent of a living process; -1 when it has ended, zombies included. */
static pid_t parent_of(pid_t pid)
{
  char text[512];
  size_t n = slurp(pid, "stat", text, sizeof text);
  text[n] = '\0';
  char *end = strrchr(text, ')'); /* the name before it may hold anything */
  if (end == NULL || end[1] != ' ' || end[2] == 'Z' || end[2] == 'X') return -1;
  return (pid_t)strtol(end + 3, NULL, 10);
}

static Proc *all_processes(size_t *count)
{
  Proc *procs = NULL;
  size_t n = 0, cap = 0;
  DIR *d = opendir("/proc");
  struct dirent *e;
  while (d != NULL && (e = readdir(d)) != NULL) {
    pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);
    pid_t parent = pid > 0 ? parent_of(pid) : -1;
    if (parent < 0) continue;
    if (n == cap) {
      cap = cap ? cap * 2 : 256;
      procs = must(realloc(procs, cap * sizeof *procs));
    }
    procs[n++] = (Proc){pid, parent, false};
  }
  if (d != NULL) closedir(d);
  *count = n;
  return procs;
}

static bool mark_children(Proc *procs, size_t count, pid_t parent)
{
  bool found = false;
  for (size_t i = 0; i < count; i++) {
    if (procs[i].parent != parent || procs[i].ours) continue;
    procs[i].ours = found = true;
    mark_children(procs, count, procs[i].pid);
  }
  return found;
}

static void describe(Result *r, const char *what, pid_t pid)
{
  char text[200];
  size_t n = slurp(pid, "cmdline", text, sizeof text);
  if (n == 0) n = slurp(pid, "comm", text, sizeof text);
  while (n > 0 && (text[n - 1] == '\0' || text[n - 1] == '\n')) n--;
  for (size_t i = 0; i < n; i++)
    if ((unsigned char)text[i] < ' ') text[i] = ' ';
  text[n] = '\0';
  result_note(r, "%s: %d %s", what, (int)pid, text);
}

void tree_describe(Result *r, const char *what)
{
  size_t count;
  Proc *procs = all_processes(&count);
  mark_children(procs, count, getpid());
  for (size_t i = 0; i < count; i++)
    if (procs[i].ours) describe(r, what, procs[i].pid);
  free(procs);
}

/* One round reaches whoever exists now; another one is needed for those they forked meanwhile. */
static bool kill_round(void)
{
  size_t count;
  Proc *procs = all_processes(&count);
  bool any = mark_children(procs, count, getpid());
  for (size_t i = 0; i < count; i++)
    if (procs[i].ours) kill(procs[i].pid, SIGKILL);
  free(procs);
  return any;
}

void tree_kill(void)
{
  for (int i = 0; i < 1000 && kill_round(); i++) {
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    usleep(5000);
  }
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
}
