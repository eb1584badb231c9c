/* limit.h - the limits of a child: a table of the room proc as rlimits, at the start and later.
   A limits table has integers: cpu (s), memory, file_size, core (bytes), files, processes, nice, all
   but nice may be LIMIT_NONE: as much as may be had. */
#ifndef PROCRUN_LIMIT_H
#define PROCRUN_LIMIT_H

#include <lua.h>

#include "modules/process/cgroup.h"
#include "modules/process/launch.h"

enum { LIMIT_NONE = -1, LIMIT_KINDS = 6 };

/* Into spec; what the cgroup can do better is left to it. cgroup may be NULL. limits: room for
   LIMIT_KINDS. 0 or a libuv code, with the step that failed. */
int limit_read(lua_State *L, int table, LaunchSpec *spec, LaunchLimit *limits, Cgroup *cgroup,
               const char **step);

/* On a running child; likewise. */
int limit_apply(lua_State *L, int table, pid_t pid, Cgroup *cgroup, const char **step);

/* Does the table want a limit that a cgroup does better? CGROUP_MEMORY, CGROUP_PROCESSES. */
unsigned limit_for_cgroup(lua_State *L, int table);

#endif
