/* sync.c - mutexes, semaphores and events that processes share by name.
   local core = require "procrun.core.sync"; sync.lua gives them their shape. */
#include <stdio.h>
#include <string.h>

#include "modules/modules.h"
#include "modules/sync/sync_object.h"
#include "modules/sync/sync_place.h"
#include "runtime/err.h"
#include "runtime/look.h"
#include "runtime/opt.h"

static const char *const kinds[] = {"mutex", "semaphore", "event", NULL};

void sync_poked(const uint64_t *tokens, size_t count)
{
  for (SyncObject *s = tokens ? NULL : sync_list_first(); s; s = s->next) sync_due(s);
  for (size_t i = 0; i < count; i++) {
    SyncObject *s = sync_find(tokens[i]);
    if (s) sync_due(s); /* else it was closed meanwhile */
  }
  sync_run_due();
}

/* Closes at last. What tasks have taken and never given back stays in the file: it comes back when
   this process ends, and the next holder of a mutex is told. False: what is to be given back cannot be
   just now. */
static bool finish(SyncObject *s)
{
  bool has_more = s->queued || s->held > s->owned;
  if (s->owned == 0 && has_more && sync_look(s, (SyncWish){0}) < 0) {
    if (s->queued || s->held > 0) return false;
  }
  deadline_disarm(s->base.rt, &s->again);
  if (s->needs) sync_place_need(-1);
  sync_watch_close(s);
  sync_list_remove(s);
  sync_file_close(sync_place()->dir, s->path, &s->file);
  return true;
}

static void on_again(Deadline *d)
{
  SyncObject *s = (SyncObject *)((char *)d - offsetof(SyncObject, again));
  if (s->base.open) {
    sync_look(s, (SyncWish){0});
  } else if (finish(s)) {
    handle_closed(&s->base);
  }
}

static void close_object(Handle *h)
{
  SyncObject *s = (SyncObject *)h;
  wait_wake_all(&s->waiters);
  h->closing = !finish(s);
}

/* A lock that nobody unlocked is held until the process ends: the collector gives nothing back. */
static bool lingers(Handle *h)
{
  return ((SyncObject *)h)->owned > 0;
}

static void look_at(Handle *h, lua_State *L)
{
  SyncObject *s = (SyncObject *)h;
  look_string(L, "what", s->what);
  look_integer(L, "held", s->owned);
  if (s->kind == SYNC_MUTEX && s->owned > 0) look_integer(L, "owner", (lua_Integer)s->owner);
  look_waiters(L, "waiters", &s->waiters);
  look_flag(L, "alive", s->needs);
}

static const HandleType object_type = {"procrun.sync", close_object, lingers, NULL, NULL, look_at};

static SyncObject *check(lua_State *L)
{
  return handle_check(L, 1, &object_type);
}

/* The first task waits, or the last one does no more. */
static void on_waiters_changed(WaitList *list)
{
  SyncObject *s = (SyncObject *)((char *)list - offsetof(SyncObject, waiters));
  if (!s->base.open) return;
  sync_look(s, (SyncWish){0});
  if (list->head == NULL || (s->held == s->owned && !s->set && !s->error)) return;
  s->again.unref = false; /* the task that has just come is not waiting yet, so cannot be woken */
  deadline_arm(s->base.rt, &s->again, 0);
}

static int fail(lua_State *L, const SyncObject *s, int r)
{
  lua_pushnil(L);
  if (r == UV_EBUSY)
    lua_pushfstring(L, "%s: a process that was stopped in the middle of a change is in the way",
                    s->what);
  else if (r == UV_EINVAL)
    lua_pushfstring(L, "%s has %I units where it is in use, not %I", s->what,
                    (lua_Integer)sync_free(), (lua_Integer)s->units);
  else if (r == SYNC_DAMAGED)
    lua_pushfstring(L, "%s: %s/%s is damaged or of another version; remove it", s->what,
                    sync_place()->path, s->path);
  else if (r == SYNC_REMOVED)
    lua_pushfstring(L, "%s: %s/%s was removed while it was in use; start again", s->what,
                    sync_place()->path, s->path);
  else if (r == SYNC_FORKED)
    lua_pushfstring(L, "%s belongs to the process that this one was forked from", s->what);
  else if (r == UV_ECANCELED)
    lua_pushfstring(L, "%s was closed", s->what);
  else
    return err_push(L, r, "%s: %s/%s", s->what, sync_place()->path, s->path);
  lua_pushstring(L, err_code(r));
  return 3;
}

/* open(kind, name, units) -> object | nil, message, code; the name was checked */
static int l_open(lua_State *L)
{
  int kind = luaL_checkoption(L, 1, NULL, kinds);
  const char *name = luaL_checkstring(L, 2);
  lua_Integer units = luaL_checkinteger(L, 3);
  luaL_argcheck(L, strlen(name) <= SYNC_NAME_MAX, 2, "too long");
  if (sync_place_open(L) == NULL) return 3;
  SyncObject *s = handle_new(L, sizeof *s, &object_type);
  s->kind = (SyncKind)(kind + 1);
  s->units = (uint32_t)units;
  s->waiters.changed = on_waiters_changed;
  s->again.fire = on_again;
  snprintf(s->path, sizeof s->path, "%s.%s", kinds[kind], name);
  snprintf(s->what, sizeof s->what, "%s '%s'", kinds[kind], name);
  int r = sync_file_open(sync_place()->dir, s->path, &s->file);
  if (r < 0) return fail(L, s, r);
  sync_list_add(s);
  handle_open(&s->base, NULL);
  r = sync_look(s, (SyncWish){0});
  if (r == 0 || r == UV_EBUSY) return 1;
  int results = fail(L, s, r);
  handle_close(&s->base);
  return results;
}

static int push_taken(lua_State *L, SyncObject *s)
{
  Task *t = s->base.rt->current;
  s->owned++;
  s->owner = t ? t->id : 0;
  lua_pushboolean(L, 1);
  if (!s->abandoned) return 1;
  s->abandoned = false;
  lua_pushliteral(L, "abandoned");
  return 2;
}

/* Only the first of those who wait looks: whoever is woken by its timeout does not overtake. */
static int try_take(lua_State *L, void *object)
{
  SyncObject *s = object;
  Task *first = s->waiters.head;
  if (!s->base.open) return fail(L, s, UV_ECANCELED);
  if (first && first != s->base.rt->current) return WAIT_MORE;
  int r = s->error;
  bool has = s->held > s->owned;
  if (!has && !r && !(first && s->queued)) r = sync_look(s, (SyncWish){.take = first == NULL});
  if (s->held > s->owned) return push_taken(L, s);
  return r == 0 || r == UV_EBUSY ? WAIT_MORE : fail(L, s, r);
}

/* Raises where the task would wait for itself. */
static void check_owner(lua_State *L, const SyncObject *s)
{
  Task *t = s->base.rt->current;
  if (s->kind != SYNC_MUTEX || t == NULL) return;
  for (const SyncObject *other = sync_list_first(); other; other = other->next)
    if (other->owned && other->owner == t->id && strcmp(other->path, s->path) == 0) {
      luaL_where(L, 2); /* the caller of lock(), which is Lua */
      lua_pushfstring(L,
                      "%sbad call to 'lock' (this task has locked %s already, and would wait for "
                      "itself)",
                      lua_tostring(L, -1), s->what);
      lua_error(L);
    }
}

/* s:take([timeout]) -> true, ["abandoned"] | nil, message, code */
static int l_take(lua_State *L)
{
  SyncObject *s = check(L);
  double timeout = opt_timeout(L, 2);
  check_owner(L, s);
  s->error = 0;
  return task_wait(L, &(Wait){&s->waiters, try_take, s, timeout, s->what, false});
}

/* s:try() -> true, ["abandoned"] | false, message, "EBUSY" | nil, message, code */
static int l_try(lua_State *L)
{
  SyncObject *s = check(L);
  SyncWish wish = {.take = true, .now = !task_can_wait(L)};
  int r = s->waiters.head ? 0 : sync_look(s, wish);
  if (r < 0) return fail(L, s, r);
  if (!s->waiters.head && s->held > s->owned) return push_taken(L, s);
  lua_pushboolean(L, false);
  lua_pushfstring(L, "%s is %s", s->what, s->kind == SYNC_MUTEX ? "locked" : "used up");
  lua_pushliteral(L, "EBUSY");
  return 3;
}

/* s:give(count): units that tasks have taken */
static int l_give(lua_State *L)
{
  SyncObject *s = handle_any(L, 1, &object_type);
  lua_Integer count = luaL_checkinteger(L, 2);
  luaL_argcheck(L, count >= 0 && count <= s->owned, 2, "more than is held");
  if (!s->base.open || count == 0) return 0;
  s->owned -= (uint32_t)count;
  sync_look(s, (SyncWish){.give = (uint32_t)count});
  return 0;
}

/* s:owned() -> units that tasks of this object have taken */
static int l_owned(lua_State *L)
{
  SyncObject *s = handle_any(L, 1, &object_type);
  lua_pushinteger(L, s->base.open ? s->owned : 0);
  return 1;
}

/* s:free() -> units | nil, message, code */
static int l_free(lua_State *L)
{
  SyncObject *s = check(L);
  int r = sync_look(s, (SyncWish){.check = true, .now = !task_can_wait(L)});
  if (r < 0) return fail(L, s, r);
  lua_pushinteger(L, (lua_Integer)sync_free());
  return 1;
}

/* s:set(boolean) -> true | nil, message, code; the caller tries again where it can wait */
static int l_set(lua_State *L)
{
  SyncObject *s = check(L);
  int r = sync_look(s, (SyncWish){.set = lua_toboolean(L, 2) ? 1 : -1, .now = !task_can_wait(L)});
  if (r < 0) return fail(L, s, r);
  lua_pushboolean(L, 1);
  return 1;
}

/* s:is_set() -> boolean | nil, message, code */
static int l_is_set(lua_State *L)
{
  SyncObject *s = check(L);
  uint64_t sets;
  int r = sync_state_event(&s->file, uv_now(&s->base.rt->loop), &sets);
  if (r < 0) return fail(L, s, r);
  lua_pushboolean(L, r);
  return 1;
}

/* The count of settings when the wait began is the last argument. */
static int try_event(lua_State *L, void *object)
{
  SyncObject *s = object;
  if (!s->base.open) return fail(L, s, UV_ECANCELED);
  if (s->error) return fail(L, s, s->error);
  if (!s->set && s->sets <= (uint64_t)lua_tointeger(L, 3)) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

/* s:wait([timeout]) -> true | nil, message, code; set and cleared again since counts as set */
static int l_wait(lua_State *L)
{
  SyncObject *s = check(L);
  double timeout = opt_timeout(L, 2);
  lua_settop(L, 2);
  s->error = 0;
  uint64_t sets;
  int r = sync_state_event(&s->file, uv_now(&s->base.rt->loop), &sets);
  if (r < 0) return fail(L, s, r);
  s->set = r > 0;
  lua_pushinteger(L, (lua_Integer)sets);
  return task_wait(L, &(Wait){&s->waiters, try_event, s, timeout, s->what, false});
}

/* s:shut(): closes, with what is held */
static int l_shut(lua_State *L)
{
  SyncObject *s = handle_any(L, 1, &object_type);
  if (!s->base.open) return 0;
  s->owned = 0;
  handle_close(&s->base);
  return 0;
}

int luaopen_procrun_core_sync(lua_State *L)
{
  static const luaL_Reg methods[] = {{"take", l_take}, {"try", l_try},       {"give", l_give},
                                     {"free", l_free}, {"owned", l_owned},   {"set", l_set},
                                     {"wait", l_wait}, {"is_set", l_is_set}, {"shut", l_shut},
                                     {NULL, NULL}};
  handle_type(L, &object_type, methods);
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, l_open);
  lua_setfield(L, -2, "open");
  lua_pushinteger(L, SYNC_NAME_MAX);
  lua_setfield(L, -2, "longest");
  return 1;
}
