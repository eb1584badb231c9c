/* task.h - tasks: Lua coroutines that the loop suspends and resumes.

   The rule of waiting: whatever a task waits for is recorded in C memory and the wait list is
   woken; the task then looks again ("try"). A wake-up carries no value and may come too often, so
   no order of wake-up, cancel and timeout can lose a result. A waiter keeps its place in the list
   until its try succeeds, which makes every list first come first served. */
#ifndef PROCRUN_TASK_H
#define PROCRUN_TASK_H

#include "runtime/deadline.h"
#include "runtime/rt.h"

typedef struct WaitList {
  Task *head, *tail; /* waiting tasks, in the order they came */
  void (*changed)(
      struct WaitList *list); /* if set: told when the list starts or stops being empty */
} WaitList;                   /* a zeroed WaitList is an empty one */

/* Looks whether the wait is over: returns the number of results it pushed, or WAIT_MORE. Runs in
   the waiting coroutine, with the stack as it was when task_wait was called. */
typedef int (*TaskTry)(lua_State *L, void *object);
enum { WAIT_MORE = -1 };

typedef struct Wait {
  WaitList *list;     /* NULL: only the timeout (or a cancel) ends the wait */
  TaskTry try;        /* NULL: a sleep; only the timeout ends it, with true as its result */
  void *object;       /* handed to try; what keeps it alive must stand on the caller's stack */
  double timeout;     /* seconds; negative: no limit */
  const char *what;   /* a static string for the deadlock report: "a message" */
  bool interruptible; /* a cancel is delivered even in a __close handler, if in no second one */
} Wait;

/* A stretch of a task's run that can be cancelled on its own (a timeout) or not at all (a shield).
   The outermost is the task itself. */
typedef struct Scope {
  Task *task;
  struct Scope *outer;
  lua_State *L;       /* the coroutine that opened it: it counts only while that one is running */
  bool shield;        /* hides the cancels of the scopes around it */
  bool cancelled;     /* asked to end; sticky */
  unsigned raised;    /* how often the error was raised where a wait was possible */
  int depth;          /* __close handlers running when it was opened: they do not hide its cancel */
  uint64_t id;        /* never used again */
  uint64_t delivered; /* when the error was raised, counted in deliveries; 0: not yet */
  Deadline deadline;
} Scope;

/* Somebody who is told, from task_drain, that a task has ended. The task stands on top of L. Takes
   responsibility for the task's error. */
typedef struct Watch {
  Task *task; /* NULL once it has ended */
  struct Watch *next;
  void (*ended)(struct Watch *w, lua_State *L, Task *t); /* must not raise; may free w */
} Watch;

typedef enum TaskState { TASK_READY, TASK_RUNNING, TASK_WAITING, TASK_DONE } TaskState;

/* The user values of a Task. */
enum {
  TASK_THREAD = 1,
  TASK_ERROR,
  TASK_TRACE,
  TASK_FUNCTION,
  TASK_PARENT,
  TASK_NAME,
  TASK_VALUES = TASK_NAME
};

struct Task { /* the memory of a Lua userdata */
  Runtime *rt;
  lua_State *co;        /* base coroutine; holds the results once done */
  lua_State *traced_in; /* where the traceback was taken; only compared */
  lua_State *at;        /* the coroutine that waits: co, or one of the user's inside it */
  int ref;              /* keeps the userdata alive until the task is done */
  int nresults;
  TaskState state;
  bool daemon;
  bool queued;    /* stands in the ready queue */
  bool linked;    /* stands in wait.list */
  bool expired;   /* the wait's timeout has run out */
  bool failed;    /* ended by an error: the only result */
  bool cancelled; /* ended by its own cancel */
  bool traced;    /* user values 2 and 3 hold an error and its traceback */
  bool returned;  /* that error was handed to the script as a value: it ends nothing any more */
  bool doomed;    /* is being closed by force: nothing in it waits any more */
  uint64_t id;
  Wait wait;
  uint64_t since;              /* uv_hrtime when the task that then waited had been resumed */
  Deadline deadline;           /* of the wait */
  Task *next_ready;            /* in the ready queue */
  Task *list_prev, *list_next; /* in wait.list */
  Task *prev, *next;           /* among all tasks */
  Scope *scopes;               /* innermost; ends in root */
  Scope root;
  WaitList joiners;
  Watch *watches;
  struct Context *context; /* context.c: what it hands on; NULL: nothing */
  struct Setting
      *settings; /* its open scopes, the last one first; where there are any it has a context */
};

/* Use as: return task_wait(L, &(Wait){…}). Returns try's results, or nil, "timeout", "ETIMEDOUT";
   raises when the task is cancelled, and "cannot wait here (in …)" where Lua cannot yield. */
int task_wait(lua_State *L, const Wait *wait);

/* Goes to the end of the ready queue: return task_pause(L). */
int task_pause(lua_State *L);

/* True where task_wait could suspend the caller. */
bool task_can_wait(lua_State *L);

void task_watch(Task *t, Watch *w); /* t must not have ended */
void task_unwatch(Watch *w);        /* nothing if it has ended */

void wait_wake(WaitList *list);     /* the first task looks again */
void wait_wake_all(WaitList *list); /* every task looks again */

/* Pops a function and the nargs arguments above it, starts a task with them; pushes the Task. A
   daemon (a dispatch task) neither keeps the process alive nor counts in a deadlock. */
Task *task_spawn(lua_State *L, int nargs, bool daemon);
Task *task_check(lua_State *L, int arg);
Task *task_test(lua_State *L, int arg);

/* Resumes the tasks that were ready at the call: the only place where Lua code runs. */
void task_drain(Runtime *rt);

void task_ready(Task *t);         /* queue it to be resumed, if it is waiting */
void task_cancel(Task *t);        /* its next wait (the present one included) raises */
void task_busy(Task *t, bool on); /* a dispatch task has something to do: it counts as any other */
void task_cancel_all(Runtime *rt);
void task_close_all(Runtime *rt); /* by force: closes the coroutines; nothing waits any more */
bool task_is_protected(lua_CFunction f); /* a body that protect_call runs, with two values below */

/* task_label.c */
int task_report(lua_State *L,
                Task *t); /* the error of the task on top of L, on stderr: exit status */
void task_report_deadlock(Runtime *rt);
void task_push_label(lua_State *L, Task *t, int index); /* "task 3 'name' (file.lua:10)" */

/* task_trace.c: for TRACE_TASK */
void task_trace_start(lua_State *L, const Task *t, int index); /* where its userdata is */
void task_trace_wait(lua_State *L, const Task *t);             /* L: the coroutine that waits */
void task_trace(const Task *t, const char *event);

/* wait.c, for task.c and coro.c */
void wait_leave(Task *t); /* takes the task out of its wait list and stops the wait's timeout */
void wait_settle(lua_State *L); /* an error was caught: it may have come out of a wait's try */
bool wait_is_token(lua_State *L, int index);
int wait_yield(lua_State *L, lua_KContext ctx, lua_KFunction k); /* suspends the task from here */
int wait_refuse(lua_State *L); /* raises "cannot wait here (in …)" */

/* scope.c */
void scope_open(lua_State *L, Task *t, Scope *s);
void scope_close(Scope *s);
void scope_cancel(Scope *s);
void scope_check(lua_State *L, Task *t, bool interruptible); /* raises if a cancel is due */
int scope_raise(lua_State *L, Scope *s);                     /* raises the cancel of s */
bool scope_is_cancel(lua_State *L, int index);               /* is this error a cancel? */
bool scope_owns(const Scope *s, lua_State *L, int index);    /* is it the cancel of s? */
bool scope_is_ignored(Task *t); /* a cancel was raised and caught, again and again */
Scope *scope_spanning(lua_State *L, uint64_t since); /* delivered after `since`, still open */
void scope_define(lua_State *L);

uint64_t scope_deliveries(void); /* cancels raised so far */
bool scope_is_protected(lua_CFunction f);

/* coro.c */
void coro_define(lua_State *L); /* the coroutine library through which waits pass */

#endif
