/* cgroup.h - a cgroup (version 2) for one child and all that it starts: limits that hold for the whole
   tree, and an end that nobody escapes. Linux; elsewhere there is none to be had. No Lua. */
#ifndef PROCRUN_CGROUP_H
#define PROCRUN_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct Cgroup Cgroup;

enum { CGROUP_MEMORY = 1, CGROUP_PROCESSES = 2 };

/* A new one with these controllers. NULL: this process may not make one. */
Cgroup *cgroup_new(unsigned controllers);

/* Has it this controller? False for NULL. */
bool cgroup_has(const Cgroup *cgroup, unsigned controller);

/* value -1: no limit. 0 or a libuv code. */
int cgroup_limit(Cgroup *cgroup, unsigned controller, long long value);

const char *cgroup_path(const Cgroup *cgroup);
const char *cgroup_procs(const Cgroup *cgroup); /* its file of members */

/* The child has ended, or was not started: notes which limits have struck, and removes the cgroup
   unless others are still in it. */
void cgroup_ended(Cgroup *cgroup);

/* "memory", "processes" or NULL; after cgroup_ended. */
const char *cgroup_struck(const Cgroup *cgroup);

/* Nobody asks for it any more: it is removed as soon as it is empty, at the latest by another
   procrun that makes one in the same place. */
void cgroup_free(Cgroup *cgroup);

/* These work on any path. Calls visit for each member, those of cgroups below included. */
void cgroup_each(const char *path, void (*visit)(pid_t pid, void *arg), void *arg);
bool cgroup_kill(const char *path); /* SIGKILL to all, at once; false: the kernel cannot */
bool cgroup_remove(const char *path);

/* In builds with -DPROCRUN_TEST_HOOKS the environment variable PROCRUN_CGROUP names a folder that is
   taken for our own cgroup, with plain files in the place of the kernel's. */

#endif
