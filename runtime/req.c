/* req.c - one blocking call, made in the thread pool while its task waits; the rules stand in req.h. */
#include "runtime/req.h"

#include <poll.h>
#include <stdlib.h>

static const char BOX[] = "procrun.req";
static unsigned dropped; /* requests in the pool or on their way back that nobody waits for */

enum { MOST_SLOW = 2 };          /* of the four threads that libuv's pool has */
static unsigned slow;            /* requests of that kind in the pool */
static Req *line, **end = &line; /* the others */

static void destroy(Req *req)
{
  if (req->type->release) req->type->release(req);
  place_drop(req->place);
  free(req);
}

static void work(uv_work_t *uv)
{
  Req *req = uv->data;
  if (!req->anywhere) place_enter(req->place, req->mask);
  req->type->work(req);
  if (req->pinned) place_unpin();
}

/* In the thread of the loop. */
static void work_here(Req *req)
{
  Place *here = place_here();
  if (!req->anywhere) place_go(req->place);
  req->type->work(req);
  place_go(here);
  req->done = true;
}

static void start(Req *req);

static void end_slow(void)
{
  Req *next = line;
  slow--;
  if (next == NULL) return;
  line = next->next;
  if (line == NULL) end = &line;
  next->queued = false;
  start(next);
}

static void leave_line(Req *req)
{
  Req **at = &line;
  while (*at != req) at = &(*at)->next;
  *at = req->next;
  if (*at == NULL) end = at;
}

/* Also called, with UV_ECANCELED, for a request that was taken back before it started. */
static void on_worked(uv_work_t *uv, int status)
{
  Req *req = uv->data;
  (void)status; /* only a dropped request is ever cancelled */
  req->done = true;
  if (req->slow) end_slow();
  if (req_is_dropped(req)) {
    dropped--;
    destroy(req);
  } else {
    wait_wake_all(&req->waiter);
  }
}

static void start(Req *req)
{
  if (req->slow && slow == MOST_SLOW) {
    req->queued = true;
    req->next = NULL;
    *end = req;
    end = &req->next;
    return;
  }
  if (req->slow) slow++;
  if (!req->anywhere && place_is_far(req->place)) {
    work_here(req);
    if (req->slow) end_slow();
    wait_wake_all(&req->waiter);
    return;
  }
  req->pinned = !req->anywhere && place_pin();
  uv_queue_work(&req->rt->loop, &req->uv, work, on_worked);
}

static void drop(Req *req)
{
  if (req->waiter.head) wait_leave(req->waiter.head); /* results has raised */
  if (req->queued) leave_line(req);
  if (!req->started || req->done || req->queued) {
    destroy(req);
    return;
  }
  dropped++;
  atomic_store(&req->dropped, true);
  bool unstarted = uv_cancel((uv_req_t *)&req->uv) == 0; /* else its callback comes when it ends */
  if (unstarted && req->pinned) place_unpin();
}

/* __close and __gc */
static int l_drop(lua_State *L)
{
  Req **box = lua_touserdata(L, 1);
  Req *req = *box;
  *box = NULL;
  if (req) drop(req);
  return 0;
}

static void set_metatable(lua_State *L)
{
  if (luaL_newmetatable(L, BOX)) {
    lua_pushcfunction(L, l_drop);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, l_drop);
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
}

void *req_new(lua_State *L, size_t size, const ReqType *type)
{
  Req **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  set_metatable(L);
  Req *req = calloc(1, size);
  if (req == NULL) luaL_error(L, "not enough memory");
  req->rt = rt_get(L);
  req->type = type;
  req->uv.data = req;
  if (place_here()) {
    req->place = place_share(place_here());
    req->mask = place_mask();
  }
  *box = req;
  lua_toclose(L, -1);
  return req;
}

void req_place(Req *req, Place *p)
{
  place_drop(req->place);
  req->place = place_share(p);
}

/* The call starts with the first look: a cancel that is due has then been raised before. */
static int try_run(lua_State *L, void *object)
{
  Req *req = object;
  if (!req->started) {
    req->started = true;
    start(req);
  }
  return req->done ? req->type->results(L, req) : WAIT_MORE;
}

int req_run(lua_State *L, Req *req)
{
  if (!task_can_wait(L)) {
    work_here(req);
    return req->type->results(L, req);
  }
  return task_wait(L, &(Wait){&req->waiter, try_run, req, -1, req->type->what, false});
}

bool req_settle(Runtime *rt, int ms)
{
  uint64_t until = uv_hrtime() + (uint64_t)ms * 1000000;
  while (dropped > 0) {
    uv_run(&rt->loop, UV_RUN_NOWAIT);
    uint64_t now = uv_hrtime();
    if (dropped == 0 || now >= until) break;
    struct pollfd p = {.fd = uv_backend_fd(&rt->loop), .events = POLLIN};
    poll(&p, 1, (int)((until - now) / 1000000) + 1);
  }
  return dropped == 0;
}

bool req_only_dropped(Runtime *rt)
{
  return dropped > 0 && line == NULL && rt->loop.active_handles == 0 &&
         rt->loop.active_reqs.count == dropped;
}
