/* forked.c - what becomes of the runtime in a process that a C module has made by fork. */
#include "runtime/forked.h"

#include <pthread.h>

#include "runtime/signals.h"
#include "runtime/stdio.h"
#include "runtime/task.h"

static Runtime *watched;
static pthread_t owner;

/* The loop's own descriptors are shared with the first process: to change what they watch, as
   closing a handle does, would change it there. What is queued is sent there, too. */
static void on_fork(void)
{
  watched->forked = true;
  if (!pthread_equal(pthread_self(), owner)) return; /* a thread of a C module: no task of ours */
  uv_loop_fork(&watched->loop);
  watched->ready_head = watched->ready_tail = NULL;
  stdio_forget(watched);
  signals_forget();
}

void forked_watch(Runtime *rt)
{
  if (watched) return;
  watched = rt;
  owner = pthread_self();
  pthread_atfork(NULL, NULL, on_fork);
}

void forked_run(Runtime *rt)
{
  while (rt->ready_head) task_drain(rt); /* tasks that were started here */
  rt->exit_now(rt);
}
