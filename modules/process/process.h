/* process.h - a child as Lua has it: what process.c and process_look.c share. */
#ifndef PROCRUN_PROCESS_PROCESS_H
#define PROCRUN_PROCESS_PROCESS_H

#include <lauxlib.h>

#include "modules/process/cgroup.h"
#include "modules/process/launch.h"
#include "runtime/bell.h"
#include "runtime/handle.h"

typedef struct Process {
  Handle base;
  Launched launched;
  Bell *bell; /* rung at the exit */
  bool exited;
  int status; /* as waitpid gives it */
  struct rusage usage;
  uint64_t started, ended; /* uv_hrtime */
  Tree *tree;
  Cgroup *cgroup; /* NULL: it is in ours */
  bool guarded;
  bool own_session;
  bool spared;      /* lives on, whatever ends us */
  bool closing_now; /* inside launch_close: on_free may come at once */
} Process;

/* process_force.c: kills every child that is not to outlive us, and what it has started. */
void process_force(void);

extern const luaL_Reg process_ask_functions[]; /* process_ask.c */

/* process_look.c */
void process_look(Handle *h, lua_State *L); /* for handle.h */
/* argv: the words as they may be shown. */
void process_trace_spawn(const Process *p, const LaunchSpec *spec, char *const *argv, int r,
                         const char *step);
void process_trace_exit(const Process *p);
void process_trace_kill(const char *event, pid_t pid, int signum, int reached);

#endif
