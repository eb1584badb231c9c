/* guard_main.c - the guard itself: notes children, and ends their trees when whoever started it has
   gone; see guard.h. Its standard input is the socket. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "modules/process/cgroup.h"
#include "modules/process/guard.h"
#include "modules/process/guard_impl.h"
#include "modules/process/launch.h"
#include "modules/process/procfs.h"

enum { LOOKS = 1000, LOOK_NS = 1000000 }; /* at a cgroup that empties, a parent that goes */

typedef struct Ward {
  GuardRecord record;
  unsigned long long start;
} Ward;

static Ward *wards;
static size_t count, cap;

static bool lives(const Ward *ward)
{
  ProcStat stat;
  return procfs_stat(ward->record.pid, &stat) && stat.start == ward->start;
}

static void drop(size_t i)
{
  wards[i] = wards[--count];
}

/* Those that were never told as ended: a child that could not become its program. */
static void sweep(void)
{
  for (size_t i = count; i-- > 0;)
    if (!lives(&wards[i]) && access(wards[i].record.cgroup, F_OK) != 0) drop(i);
}

static void add(const GuardRecord *record)
{
  ProcStat stat;
  if (count == cap) sweep();
  if (count == cap) {
    size_t more = cap ? cap * 2 : 16;
    Ward *grown = realloc(wards, more * sizeof *grown);
    if (grown == NULL) return;
    wards = grown;
    cap = more;
  }
  if (!procfs_stat(record->pid, &stat))
    stat.start = 0; /* we may be late: its cgroup is still there */
  wards[count++] = (Ward){*record, stat.start};
}

static void forget(pid_t pid)
{
  for (size_t i = count; i-- > 0;)
    if (wards[i].record.pid == pid) drop(i);
}

static bool next_record(GuardRecord *record)
{
  ssize_t n;
  do n = recv(0, record, sizeof *record, MSG_WAITALL);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)sizeof *record;
}

/* The socket of one that dies closes before its children are orphaned. That sends SIGHUP and SIGCONT
   to groups with stopped members, so nobody is stopped before: who dies of it would leave children
   that have not been seen. The kernel holds a lock over all of it, for which the last call waits. */
static void await_orphaned(void)
{
#ifdef __linux__
  struct ucred parent;
  socklen_t size = sizeof parent;
  if (getsockopt(0, SOL_SOCKET, SO_PEERCRED, &parent, &size) != 0) return;
  for (int i = 0; getppid() == parent.pid && i < LOOKS; i++)
    nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
  kill(0, 0);
#endif
}

/* A root that has gone leaves those that its cgroup holds. */
static void end_tree(const Ward *ward)
{
  const char *cgroup = ward->record.cgroup;
  Tree *tree = tree_new();
  if (tree == NULL) return;
  if (cgroup[0] != '\0') tree_confine(tree, cgroup);
  bool here = lives(ward);
  tree_signal(tree, here ? ward->record.pid : 0, here, SIGKILL);
  for (int i = 0; cgroup[0] != '\0' && !cgroup_remove(cgroup) && i < LOOKS; i++)
    nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
  tree_free(tree);
}

void guard_main(int argc, char **argv)
{
  GuardRecord record;
  if (argc != 2 || strcmp(argv[1], GUARD_ROLE) != 0) return;
  static const int unmoved[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGTSTP};
  for (size_t i = 0; i < sizeof unmoved / sizeof *unmoved; i++) signal(unmoved[i], SIG_IGN);
#ifdef __linux__
  prctl(PR_SET_NAME, "procrun-guard");
#endif
  bool quits = false;
  while (next_record(&record)) {
    quits = record.pid == 0;
    if (record.pid > 0)
      add(&record);
    else
      forget(-record.pid);
  }
  if (count > 0 && !quits) await_orphaned();
  for (size_t i = 0; i < count; i++) end_tree(&wards[i]);
  free(wards);
  exit(0);
}
