/* limit.h - what confines a child: a table of the room proc as rlimits, a cgroup and a guard.
   A limits table has integers: cpu (s), memory, file_size, core (bytes), files, processes, nice, all
   but nice may be LIMIT_NONE: as much as may be had; and tree: the guard is to know of it. */
#ifndef PROCRUN_LIMIT_H
#define PROCRUN_LIMIT_H

#include <lua.h>

#include "modules/process/cgroup.h"
#include "modules/process/guard.h"
#include "modules/process/launch.h"

enum { LIMIT_NONE = -1, LIMIT_KINDS = 6 };

/* Room for what a LaunchSpec points to. */
typedef struct Confinement {
  LaunchLimit limits[LIMIT_KINDS];
  GuardRecord record;
} Confinement;

/* What the plan's limits say, if it has any, for spec; what a cgroup does better is left to one, if
   one may be made. 0 or a libuv code, with the step that failed. */
int limit_read(lua_State *L, int plan, LaunchSpec *spec, Confinement *room, Cgroup **cgroup,
               const char **step);

/* Limits for a running child; *step names the one that failed. */
int limit_apply(lua_State *L, int table, pid_t pid, Cgroup *cgroup, const char **step);

#endif
