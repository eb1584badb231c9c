/* task.h - tasks: Lua coroutines that the loop suspends and resumes.

   The rule of waiting: whatever a task waits for is recorded in C memory and the wait list is woken;
   the task then looks again ("try"). A wake-up carries no value and may come too often, so no
   order of wake-up, cancel and timeout can lose a result. A waiter keeps its place in the list until
   its try succeeds, which makes every list first come first served. */
#ifndef PROCRUN_TASK_H
#define PROCRUN_TASK_H

#include "runtime/deadline.h"
#include "runtime/rt.h"

typedef struct WaitList WaitList;
struct WaitList {
  Task *head, *tail;                /* waiting tasks, in the order they came */
  void (*changed)(WaitList *list);  /* if set: told when the list becomes empty or stops being so */
};                                  /* a zeroed WaitList is an empty one */

/* Looks whether the wait is over. Returns the number of results it pushed, or WAIT_MORE.
   Runs in the waiting coroutine with the stack as it was when task_wait was called; may raise. */
typedef int (*TaskTry)(lua_State *L, void *object);
enum { WAIT_MORE = -1 };

typedef struct Wait {
  WaitList *list;
  TaskTry try;
  void *object;     /* handed to try; whatever keeps it alive must stand on the caller's stack */
  double timeout;   /* seconds; negative: no limit */
  const char *what; /* for the deadlock report: "message from child 12" (a static string) */
} Wait;

/* Use as: return task_wait(L, &(Wait){…}). Returns try's results, or nil, "timeout", "ETIMEDOUT";
   raises when the task is cancelled, and "cannot wait here (in …)" where Lua cannot yield. */
int task_wait(lua_State *L, const Wait *wait);

/* True where task_wait could suspend the caller. */
bool task_can_wait(lua_State *L);

void wait_wake(WaitList *list);     /* the first task looks again */
void wait_wake_all(WaitList *list); /* every task looks again */

/* Pops a function and its nargs arguments below it … starts a task with them; pushes the Task.
   A daemon (a dispatch task) neither keeps the process alive nor counts in a deadlock. */
Task *task_spawn(lua_State *L, int nargs, bool daemon);

/* Resumes the tasks that were ready at the call: the only place where Lua code runs. */
void task_drain(Runtime *rt);

/* Requests cancellation; the task is woken with an error that pcall does not catch. */
void task_cancel(Task *t);
void task_cancel_all(Runtime *rt);

#endif
