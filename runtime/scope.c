/* scope.c - cancelling: one kind of error with an identity, for cancel, timeout, shield and exit.
   task.timeout(seconds, fn, …), task.shield(fn, …); the error is a userdata naming its scope. */
#include <lauxlib.h>

#include "runtime/err.h"
#include "runtime/opt.h"
#include "runtime/protect.h"
#include "runtime/task.h"

static const char CANCEL[] = "procrun.cancel";
static const char SCOPE[] = "procrun.scope";
static uint64_t deliveries; /* cancels raised so far; orders them against pcalls */

enum { RAISES = 2 }; /* so often a cancel is raised; then whoever catches it is closed by force */

typedef struct Cancel {
  uint64_t scope; /* its id: the scope itself may be gone */
  bool is_task;
} Cancel;

static void on_timeout(Deadline *d)
{
  scope_cancel((Scope *)((char *)d - offsetof(Scope, deadline)));
}

void scope_open(lua_State *L, Task *t, Scope *s)
{
  static uint64_t opened;
  s->id = ++opened;
  s->task = t;
  s->L = L;
  s->outer = t->scopes;
  s->deadline.fire = on_timeout;
  t->scopes = s;
}

/* Unlinks from anywhere in the chain: a generator may end before a scope that was opened later. */
void scope_close(Scope *s)
{
  Task *t = s->task;
  if (t == NULL) return;
  deadline_disarm(t->rt, &s->deadline);
  for (Scope **p = &t->scopes; *p; p = &(*p)->outer) {
    if (*p != s) continue;
    *p = s->outer;
    break;
  }
  s->task = NULL;
}

void scope_cancel(Scope *s)
{
  s->cancelled = true;
  if (s->task) task_ready(s->task);
}

static bool is_running(const Scope *s)
{
  if (s == &s->task->root) return true;
  for (Frame *f = s->task->rt->frames; f; f = f->up)
    if (f->L == s->L) return true;
  return false;
}

/* The outermost scope whose cancel is due and not hidden, by a shield or by a __close handler that
   began inside the scope. One that was raised before and is due again was caught behind our back,
   by a C library: while it unwinds, only such handlers run. */
static Scope *find_due(Task *t, bool interruptible)
{
  Scope *due = NULL;
  int depth = -1;
  for (Scope *s = t->scopes; s; s = s->outer) {
    if (!s->cancelled && !s->shield) continue;
    if (!is_running(s)) continue;
    if (s->shield) break;
    if (depth < 0) depth = protect_close_depth(t) - interruptible;
    if (s->depth >= depth) due = s;
  }
  return due;
}

Scope *scope_spanning(lua_State *L, uint64_t since)
{
  Task *t = rt_get(L)->current;
  Scope *found = NULL;
  if (t == NULL || deliveries == since) return NULL;
  for (Scope *s = t->scopes; s; s = s->outer)
    if (s->delivered > since && is_running(s)) found = s;
  return found;
}

static int l_tostring(lua_State *L)
{
  Cancel *c = luaL_checkudata(L, 1, CANCEL);
  lua_pushstring(L, c->is_task ? "the task was cancelled" : "the time ran out");
  return 1;
}

int scope_raise(lua_State *L, Scope *s)
{
  if (task_can_wait(L)) { /* else what stands in the way may keep the error to itself */
    s->delivered = ++deliveries;
    s->raised++;
  }
  Cancel *c = lua_newuserdatauv(L, sizeof *c, 0);
  c->scope = s->id;
  c->is_task = s == &s->task->root;
  if (luaL_newmetatable(L, CANCEL)) {
    lua_pushcfunction(L, l_tostring);
    lua_setfield(L, -2, "__tostring");
  }
  lua_setmetatable(L, -2);
  return lua_error(L);
}

void scope_check(lua_State *L, Task *t, bool interruptible)
{
  Scope *due = find_due(t, interruptible);
  if (due == NULL) return;
  wait_settle(L);
  scope_raise(L, due);
}

bool scope_is_ignored(Task *t)
{
  bool raised = false;
  for (Scope *s = t->scopes; s; s = s->outer) raised |= s->raised >= RAISES;
  if (!raised) return false;
  Scope *due = find_due(t, false); /* looks through the whole stack */
  return due && due->raised >= RAISES;
}

bool scope_is_cancel(lua_State *L, int index)
{
  return luaL_testudata(L, index, CANCEL) != NULL;
}

bool scope_owns(const Scope *s, lua_State *L, int index)
{
  Cancel *c = luaL_testudata(L, index, CANCEL);
  return c && c->scope == s->id;
}

uint64_t scope_deliveries(void)
{
  return deliveries;
}

static int l_scope_end(lua_State *L)
{
  scope_close(luaL_checkudata(L, 1, SCOPE));
  return 0;
}

static Scope *push_scope(lua_State *L, const char *function)
{
  Task *t = rt_get(L)->current;
  if (t == NULL) luaL_error(L, "'%s' must be called in a task", function);
  Scope *s = lua_newuserdatauv(L, sizeof *s, 0);
  *s = (Scope){.depth = protect_close_depth(t)};
  luaL_setmetatable(L, SCOPE);
  scope_open(L, t, s);
  return s;
}

/* The scope stands at index 1, the message handler at 2. */
static int end_timeout(lua_State *L, int status, lua_KContext ctx)
{
  Scope *s = (Scope *)ctx;
  scope_close(s);
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - 2;
  wait_settle(L);
  if (scope_owns(s, L, -1)) return err_timeout(L);
  return lua_error(L);
}

/* timeout(seconds, fn, …) -> fn's results | nil, "timeout", "ETIMEDOUT" */
static int l_timeout(lua_State *L)
{
  double seconds = opt_seconds(L, 1);
  luaL_argexpected(L, lua_isfunction(L, 2), 2, "function");
  Scope *s = push_scope(L, "timeout");
  lua_replace(L, 1);
  deadline_arm(rt_get(L), &s->deadline, seconds);
  return protect_call(L, lua_gettop(L) - 2, (lua_KContext)s, end_timeout);
}

bool scope_is_protected(lua_CFunction f)
{
  return f == l_timeout;
}

/* The scope, to be closed, stands at index 1. */
static int end_shield(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  return lua_gettop(L) - 1;
}

/* shield(fn, …) -> fn's results; no cancel is delivered inside */
static int l_shield(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TFUNCTION);
  push_scope(L, "shield")->shield = true;
  lua_insert(L, 1);
  lua_toclose(L, 1);
  lua_callk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, end_shield);
  return end_shield(L, LUA_OK, 0);
}

/* is_cancel(err) -> boolean: is this error a cancel, a timeout or an exit under way? */
static int l_is_cancel(lua_State *L)
{
  lua_pushboolean(L, scope_is_cancel(L, 1));
  return 1;
}

void scope_define(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"timeout", l_timeout}, {"shield", l_shield}, {"is_cancel", l_is_cancel}, {NULL, NULL}};
  luaL_newmetatable(L, SCOPE);
  lua_pushcfunction(L, l_scope_end);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, l_scope_end);
  lua_setfield(L, -2, "__close");
  lua_pop(L, 1);
  luaL_setfuncs(L, functions, 0); /* into the table on top: procrun.core.task */
}
