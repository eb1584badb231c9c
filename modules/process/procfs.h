/* procfs.h - processes as /proc shows them: what one is doing, and who its children are. */
#ifndef PROCRUN_PROCFS_H
#define PROCRUN_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* /proc/<pid>/stat by the numbers that proc(5) gives its fields; the state, 3, stands apart. */
enum {
  STAT_PPID = 4,
  STAT_PGID,
  STAT_SID,
  STAT_TTY,
  STAT_MINOR_FAULTS = 10,
  STAT_MAJOR_FAULTS = 12,
  STAT_USER = 14,
  STAT_SYSTEM,
  STAT_NICE = 19,
  STAT_THREADS,
  STAT_START = 22,
  STAT_VSIZE,
  STAT_RSS,
  STAT_FIELDS
};

typedef struct ProcLine {
  const char *name; /* inside the text; any bytes, blanks, parentheses and newlines too */
  size_t name_size;
  char state;
  long long field[STAT_FIELDS];
} ProcLine;

/* text: NUL-terminated. False for what is no such line. */
bool procfs_parse(const char *text, ProcLine *line);

/* One process as /proc/<pid>/stat shows it. */
typedef struct ProcStat {
  pid_t pid, parent, group, session;
  unsigned long long start; /* clock ticks since boot: with the pid it says who it is */
  bool alive;               /* neither a zombie nor about to vanish */
  bool stopped;
  bool busy; /* runs, or is where signals do not reach it: in the midst of a fork, perhaps */
} ProcStat;

bool procfs_stat(pid_t pid, ProcStat *stat); /* false: no such process */

/* Everybody in /proc, zombies too. */
void procfs_each(void (*see)(const ProcStat *stat, void *arg), void *arg);

/* A look at who has which children. The kernel lists them where it was built to; elsewhere a look is
   one walk over all of /proc. */
typedef struct ProcLook {
  pid_t *pids; /* the answer to procfs_children */
  size_t count, cap;
  struct ProcPair *pairs; /* the walk, sorted by parent */
  size_t pair_count, pair_cap;
} ProcLook; /* zeroed: ready for use */

bool procfs_add(ProcLook *look, pid_t parent, pid_t pid); /* one of a walk of the caller's own */
void procfs_sort(ProcLook *look);                         /* after the last one */
size_t procfs_find(ProcLook *look, pid_t parent);         /* among those, in order */

void procfs_look(ProcLook *look); /* from now on: what was seen before is old */
size_t procfs_children(ProcLook *look, pid_t parent);
void procfs_free(ProcLook *look);

#ifdef PROCRUN_TEST_HOOKS
extern bool procfs_walks; /* true: as if the kernel listed nobody's children */
#endif

#endif
