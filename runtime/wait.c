/* wait.c - wait lists, and how a task suspends itself; the rule stands on top of task.h. */
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "runtime/err.h"
#include "runtime/pace.h"
#include "runtime/task.h"
#include "runtime/trace.h"

enum { RESULTS_PER_RESUME = 256, CLOCK_EVERY = 32 };
static const uint64_t RESUME_NS = 1000000;

static char token; /* its address is what a runtime wait yields */

bool wait_is_token(lua_State *L, int index)
{
  return lua_touserdata(L, index) == (void *)&token;
}

void task_ready(Task *t)
{
  if (t->queued || t->state != TASK_WAITING) return;
  Runtime *rt = t->rt;
  t->queued = true;
  t->next_ready = NULL;
  if (rt->ready_tail)
    rt->ready_tail->next_ready = t;
  else
    rt->ready_head = t;
  rt->ready_tail = t;
}

void wait_wake(WaitList *list)
{
  if (list->head) task_ready(list->head);
}

void wait_wake_all(WaitList *list)
{
  for (Task *t = list->head; t; t = t->list_next) task_ready(t);
}

static void link_last(WaitList *list, Task *t)
{
  t->linked = true;
  t->list_next = NULL;
  t->list_prev = list->tail;
  if (list->tail)
    list->tail->list_next = t;
  else
    list->head = t;
  list->tail = t;
  if (list->head == t && list->changed) list->changed(list);
}

/* Whoever leaves wakes the next: what the leaver did not take may be for the others. */
void wait_leave(Task *t)
{
  deadline_disarm(t->rt, &t->deadline);
  t->expired = false;
  if (!t->linked) return;
  WaitList *list = t->wait.list;
  t->linked = false;
  if (t->list_prev)
    t->list_prev->list_next = t->list_next;
  else
    list->head = t->list_next;
  if (t->list_next)
    t->list_next->list_prev = t->list_prev;
  else
    list->tail = t->list_prev;
  t->list_prev = t->list_next = NULL;
  if (list->head)
    wait_wake(list);
  else if (list->changed)
    list->changed(list);
}

/* A try that raises leaves its task in the list. Whatever then catches the error lets go of the
   list while the owner still stands on the stack; not so what only runs in between, as a finalizer
   does. */
void wait_settle(lua_State *L)
{
  Task *t = rt_get(L)->current;
  bool left_over = t && (t->linked || t->expired || t->deadline.index);
  if (left_over && task_can_wait(L)) wait_leave(t);
}

static void on_expired(Deadline *d)
{
  Task *t = (Task *)((char *)d - offsetof(Task, deadline));
  t->expired = true;
  task_ready(t);
}

bool task_can_wait(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (rt->current == NULL || rt->forked || rt->frames == NULL || rt->frames->L != L) return false;
  for (Frame *f = rt->frames; f; f = f->up)
    if (!lua_isyieldable(f->L)) return false;
  return true;
}

/* Pushes "table.sort" for the function in the frame, searching the loaded modules; or nothing. */
static bool push_global_name(lua_State *L, lua_Debug *ar)
{
  lua_getinfo(L, "f", ar);
  int function = lua_gettop(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  for (lua_pushnil(L); lua_next(L, function + 1); lua_settop(L, function + 2)) {
    if (!lua_istable(L, -1) || lua_type(L, -2) != LUA_TSTRING) continue;
    for (lua_pushnil(L); lua_next(L, function + 3); lua_pop(L, 1)) {
      if (!lua_rawequal(L, -1, function) || lua_type(L, -2) != LUA_TSTRING) continue;
      const char *module = lua_tostring(L, function + 2), *name = lua_tostring(L, -2);
      bool global = strcmp(module, LUA_GNAME) == 0;
      lua_pushfstring(L, "%s%s%s", global ? "" : module, global ? "" : ".", name);
      lua_replace(L, function);
      lua_settop(L, function);
      return true;
    }
  }
  lua_settop(L, function - 1);
  return false;
}

/* Pushes the name of what stands in the way: the innermost C function or finalizer, save those that
   let waits pass. */
static bool push_obstacle(lua_State *L, int level)
{
  lua_Debug ar;
  luaL_checkstack(L, 10, NULL);
  for (; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sn", &ar);
    bool metamethod = ar.name && strcmp(ar.namewhat, "metamethod") == 0;
    if (metamethod && strstr(ar.name, "gc")) {
      lua_pushliteral(L, "__gc");
      return true;
    }
    if (ar.what[0] != 'C') continue;
    if (push_global_name(L, &ar)) {
      if (!strstr(lua_tostring(L, -1), "pcall")) return true;
      lua_pop(L, 1);
    } else if (ar.name) {
      lua_pushstring(L, ar.name);
      return true;
    }
  }
  return false;
}

int wait_refuse(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (rt->current == NULL) return luaL_error(L, "cannot wait here (outside a task)");
  if (rt->forked)
    return luaL_error(L, "cannot wait here (in a process that a C module has made by fork)");
  if (rt->current->doomed)
    return luaL_error(L, "cannot wait here (in a task that is closed by force)");
  if (rt->frames == NULL || rt->frames->L != L)
    return luaL_error(L, "cannot wait here (in a coroutine that a C library resumed)");
  for (Frame *f = rt->frames; f; f = f->up) {
    if (lua_isyieldable(f->L)) continue;
    lua_State *at = f->L;
    bool found = push_obstacle(at, at == L ? 1 : 0);
    if (!found && f->up)
      found = push_obstacle(at = f->up->L, 0); /* what runs it: coroutine.close */
    if (!found) continue;
    if (at != L) lua_xmove(at, L, 1);
    bool gc = strcmp(lua_tostring(L, -1), "__gc") == 0;
    if (gc)
      fprintf(stderr, "procrun: cannot wait here (in __gc)\n"); /* Lua would keep it to itself */
    return luaL_error(L, "cannot wait here (in %s)", lua_tostring(L, -1));
  }
  return luaL_error(L, "cannot wait here (in a C function)");
}

static int try_nothing(lua_State *L, void *object)
{
  (void)object;
  lua_pushboolean(L, 1);
  return 1;
}

/* Somebody keeps catching the cancel: the task never gets beyond this point. */
static int give_up(lua_State *L, Task *t)
{
  t->doomed = true;
  return wait_yield(L, 0, NULL);
}

/* Looks again after a wake-up. */
static int look_again(lua_State *L, int status, lua_KContext ctx)
{
  Task *t = rt_get(L)->current;
  (void)status;
  if (scope_is_ignored(t)) return give_up(L, t);
  scope_check(L, t, t->wait.interruptible);
  if (t->wait.try) {
    int results = t->wait.try(L, t->wait.object);
    if (results >= 0) {
      wait_leave(t);
      return results;
    }
  }
  if (t->expired) {
    wait_leave(t);
    return t->wait.try ? err_timeout(L) : try_nothing(L, NULL);
  }
  return wait_yield(L, ctx, look_again);
}

int wait_yield(lua_State *L, lua_KContext ctx, lua_KFunction k)
{
  lua_pushlightuserdata(L, &token);
  return lua_yieldk(L, 1, ctx, k);
}

int task_pause(lua_State *L)
{
  Task *t = rt_get(L)->current;
  if (!task_can_wait(L)) return wait_refuse(L);
  wait_settle(L);
  if (scope_is_ignored(t)) return give_up(L, t);
  scope_check(L, t, false);
  t->wait = (Wait){.try = try_nothing, .what = "its turn"};
  t->at = L;
  t->state = TASK_WAITING;
  task_ready(t);
  return wait_yield(L, 0, look_again);
}

/* A task that always finds results ready must still let the loop turn now and then. */
static bool has_run_long(Runtime *rt)
{
  if (++rt->now_results >= RESULTS_PER_RESUME) return true;
  return rt->now_results % CLOCK_EVERY == 0 && uv_hrtime() - rt->resumed_at > RESUME_NS;
}

int task_wait(lua_State *L, const Wait *wait)
{
  Runtime *rt = rt_get(L);
  Task *t = rt->current;
  bool can_wait = task_can_wait(L);
  pace_look(rt, L);
  if (can_wait) {
    wait_settle(L);
    if (scope_is_ignored(t)) return give_up(L, t);
    scope_check(L, t, wait->interruptible);
  }
  bool first_in_line = wait->list == NULL || wait->list->head == NULL;
  bool pause = can_wait && has_run_long(rt);
  if (first_in_line && wait->try && !pause) {
    int results = wait->try(L, wait->object);
    if (results >= 0) return results;
  }
  if (wait->timeout == 0 && !pause && wait->try) return err_timeout(L);
  if (!can_wait) return wait_refuse(L);
  if (wait->timeout == 0 && wait->try == NULL) return task_pause(L);
  t->wait = *wait;
  t->since = rt->resumed_at;
  t->at = L;
  t->deadline.fire = on_expired;
  t->deadline.unref = t->daemon;
  if (wait->timeout >= 0) deadline_arm(rt, &t->deadline, wait->timeout);
  if (wait->list) link_last(wait->list, t);
  if (pause && first_in_line) {
    t->state = TASK_WAITING;
    task_ready(t);
  }
  if (TRACING(TRACE_TASK)) task_trace_wait(L, t);
  return wait_yield(L, 0, look_again);
}
