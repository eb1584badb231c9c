/* launch_child.h - the steps of a child between clone and exec. */
#ifndef PROCRUN_LAUNCH_CHILD_H
#define PROCRUN_LAUNCH_CHILD_H

#include "modules/process/launch.h"

typedef enum ChildStep {
  CHILD_OK, /* exec succeeded, or has not failed yet */
  CHILD_UNSHARE,
  CHILD_GUARD,
  CHILD_CGROUP,
  CHILD_SESSION,
  CHILD_GROUP,
  CHILD_STDIO,
  CHILD_CWD,
  CHILD_NICE,
  CHILD_LIMIT,
  CHILD_GROUPS,
  CHILD_GID,
  CHILD_UID,
  CHILD_DEATH_SIGNAL,
  CHILD_EXEC
} ChildStep;

/* Lies in a shared page, so that it comes back from a child with memory of its own as well. */
typedef struct ChildReport {
  int step;
  int code;  /* errno */
  int limit; /* which one of the spec's is being set; -1: none of them */
} ChildReport;

/* launch.c: the step of a report as an error tells it. */
const char *child_step(const ChildReport *report, const LaunchSpec *spec);

/* All a child needs, prepared by the parent: the child allocates nothing. */
typedef struct ChildPlan {
  const LaunchSpec *spec;
  int *from;     /* fd_count descriptors, the child's to change */
  bool unshare;  /* the descriptor table is the parent's */
  bool no_range; /* a test: as if there were no close_range */
  int sync;      /* write end of a pipe that exec closes, or -1 */
  bool lower_nofile;
  struct rlimit nofile; /* the limit of descriptors that we were started with */
  bool clear_groups;
  bool masked;    /* all signals are blocked, as handlers of the parent are still there */
  uint64_t reset; /* bit n - 1: signal n has to be given its default action */
  pid_t parent;
  const char *path;    /* where to search; NULL: file has a slash */
  char *candidate;     /* room for one element of path and file */
  volatile bool *seen; /* private memory: the parent sees it set if the child shares our memory */
  ChildReport *report;
} ChildPlan;

/* What clone runs. Async-signal-safe. */
int child_main(void *plan);

#endif
