/* context.c - what a task hands on to the tasks that it starts; scopes change it for a while. */
#include "runtime/context.h"

#include <lauxlib.h>
#include <stdlib.h>

static const char SCOPE[] = "procrun.task.scope";

Context *context_share(Context *c)
{
  if (c) c->refs++;
  return c;
}

static void drop(lua_State *L, Context *c)
{
  if (c == NULL || --c->refs > 0) return;
  luaL_unref(L, LUA_REGISTRYINDEX, c->values);
  place_drop(c->place);
  environment_drop(rt_get(L), c->environment);
  free(c);
}

void context_enter(Runtime *rt, Context *c)
{
  Context *was = rt->context;
  rt->context = context_share(c);
  environment_pwd(NULL);
  place_go(c ? c->place : NULL);
  environment_go(rt, c ? c->environment : NULL);
  environment_pwd(place_pwd());
  drop(rt->L, was);
}

/* Pushes a table with the values of `before` and that of s, which stands on top of L. */
static void push_values(lua_State *L, const Context *before)
{
  int setting = lua_gettop(L);
  lua_newtable(L);
  if (before->values != LUA_NOREF) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, before->values);
    for (lua_pushnil(L); lua_next(L, setting + 2);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, setting + 1);
    }
    lua_pop(L, 1);
  }
  lua_getiuservalue(L, setting, SETTING_VARIABLE);
  lua_getiuservalue(L, setting, SETTING_VALUE);
  lua_rawset(L, setting + 1);
}

/* Pops the values, or nil. */
static Context *new_context(lua_State *L, Place *p, Environment *e)
{
  int values = lua_isnil(L, -1) ? (lua_pop(L, 1), LUA_NOREF) : luaL_ref(L, LUA_REGISTRYINDEX);
  Context *c = malloc(sizeof *c);
  if (c == NULL) {
    luaL_unref(L, LUA_REGISTRYINDEX, values);
    luaL_error(L, "not enough memory");
    return NULL;
  }
  *c = (Context){1, values, place_share(p), environment_share(e)};
  return c;
}

/* What a task has inside of s, which stands on top of L. */
static Context *derive(lua_State *L, const Context *before, const Setting *s)
{
  static const Context nothing = {.values = LUA_NOREF};
  if (before == NULL) before = &nothing;
  if (s->is_variable)
    push_values(L, before);
  else
    lua_rawgeti(L, LUA_REGISTRYINDEX, before->values);
  return new_context(L, s->place ? s->place : before->place,
                     s->environment ? s->environment : before->environment);
}

static void unlink_setting(lua_State *L, Setting *s)
{
  if (s->inner)
    s->inner->outer = s->outer;
  else
    s->task->settings = s->outer;
  if (s->outer) s->outer->inner = s->inner;
  s->outer = s->inner = NULL;
  s->before = NULL;
  s->task = NULL;
  place_drop(s->place);
  environment_drop(rt_get(L), s->environment);
  s->place = NULL;
  s->environment = NULL;
  luaL_unref(L, LUA_REGISTRYINDEX, s->ref);
}

/* Takes c. */
static void set_context(lua_State *L, Task *t, Context *c)
{
  Runtime *rt = t->rt;
  drop(L, t->context);
  t->context = c;
  if (t == rt->current) context_enter(rt, c);
}

/* The scope s and those opened later stand on `now`, which is taken. */
static void stand_on(lua_State *L, Task *t, Setting *s, Context *now)
{
  for (; s; s = s->inner) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref);
    if (s->before != now) drop(L, s->before);
    s->before = now;
    now = derive(L, now, s);
    lua_pop(L, 1);
  }
  set_context(L, t, now);
}

static void close_setting(lua_State *L, Setting *s)
{
  Task *t = s->task;
  Context *before = s->before;
  Setting *later = s->inner;
  unlink_setting(L, s);
  stand_on(L, t, later, before);
}

/* The task has been started in a directory, and moves to another. */
static void move_ground(lua_State *L, Task *t, Place *p)
{
  Setting *last = t->settings;
  while (last && last->outer) last = last->outer;
  const Context *ground = last ? last->before : t->context;
  lua_rawgeti(L, LUA_REGISTRYINDEX, ground->values);
  Context *moved = new_context(L, p, ground->environment);
  place_drop(p);
  stand_on(L, t, last, moved);
}

void context_move(lua_State *L, Place *p)
{
  Task *t = rt_get(L)->current;
  Setting *s = t ? t->settings : NULL;
  while (s && s->place == NULL) s = s->outer;
  if (s) {
    place_drop(s->place);
    s->place = p;
    stand_on(L, t, s, s->before);
  } else if (t && t->context && t->context->place) {
    move_ground(L, t, p);
  } else {
    place_settle(p);
  }
}

/* scope:close(), and the end of the block of a <close> variable; a second time does nothing */
static int l_close(lua_State *L)
{
  Setting *s = luaL_checkudata(L, 1, SCOPE);
  if (s->task) close_setting(L, s);
  return 0;
}

static void set_metatable(lua_State *L)
{
  if (luaL_newmetatable(L, SCOPE)) {
    lua_pushcfunction(L, l_close);
    lua_setfield(L, -2, "__close");
    lua_newtable(L);
    lua_pushcfunction(L, l_close);
    lua_setfield(L, -2, "close");
    lua_setfield(L, -2, "__index");
  }
  lua_setmetatable(L, -2);
}

void setting_push_methods(lua_State *L)
{
  lua_newuserdatauv(L, 0, 0);
  set_metatable(L);
  luaL_getmetafield(L, -1, "__index");
  lua_remove(L, -2);
}

Setting *setting_new(lua_State *L, const char *function)
{
  if (rt_get(L)->current == NULL) luaL_error(L, "'%s' must be called in a task", function);
  Setting *s = lua_newuserdatauv(L, sizeof *s, SETTING_VALUES);
  *s = (Setting){.ref = LUA_NOREF};
  set_metatable(L);
  return s;
}

void setting_open(lua_State *L, Setting *s)
{
  Task *t = rt_get(L)->current;
  lua_pushvalue(L, -1);
  s->ref = luaL_ref(L, LUA_REGISTRYINDEX);
  Context *now = derive(L, t->context, s);
  s->task = t;
  s->before = context_share(t->context);
  s->outer = t->settings;
  if (s->outer) s->outer->inner = s;
  t->settings = s;
  set_context(L, t, now);
}

void context_push_value(lua_State *L, int variable)
{
  Task *t = rt_get(L)->current;
  if (t == NULL || t->context == NULL || t->context->values == LUA_NOREF) {
    lua_pushnil(L);
    return;
  }
  variable = lua_absindex(L, variable);
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->context->values);
  lua_pushvalue(L, variable);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

void context_end(lua_State *L, Task *t)
{
  while (t->settings) {
    drop(L, t->settings->before);
    unlink_setting(L, t->settings);
  }
  drop(L, t->context);
  t->context = NULL;
}

void context_quit(Runtime *rt)
{
  context_enter(rt, NULL);
  place_quit();
  environment_quit(rt);
}
