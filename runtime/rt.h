/* rt.h - struct Runtime: what one procrun process consists of. Every layer may see it. */
#ifndef PROCRUN_RT_H
#define PROCRUN_RT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "runtime/buf.h"

typedef struct Task Task;
typedef struct Handle Handle;
typedef struct Deadline Deadline;

/* One lua_resume under way: which coroutine it runs, and the resume it was called from. */
typedef struct Frame {
  lua_State *L;
  struct Frame *up;
} Frame;

/* adopt.c: a block that the next string of that size is made of; NULL: none */
typedef struct Adopt {
  void *block;
  size_t size;
  int works; /* 1: yes; -1: this Lua makes its strings otherwise; 0: not known yet */
} Adopt;

/* pace.c: sizes of the heap in kB */
typedef struct Pace {
  int seen; /* at the last look */
  int due;  /* a young collection is due */
  int base; /* after the last full collection */
  bool off; /* the script has chosen for itself */
} Pace;

typedef struct Runtime {
  uv_loop_t loop;
  lua_State *L; /* the main state: idle and empty between two resumes */

  /* task.c */
  Task *ready_head, *ready_tail; /* tasks to resume, first in first out */
  Task *tasks;                   /* every task that has not ended */
  Task *current;                 /* the task being resumed, or NULL */
  struct Context *context;       /* context.c: of the task that was resumed last */
  Frame *frames;                 /* the chain of coroutines of the current task, innermost first */
  uint64_t task_count;           /* tasks ever started: the source of ids */
  unsigned live;                 /* tasks not ended, dispatch tasks not counted */
  unsigned now_results;          /* waits of this resume that were answered without suspending */
  uint64_t resumed_at;           /* uv_hrtime when the current task was resumed */
  void (*uncaught)(lua_State *L, Task *t); /* the task on top of L failed and nobody waits for it */

  /* deadline.c */
  Deadline **heap; /* binary heap by due time */
  size_t heap_size, heap_cap;
  size_t heap_refs; /* deadlines that keep the process alive */
  uv_timer_t timer;

  struct Turn *turns;      /* turn.c: flushes put off to the end of the turn */
  unsigned wide_pipes;     /* stream.c: pipes that were made larger, and are open */
  struct Stream *stdio[3]; /* stdio.c: standard input, output, error; NULL until used */

  /* handle.c */
  Handle *handles; /* every open handle */

  /* signals.c */
  void (*woken)(struct Runtime *rt); /* what other threads wake the loop for */
  uv_async_t wake;                   /* a signal handler has recorded something, a thread printed */

  /* vm.c */
  const luaL_Reg *core; /* the C halves of the modules */
  bool warnings;        /* warn() writes */
  bool closing;         /* the state is being closed */
  bool quick;           /* run.c: the latest wait for the loop was short */
  uint64_t loop_turns;  /* likewise: turns of the loop so far */

  Pace pace;
  Adopt adopt;

  /* the rest */
  Buf scratch;       /* JSON being encoded; empty between calls */
  uint64_t progress; /* bytes and events that flushing has moved: an exit waits while it grows */
  void (*exit_now)(struct Runtime *rt); /* guest.c: without unwinding; does not return */
  bool exiting;        /* process.exit was called, or an error or a signal ends the program */
  bool forked;         /* forked.c: this is a copy that a C module has made */
  bool unwound;        /* the tasks have ended: `exit` listeners run, and may change the code */
  int exit_code;       /* what main returns */
  int exit_signal;     /* die of this signal in the end; 0: none */
  double exit_timeout; /* seconds without progress before an exit stops waiting for its flushes */
  uint64_t peers_due;  /* uv_hrtime when an exit looks next whether its connections are read from */
  uint64_t started;    /* uv_hrtime when main began */
  int argc;
  char **argv;
} Runtime;

/* The runtime of a Lua state or coroutine (its pointer stands in the extra space of each). */
static inline Runtime *rt_get(lua_State *L)
{
  return *(Runtime **)lua_getextraspace(L);
}

/* frame: a coroutine that is to run, or the one around it once it has. Signal handlers walk the chain:
   the frame is whole before it stands there, and stands there no more when its memory goes. */
static inline void rt_enter(Runtime *rt, Frame *frame)
{
  atomic_signal_fence(memory_order_seq_cst);
  rt->frames = frame;
  atomic_signal_fence(memory_order_seq_cst);
}

#endif
