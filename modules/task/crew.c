/* crew.c - tasks that are waited for together: the ground of task.all, race, map and group.
   local crew = core.crew("all" | "race" | "group"); crew:add(t); crew:wait(); crew:outcome()

   One member decides the crew: in a race the first to end, else the first to fail (in "all" a
   cancelled member counts as failed). The others are cancelled at that very moment. */
#include "modules/task/crew.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "runtime/opt.h"
#include "runtime/task.h"

static const char CREW[] = "procrun.crew";

typedef enum Kind { ALL, RACE, GROUP } Kind;

static const char *const waits_for[] = {"all of several tasks", "the first of several tasks",
                                        "the tasks of a group"};

typedef struct Member {
  Watch watch; /* first */
  struct Crew *crew;
  struct Member *prev, *next;
} Member;

typedef struct Crew {
  Kind kind;
  Member *members; /* those that have not ended */
  WaitList list;   /* woken when the last has */
  int outcome;     /* reference of the task that decided, or LUA_NOREF */
  bool failed;     /* that one has failed, and nobody was told yet */
  bool cancelled;
} Crew;

static Crew *check_crew(lua_State *L)
{
  return luaL_checkudata(L, 1, CREW);
}

static void cancel(Crew *c)
{
  c->cancelled = true;
  for (Member *m = c->members; m; m = m->next) task_cancel(m->watch.task);
}

static void drop_member(Member *m)
{
  if (m->prev)
    m->prev->next = m->next;
  else
    m->crew->members = m->next;
  if (m->next) m->next->prev = m->prev;
  free(m);
}

/* Called with a failed task as userdata: shows its error to who has switched warnings on. */
static int warn_lost(lua_State *L)
{
  Task *t = task_check(L, 1);
  task_push_label(L, t, 1);
  if (!lua_checkstack(t->co, 1)) return 0;
  lua_pushvalue(t->co, -1);
  lua_xmove(t->co, L, 1);
  const char *error = luaL_tolstring(L, -1, NULL);
  lua_pushfstring(L, "%s failed when its group had already: %s", lua_tostring(L, 2), error);
  lua_warning(L, lua_tostring(L, -1), 0);
  return 0;
}

/* The task stands on top of L. */
static void warn_of(lua_State *L)
{
  lua_pushcfunction(L, warn_lost);
  lua_pushvalue(L, -2);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1);
}

static void note_end(Crew *c, lua_State *L, Task *t)
{
  bool decides = c->kind == RACE || t->failed || (c->kind == ALL && t->cancelled);
  if (decides && c->outcome == LUA_NOREF) {
    lua_pushvalue(L, -1);
    c->outcome = luaL_ref(L, LUA_REGISTRYINDEX);
    c->failed = t->failed;
    cancel(c);
  } else if (t->failed) {
    warn_of(L);
  }
  if (c->members == NULL) wait_wake_all(&c->list);
}

static void on_ended(Watch *w, lua_State *L, Task *t)
{
  Member *m = (Member *)w;
  Crew *c = m->crew;
  drop_member(m);
  note_end(c, L, t);
}

/* crew(kind) -> crew */
static int l_crew(lua_State *L)
{
  static const char *const kinds[] = {"all", "race", "group", NULL};
  int kind = luaL_checkoption(L, 1, NULL, kinds);
  Crew *c = lua_newuserdatauv(L, sizeof *c, 0);
  *c = (Crew){.kind = (Kind)kind, .outcome = LUA_NOREF};
  luaL_setmetatable(L, CREW);
  return 1;
}

/* crew:add(task) -> task */
static int l_add(lua_State *L)
{
  Crew *c = check_crew(L);
  Task *t = task_check(L, 2);
  lua_settop(L, 2);
  if (t->state == TASK_DONE) {
    note_end(c, L, t);
    return 1;
  }
  Member *m = calloc(1, sizeof *m);
  if (m == NULL) return luaL_error(L, "not enough memory");
  m->crew = c;
  m->watch.ended = on_ended;
  m->next = c->members;
  if (m->next) m->next->prev = m;
  c->members = m;
  task_watch(t, &m->watch);
  if (c->cancelled) task_cancel(t);
  return 1;
}

/* crew:cancel(): cancels the members, and those added later */
static int l_cancel(lua_State *L)
{
  cancel(check_crew(L));
  return 0;
}

static int try_ended(lua_State *L, void *object)
{
  Crew *c = object;
  if (c->members) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

static int wait_for(lua_State *L, bool interruptible)
{
  Crew *c = check_crew(L);
  double timeout = opt_timeout(L, 2);
  return task_wait(L, &(Wait){&c->list, try_ended, c, timeout, waits_for[c->kind], interruptible});
}

/* crew:wait([timeout]) -> true: all have ended | nil, "timeout", "ETIMEDOUT" */
static int l_wait(lua_State *L)
{
  return wait_for(L, false);
}

/* crew:wait_open(): as wait, but a cancel arrives even in the caller's __close handler */
static int l_wait_open(lua_State *L)
{
  return wait_for(L, true);
}

/* crew:outcome() -> the task that decided, or nil. Its error is the caller's from now on. */
static int l_outcome(lua_State *L)
{
  Crew *c = check_crew(L);
  if (c->outcome == LUA_NOREF) return 0;
  c->failed = false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, c->outcome);
  return 1;
}

/* crew:failure() -> the task whose error nobody was told yet, or nil; once */
static int l_failure(lua_State *L)
{
  return check_crew(L)->failed ? l_outcome(L) : 0;
}

/* crew:dismiss(): an untold error is only warned of, as another one is being raised */
static int l_dismiss(lua_State *L)
{
  if (l_failure(L)) warn_of(L);
  return 0;
}

/* A crew nobody asked for its error: then nobody has waited for the task. */
static int l_gc(lua_State *L)
{
  Crew *c = check_crew(L);
  for (Member *m = c->members, *next; m; m = next) {
    next = m->next;
    task_unwatch(&m->watch);
    free(m);
  }
  c->members = NULL;
  if (c->failed && l_outcome(L)) {
    Task *t = task_check(L, -1);
    t->ref = c->outcome; /* the report looks for the task there */
    rt_get(L)->uncaught(L, t);
    t->ref = LUA_NOREF;
  }
  luaL_unref(L, LUA_REGISTRYINDEX, c->outcome);
  c->outcome = LUA_NOREF;
  return 0;
}

void crew_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"add", l_add},         {"cancel", l_cancel},
                                     {"wait", l_wait},       {"wait_open", l_wait_open},
                                     {"outcome", l_outcome}, {"failure", l_failure},
                                     {"dismiss", l_dismiss}, {NULL, NULL}};
  luaL_newmetatable(L, CREW);
  lua_pushcfunction(L, l_gc);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, l_crew);
  lua_setfield(L, -2, "crew");
}
