/* plan.h - the plan of a child, as the room proc writes it, made into what launch.h takes.
   A plan is a table: file, argv, env (or, where there is none, extra: entries beside our own), cwd,
   session, group, uid, gid, umask, death_signal, limits (limit.h), count, and stdio: for each fd below count a
   descriptor number, "pipe", "channel", "null", "same" (what fd 1 is) or "x" (closed). */
#ifndef PROCRUN_PLAN_H
#define PROCRUN_PLAN_H

#include <lua.h>

#include "modules/process/launch.h"
#include "runtime/bell.h"

/* Descriptors on their way to the child; closed when the launch is over, or by the collector. */
typedef struct Ends {
  int count;
  int channel; /* our end of the channel; -1: none, or handed on */
  int null;    /* /dev/null, once one of them is to be that; else -1 */
  int *fds;    /* for the child */
  bool *own;   /* to be closed here */
} Ends;

void plan_define(lua_State *L);

/* Everything but the descriptors; envp is NULL where it is ours. Pushes what holds the memory that
   spec points to. */
void plan_read(lua_State *L, int plan, LaunchSpec *spec);

/* Pushes an Ends without descriptors, as many as the plan has entries. */
Ends *plan_push_ends(lua_State *L, int plan);

/* Opens what the plan's stdio asks for; our ends become streams in the table at index streams, and
   those that are read ring the bell. 0 or a libuv code. */
int plan_open(lua_State *L, int plan, Ends *ends, int streams, Bell *bell);

void plan_close(Ends *ends); /* also our end of the channel, unless it was handed on */

/* Closes our ends of a child that could not be started. */
void plan_close_streams(lua_State *L, int streams);

#endif
