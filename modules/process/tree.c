/* tree.c - every descendant of a process signalled: kill_tree, timeouts and <close> end here.

   A process is its pid and its start time: a pid whose start time has changed is somebody else.
   A process group that its leader has left behind keeps its number while somebody is in it.
   Where there is no /proc only the root is reached, and is trusted to be still itself. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "modules/process/cgroup.h"
#include "modules/process/launch.h"
#include "modules/process/procfs.h"

enum { ROUNDS = 100 }; /* a bound for processes that fork faster than we stop them */

typedef struct Member {
  pid_t pid;
  unsigned long long start;
  bool fresh;   /* found by the call under way: not yet stopped by it */
  bool moving;  /* told to stop, not yet seen at rest */
  bool resting; /* stood stopped before we came */
} Member;

struct Tree {
  Member *members;
  size_t count, cap;
  pid_t root; /* the root of the last call, and who that was */
  unsigned long long root_start;
  const char *cgroup;
  pid_t led;                 /* the group that the root leads while it runs; 0: it leads none */
  pid_t group, session;      /* 0: there is no group to look for */
  unsigned long long latest; /* by then somebody who was in it at the child's end had started */
  bool reused, proven;       /* what the look under way has seen of the group */
  ProcLook look;
};

Tree *tree_new(void)
{
  return calloc(1, sizeof(Tree));
}

void tree_confine(Tree *tree, const char *cgroup)
{
  tree->cgroup = cgroup;
}

void tree_lead(Tree *tree, pid_t group)
{
  tree->led = group;
}

/* A number that is given up may be had by somebody else after all others were used: that takes more
   than a second. What a clock that has slept adds makes the bound later, as does the second. */
void tree_group(Tree *tree, pid_t group, bool own_session, uint64_t ended)
{
  struct timespec boot;
  if (tree->group != 0 || group <= 1 || clock_gettime(CLOCK_BOOTTIME, &boot) != 0) return;
  double now = (double)boot.tv_sec + (double)boot.tv_nsec / 1e9;
  double then = now - (double)(uv_hrtime() - ended) / 1e9 + 1;
  tree->group = group;
  tree->session = own_session ? group : getsid(0);
  tree->latest = (unsigned long long)(then * (double)sysconf(_SC_CLK_TCK));
}

void tree_free(Tree *tree)
{
  if (tree == NULL) return;
  free(tree->members);
  procfs_free(&tree->look);
  free(tree);
}

static bool lives(pid_t pid, unsigned long long start)
{
  ProcStat stat;
  return procfs_stat(pid, &stat) && stat.alive && stat.start == start;
}

/* Sends to exactly this process: a pidfd, then a last look at who it is, then the signal. */
static bool send_to(const Member *m, int signum)
{
  int result = -1;
  if (m->pid == getpid()) return false;
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_send_signal)
  int fd = (int)syscall(SYS_pidfd_open, m->pid, 0);
  if (fd >= 0) {
    bool same = lives(m->pid, m->start);
    if (same) result = (int)syscall(SYS_pidfd_send_signal, fd, signum, NULL, 0);
    bool missing = same && result != 0 && errno == ENOSYS;
    close(fd);
    if (!missing) return result == 0;
  }
#endif
  return lives(m->pid, m->start) && kill(m->pid, signum) == 0;
}

static Member *find_member(Tree *tree, pid_t pid)
{
  for (size_t i = 0; i < tree->count; i++)
    if (tree->members[i].pid == pid) return &tree->members[i];
  return NULL;
}

static void add_member(Tree *tree, const ProcStat *stat)
{
  if (stat->pid == getpid() || find_member(tree, stat->pid) != NULL) return;
  if (tree->count == tree->cap) {
    size_t cap = tree->cap ? tree->cap * 2 : 4;
    Member *members = realloc(tree->members, cap * sizeof *members);
    if (members == NULL) return;
    tree->members = members;
    tree->cap = cap;
  }
  tree->members[tree->count++] =
      (Member){.pid = stat->pid, .start = stat->start, .fresh = true, .resting = stat->stopped};
}

/* Forgets those that have ended. */
static void sweep(Tree *tree)
{
  size_t kept = 0;
  for (size_t i = 0; i < tree->count; i++) {
    ProcStat stat;
    Member m = tree->members[i];
    if (!procfs_stat(m.pid, &stat) || !stat.alive || stat.start != m.start) continue;
    m.resting = stat.stopped;
    tree->members[kept++] = m;
  }
  tree->count = kept;
}

/* Whoever is the same after the look was the same in it: children of a reused pid are nobody's
   business, nor is a child whose own pid was reused. */
static void add_children(Tree *tree, pid_t parent, unsigned long long start)
{
  size_t n = procfs_children(&tree->look, parent);
  if (n == 0 || !lives(parent, start)) return;
  for (size_t i = 0; i < n; i++) {
    ProcStat stat;
    bool same = procfs_stat(tree->look.pids[i], &stat) && stat.parent == parent;
    if (same && stat.alive) add_member(tree, &stat);
  }
}

static void add_confined(pid_t pid, void *arg)
{
  ProcStat stat;
  if (procfs_stat(pid, &stat) && stat.alive) add_member(arg, &stat);
}

static void add_grouped(const ProcStat *stat, void *arg)
{
  Tree *tree = arg;
  if (stat->pid == tree->group) tree->reused = true;
  if (stat->group != tree->group || stat->session != tree->session) return;
  if (stat->start <= tree->latest || find_member(tree, stat->pid) != NULL) tree->proven = true;
  if (stat->alive) add_member(tree, stat);
}

/* Whose leader lives is another group with that number, for ours was reaped. Nor is it ours where
   all have started long after the end, unless we have met one of them before. */
static void add_group(Tree *tree)
{
  size_t before = tree->count;
  if (tree->group == 0 || kill(-tree->group, 0) != 0) return;
  tree->reused = tree->proven = false;
  procfs_each(add_grouped, tree);
  if (tree->reused || !tree->proven) tree->count = before;
}

/* Adds the children of the root and, as the array grows, of every member. */
static size_t collect(Tree *tree, pid_t root)
{
  size_t before = tree->count;
  procfs_look(&tree->look);
  if (tree->cgroup != NULL) cgroup_each(tree->cgroup, add_confined, tree);
  add_group(tree);
  if (root != 0 && find_member(tree, root) == NULL) add_children(tree, root, tree->root_start);
  for (size_t i = 0; i < tree->count; i++)
    add_children(tree, tree->members[i].pid, tree->members[i].start);
  return tree->count - before;
}

/* The root, if it is still the one an earlier call was about; 0 otherwise. */
static pid_t check_root(Tree *tree, pid_t root, ProcStat *stat)
{
  if (root <= 1 || !procfs_stat(root, stat)) return 0;
  if (tree->root == root && tree->root_start != stat->start) return 0;
  tree->root = root;
  tree->root_start = stat->start;
  return root;
}

static bool is_stop(int signum)
{
  return signum == SIGSTOP || signum == SIGTSTP || signum == SIGTTIN || signum == SIGTTOU;
}

/* Whom a signal is to end must run to notice it; for other signals a job that somebody had stopped
   stays stopped. */
static bool wakes(int signum)
{
  return signum == SIGTERM || signum == SIGHUP || signum == SIGINT || signum == SIGQUIT;
}

/* A fork that was under way when its process was told to stop is still carried out: its child can be
   seen once the parent is at rest. */
static bool is_at_rest(const Member *m)
{
  ProcStat stat;
  return !procfs_stat(m->pid, &stat) || stat.start != m->start || !stat.busy;
}

/* Stops who is new; is everybody at rest? */
static bool stop_all(Tree *tree)
{
  bool rest = true;
  for (size_t i = 0; i < tree->count; i++) {
    Member *m = &tree->members[i];
    if (m->fresh) m->moving = send_to(m, SIGSTOP);
    m->fresh = false;
    m->moving = m->moving && !is_at_rest(m);
    rest = rest && !m->moving;
  }
  return rest;
}

/* Stops who was found and looks again, until all were at rest before a look that finds nobody new.
   Who cannot rest (a disk that hangs) is waited for a tenth of a second at most. */
static void stop_and_collect(Tree *tree, pid_t root, bool stop)
{
  for (int round = 0; round < ROUNDS; round++) {
    bool rest = !stop || stop_all(tree);
    bool found = collect(tree, root) > 0;
    if (rest && !found) return;
    if (!rest) nanosleep(&(struct timespec){.tv_nsec = round < 10 ? 50000 : 1000000}, NULL);
  }
}

/* To the group that the root leads as a whole, which also reaches those whom no parent leads to; to
   all others one by one: nobody is told twice. Children before parents: a group that a parent's end
   makes an orphan runs again. */
static int tell_all(Tree *tree, pid_t root, int signum)
{
  int told = 0;
  bool group = root != 0 && tree->led == root && kill(-root, signum) == 0;
  for (size_t i = tree->count; i-- > 0;) {
    ProcStat stat;
    Member *m = &tree->members[i];
    bool in_group = group && procfs_stat(m->pid, &stat) && stat.group == root;
    told += in_group || send_to(m, signum);
  }
  return told > 0 ? told : group;
}

int tree_signal(Tree *tree, pid_t root, bool with_root, int signum)
{
  ProcStat stat;
  bool stop = signum != 0 && signum != SIGCONT && !is_stop(signum);
  sweep(tree);
  for (size_t i = 0; i < tree->count; i++) tree->members[i].fresh = true;
  if (with_root && root > 1 && access("/proc/self/stat", R_OK) != 0)
    return root != getpid() && kill(tree->led == root ? -root : root, signum) == 0;
  root = check_root(tree, root, &stat);
  if (root != 0 && with_root && stat.alive) add_member(tree, &stat);
  stop_and_collect(tree, root, stop);
  int told = tell_all(tree, root, signum);
  if (signum == SIGKILL && tree->cgroup != NULL) cgroup_kill(tree->cgroup);
  if (!stop || signum == SIGKILL) return told;
  for (size_t i = tree->count; i-- > 0;)
    if (!tree->members[i].resting || wakes(signum)) send_to(&tree->members[i], SIGCONT);
  return told;
}

int tree_alive(Tree *tree)
{
  sweep(tree);
  if (tree->count == 0) add_group(tree);
  return (int)tree->count;
}
