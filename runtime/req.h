/* req.h - one blocking call, made in the thread pool while its task waits.

   Rules:
   - The struct lives on the C heap, `Req base` first, and owns everything the call uses: copies of
     paths and bytes, the result, a descriptor that arrives. The worker touches nothing else.
   - The userdata stands to-be-closed on the stack of the waiting coroutine. Whatever ends the wait
     ends the request: one that has not started is taken back; one that runs is dropped, and is freed
     by its callback. release() gives back what nobody has taken.
   - Where the caller cannot wait (in __gc, sort, outside of a task) the call is made at once.
   - Relative names count from the directory of the task that calls req_new (place.h).
   - What takes long is marked as `slow`: of those, two at a time are in the pool, so that a stat does
     not stand behind a thousand copies.
   - The end of a run does not wait for dropped requests (req_settle, req_only_dropped). */
#ifndef PROCRUN_REQ_H
#define PROCRUN_REQ_H

#include <stdatomic.h>

#include "runtime/place.h"
#include "runtime/task.h"

typedef struct Req Req;

typedef struct ReqType {
  const char *what;                       /* for the deadlock report: "a file" */
  void (*work)(Req *req);                 /* the call, in a thread of the pool: no Lua, no loop */
  int (*results)(lua_State *L, Req *req); /* once done: pushes what the waiting function returns */
  void (*release)(Req *req);              /* frees what the request owns; before free() */
} ReqType;

struct Req {
  uv_work_t uv;
  Runtime *rt;
  const ReqType *type;
  WaitList waiter; /* the one task that waits */
  Req *next;       /* in the line of those that are slow */
  bool started, done;
  bool slow;           /* may be set before req_run */
  bool anywhere;       /* its work knows no relative names; may be set before req_run */
  bool queued;         /* in the line */
  bool pinned;         /* the directory of all threads is not changed while it is in the pool */
  Place *place;        /* where its work is done */
  mode_t mask;         /* its umask */
  atomic_bool dropped; /* nobody waits any more; work may look at it and end early */
};

/* A zeroed request of `size` bytes in a userdata that is pushed, to be closed when the calling C
   function ends. It is released however that happens, so fill it in as you go. */
void *req_new(lua_State *L, size_t size, const ReqType *type);

/* Its relative names count from p, where an object was made that has it. */
void req_place(Req *req, Place *p);

/* Makes the call: return req_run(L, req). The results are those of type->results. */
int req_run(lua_State *L, Req *req);

/* A thread may take long: has the task gone meanwhile? */
static inline bool req_is_dropped(Req *req)
{
  return atomic_load_explicit(&req->dropped, memory_order_relaxed);
}

/* Gives dropped requests up to `ms` to end; false when one still runs. For the end of a run. */
bool req_settle(Runtime *rt, int ms);

/* Nothing but dropped requests keeps the loop alive: there is nothing to wait for. */
bool req_only_dropped(Runtime *rt);

#endif
