/* procfs.c - processes as /proc shows them; see procfs.h. */
#include "modules/process/procfs.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct ProcPair {
  pid_t parent, pid;
} ProcPair;

#ifdef PROCRUN_TEST_HOOKS
bool procfs_walks;
#else
enum { procfs_walks = false };
#endif

bool procfs_parse(const char *text, ProcLine *line)
{
  const char *open = strchr(text, '('), *rest = strrchr(text, ')');
  if (open == NULL || rest < open || rest[1] != ' ' || rest[2] == '\0' || rest[3] != ' ')
    return false;
  line->name = open + 1;
  line->name_size = (size_t)(rest - open - 1);
  line->state = rest[2];
  rest += 3;
  for (int i = STAT_PPID; i < STAT_FIELDS; i++) {
    char *end;
    line->field[i] = strtoll(rest, &end, 10);
    if (end == rest) return false;
    rest = end;
  }
  return true;
}

/* A leader that has ended while other threads go on is shown as Z, with more than one thread. */
static bool parse_stat(const char *text, ProcStat *stat)
{
  ProcLine line;
  if (!procfs_parse(text, &line)) return false;
  char state = line.state;
  stat->parent = (pid_t)line.field[STAT_PPID];
  stat->group = (pid_t)line.field[STAT_PGID];
  stat->session = (pid_t)line.field[STAT_SID];
  stat->start = (unsigned long long)line.field[STAT_START];
  stat->alive = (state != 'Z' && state != 'X' && state != 'x') || line.field[STAT_THREADS] > 1;
  stat->stopped = state == 'T';
  stat->busy = state == 'R' || state == 'D';
  return true;
}

bool procfs_stat(pid_t pid, ProcStat *stat)
{
  char path[40], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return false;
  text[n] = '\0';
  stat->pid = pid;
  return parse_stat(text, stat);
}

/* Room for one more element of a growing array. */
static bool grow(void **array, size_t count, size_t *cap, size_t size)
{
  if (count < *cap) return true;
  size_t want = *cap ? *cap * 2 : 64;
  void *larger = realloc(*array, want * size);
  if (larger == NULL) return false;
  *array = larger;
  *cap = want;
  return true;
}

static void add_pid(ProcLook *look, pid_t pid)
{
  if (!grow((void **)&look->pids, look->count, &look->cap, sizeof pid)) return;
  look->pids[look->count++] = pid;
}

/* The next entry of a directory of numbers; 0 at its end. */
static pid_t next_number(DIR *dir)
{
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    if (isdigit((unsigned char)entry->d_name[0])) return (pid_t)atoi(entry->d_name);
  return 0;
}

/* "12 345 6789 " in pieces of any size. */
static void read_list(ProcLook *look, int fd)
{
  char text[4096];
  pid_t number = 0;
  ssize_t n;
  while ((n = read(fd, text, sizeof text)) > 0) {
    for (ssize_t i = 0; i < n; i++) {
      if (isdigit((unsigned char)text[i])) {
        number = number * 10 + (text[i] - '0');
      } else if (number > 0) {
        add_pid(look, number);
        number = 0;
      }
    }
  }
}

/* A child belongs to the thread that has made it. */
static void list_children(ProcLook *look, pid_t parent)
{
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", (int)parent);
  DIR *dir = opendir(path);
  if (dir == NULL) return;
  for (pid_t thread; (thread = next_number(dir)) != 0;) {
    snprintf(path, sizeof path, "%d/children", (int)thread);
    int fd = openat(dirfd(dir), path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    read_list(look, fd);
    close(fd);
  }
  closedir(dir);
}

static bool lists_children(void)
{
  static int known = -1;
  if (known < 0) known = access("/proc/thread-self/children", R_OK) == 0;
  return known && !procfs_walks;
}

static int by_parent(const void *a, const void *b)
{
  const ProcPair *x = a, *y = b;
  if (x->parent != y->parent) return x->parent > y->parent ? 1 : -1;
  return (x->pid > y->pid) - (x->pid < y->pid);
}

bool procfs_add(ProcLook *look, pid_t parent, pid_t pid)
{
  if (!grow((void **)&look->pairs, look->pair_count, &look->pair_cap, sizeof(ProcPair)))
    return false;
  look->pairs[look->pair_count++] = (ProcPair){parent, pid};
  return true;
}

void procfs_sort(ProcLook *look)
{
  if (look->pair_count > 0) qsort(look->pairs, look->pair_count, sizeof(ProcPair), by_parent);
}

void procfs_each(void (*see)(const ProcStat *stat, void *arg), void *arg)
{
  DIR *dir = opendir("/proc");
  if (dir == NULL) return;
  ProcStat stat;
  for (pid_t pid; (pid = next_number(dir)) != 0;)
    if (procfs_stat(pid, &stat)) see(&stat, arg);
  closedir(dir);
}

static void add_pair(const ProcStat *stat, void *arg)
{
  procfs_add(arg, stat->parent, stat->pid);
}

static void walk(ProcLook *look)
{
  procfs_each(add_pair, look);
  procfs_sort(look);
}

size_t procfs_find(ProcLook *look, pid_t parent)
{
  look->count = 0;
  size_t low = 0, high = look->pair_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (look->pairs[middle].parent < parent)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < look->pair_count && look->pairs[low].parent == parent; low++)
    add_pid(look, look->pairs[low].pid);
  return look->count;
}

void procfs_look(ProcLook *look)
{
  look->pair_count = 0;
  if (!lists_children()) walk(look);
}

size_t procfs_children(ProcLook *look, pid_t parent)
{
  if (!lists_children()) return procfs_find(look, parent);
  look->count = 0;
  list_children(look, parent);
  return look->count;
}

void procfs_free(ProcLook *look)
{
  free(look->pids);
  free(look->pairs);
  *look = (ProcLook){0};
}
