/* tree.c - every descendant of a process signalled: kill_tree, timeouts and <close> end here.

   A process is its pid and its start time: a pid whose start time has changed is somebody else.
   Where there is no /proc only the root is reached, and is trusted to be still itself. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules/process/launch.h"

enum { ROUNDS = 100 }; /* a bound for processes that fork faster than we stop them */

/* One process as /proc/<pid>/stat shows it. */
typedef struct Proc {
  pid_t pid, parent;
  unsigned long long start; /* clock ticks since boot */
  bool alive;               /* neither a zombie nor about to vanish */
  bool stopped;
} Proc;

typedef struct Member {
  pid_t pid;
  unsigned long long start;
  bool fresh;   /* found by the call under way: not yet stopped by it */
  bool resting; /* stood stopped before we came */
} Member;

struct Tree {
  Member *members;
  size_t count, cap;
  pid_t root; /* the root of the last call, and who that was */
  unsigned long long root_start;
  Proc *procs; /* the snapshot of the call under way, sorted by parent */
  size_t proc_count, proc_cap;
};

Tree *tree_new(void)
{
  return calloc(1, sizeof(Tree));
}

void tree_free(Tree *tree)
{
  if (tree == NULL) return;
  free(tree->members);
  free(tree->procs);
  free(tree);
}

/* Room for one more element of a growing array. */
static void *grow(void *array, size_t count, size_t *cap, size_t size)
{
  if (count < *cap) return array;
  size_t want = *cap ? *cap * 2 : 64;
  void *larger = realloc(array, want * size);
  if (larger != NULL) *cap = want;
  return larger;
}

/* A leader that has ended while other threads go on is shown as Z, with more than one thread. */
static bool parse_stat(const char *text, Proc *proc)
{
  const char *rest = strrchr(text, ')'); /* the name before it may hold blanks and parentheses */
  char state;
  int parent;
  long threads;
  if (rest == NULL) return false;
  int n = sscanf(rest + 1,
                 " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %ld %*d %llu",
                 &state, &parent, &threads, &proc->start);
  if (n != 4) return false;
  proc->parent = parent;
  proc->alive = (state != 'Z' && state != 'X' && state != 'x') || threads > 1;
  proc->stopped = state == 'T';
  return true;
}

static bool read_proc(pid_t pid, Proc *proc)
{
  char path[40], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return false;
  text[n] = '\0';
  proc->pid = pid;
  return parse_stat(text, proc);
}

static int by_parent(const void *a, const void *b)
{
  const Proc *x = a, *y = b;
  return (x->parent > y->parent) - (x->parent < y->parent);
}

static bool snapshot(Tree *tree)
{
  DIR *dir = opendir("/proc");
  if (dir == NULL) return false;
  tree->proc_count = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    Proc proc;
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    if (!read_proc((pid_t)atoi(entry->d_name), &proc)) continue;
    Proc *procs = grow(tree->procs, tree->proc_count, &tree->proc_cap, sizeof proc);
    if (procs == NULL) break;
    tree->procs = procs;
    tree->procs[tree->proc_count++] = proc;
  }
  closedir(dir);
  if (tree->proc_count > 0) qsort(tree->procs, tree->proc_count, sizeof *tree->procs, by_parent);
  return tree->proc_count > 0;
}

static bool lives(pid_t pid, unsigned long long start)
{
  Proc proc;
  return read_proc(pid, &proc) && proc.alive && proc.start == start;
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

static void add_member(Tree *tree, const Proc *proc)
{
  if (proc->pid == getpid() || find_member(tree, proc->pid) != NULL) return;
  Member *members = grow(tree->members, tree->count, &tree->cap, sizeof *members);
  if (members == NULL) return;
  tree->members = members;
  tree->members[tree->count++] =
      (Member){.pid = proc->pid, .start = proc->start, .fresh = true, .resting = proc->stopped};
}

/* Forgets those that have ended. */
static void sweep(Tree *tree)
{
  size_t kept = 0;
  for (size_t i = 0; i < tree->count; i++) {
    Proc proc;
    Member m = tree->members[i];
    if (!read_proc(m.pid, &proc) || !proc.alive || proc.start != m.start) continue;
    m.resting = proc.stopped;
    tree->members[kept++] = m;
  }
  tree->count = kept;
}

static void add_children(Tree *tree, pid_t parent)
{
  size_t low = 0, high = tree->proc_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (tree->procs[middle].parent < parent)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < tree->proc_count && tree->procs[low].parent == parent; low++)
    if (tree->procs[low].alive) add_member(tree, &tree->procs[low]);
}

/* Adds the children of the root and, as the array grows, of every member. Who still is the same
   after the snapshot was the same in it: children of a reused pid are nobody's business. */
static size_t collect(Tree *tree, pid_t root)
{
  size_t before = tree->count;
  if (!snapshot(tree)) return 0;
  if (root != 0 && lives(root, tree->root_start)) add_children(tree, root);
  for (size_t i = 0; i < tree->count; i++) {
    Member m = tree->members[i];
    if (lives(m.pid, m.start)) add_children(tree, m.pid);
  }
  return tree->count - before;
}

/* The root, if it is still the one an earlier call was about; 0 otherwise. */
static pid_t check_root(Tree *tree, pid_t root, Proc *proc)
{
  if (root <= 1 || !read_proc(root, proc)) return 0;
  if (tree->root == root && tree->root_start != proc->start) return 0;
  tree->root = root;
  tree->root_start = proc->start;
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

/* Stops who was found and looks again, until nobody new appears. */
static void stop_and_collect(Tree *tree, pid_t root, bool stop)
{
  for (int round = 0; round < ROUNDS; round++) {
    for (size_t i = 0; i < tree->count; i++) {
      Member *m = &tree->members[i];
      if (m->fresh && stop) send_to(m, SIGSTOP);
      m->fresh = false;
    }
    if (collect(tree, root) == 0) return;
  }
}

int tree_signal(Tree *tree, pid_t root, bool with_root, int signum)
{
  Proc proc;
  bool stop = signum != 0 && signum != SIGCONT && !is_stop(signum);
  sweep(tree);
  for (size_t i = 0; i < tree->count; i++) tree->members[i].fresh = true;
  if (with_root && root > 1 && access("/proc/self/stat", R_OK) != 0)
    return root != getpid() && kill(root, signum) == 0;
  root = check_root(tree, root, &proc);
  if (root != 0 && with_root && proc.alive) add_member(tree, &proc);
  stop_and_collect(tree, root, stop);
  int told = 0;
  for (size_t i = 0; i < tree->count; i++) told += send_to(&tree->members[i], signum);
  if (!stop || signum == SIGKILL) return told;
  for (size_t i = 0; i < tree->count; i++)
    if (!tree->members[i].resting || wakes(signum)) send_to(&tree->members[i], SIGCONT);
  return told;
}

int tree_alive(Tree *tree)
{
  sweep(tree);
  return (int)tree->count;
}
