/* handle.c - a Lua userdata and the libuv (or kernel) thing it owns; the rules stand in handle.h. */
#include "runtime/handle.h"

#include <stdlib.h>

/* The userdata. That it names its type spares each method a search for the metatable. */
typedef struct Box {
  Handle *handle; /* NULL once collected */
  const HandleType *type;
} Box;

static void release(Handle *h)
{
  if (h->type->release) h->type->release(h);
  free(h);
}

void handle_closed(Handle *h)
{
  h->closing = false;
  if (h->dropped) release(h);
}

static void on_close(uv_handle_t *uv)
{
  handle_closed(uv->data);
}

void handle_open(Handle *h, uv_handle_t *uv)
{
  Runtime *rt = h->rt;
  h->uv = uv;
  if (uv) uv->data = h;
  h->open = true;
  h->next = rt->handles;
  if (h->next) h->next->prev = h;
  rt->handles = h;
}

void handle_close(Handle *h)
{
  if (!h->open || h->rt->forked) return; /* forked: it is the first process's */
  h->open = false;
  if (h->prev)
    h->prev->next = h->next;
  else
    h->rt->handles = h->next;
  if (h->next) h->next->prev = h->prev;
  h->prev = h->next = NULL;
  h->type->close(h);
  if (h->uv) {
    h->closing = true;
    uv_close(h->uv, on_close);
  } else if (h->dropped && !h->closing) {
    release(h);
  }
}

void *handle_new(lua_State *L, size_t size, const HandleType *type)
{
  Box *box = lua_newuserdatauv(L, sizeof *box, 1);
  *box = (Box){NULL, type};
  luaL_setmetatable(L, type->name);
  Handle *h = calloc(1, size);
  if (h == NULL) luaL_error(L, "not enough memory");
  h->rt = rt_get(L);
  h->type = type;
  box->handle = h;
  return h;
}

/* No other userdata of that size holds the address of a type of ours. */
static Box *test_box(lua_State *L, int arg, const HandleType *type)
{
  Box *box = lua_touserdata(L, arg);
  return box && lua_rawlen(L, arg) == sizeof *box && box->type == type ? box : NULL;
}

void *handle_test(lua_State *L, int arg, const HandleType *type)
{
  Box *box = test_box(L, arg, type);
  return box ? box->handle : NULL;
}

void *handle_any(lua_State *L, int arg, const HandleType *type)
{
  Box *box = test_box(L, arg, type);
  if (box == NULL) luaL_typeerror(L, arg, type->name);
  if (box->handle == NULL) /* used by a finalizer, after its own has run */
    luaL_argerror(L, arg, lua_pushfstring(L, "this %s has been collected", type->name));
  return box->handle;
}

void *handle_check(lua_State *L, int arg, const HandleType *type)
{
  Handle *h = handle_any(L, arg, type);
  if (!h->open) luaL_argerror(L, arg, lua_pushfstring(L, "this %s is closed", type->name));
  return h;
}

/* The handle of a method whose upvalue is the type; NULL when it has been collected. */
static Handle *closed_or_open(lua_State *L)
{
  const HandleType *type = lua_touserdata(L, lua_upvalueindex(1));
  Box *box = test_box(L, 1, type);
  if (box == NULL) luaL_typeerror(L, 1, type->name);
  return box->handle;
}

/* close(), __close: any number of times. */
static int l_close(lua_State *L)
{
  Handle *h = closed_or_open(L);
  if (h) handle_close(h);
  return 0;
}

/* h:closed() -> boolean */
static int l_closed(lua_State *L)
{
  Handle *h = closed_or_open(L);
  lua_pushboolean(L, h == NULL || !h->open);
  return 1;
}

static int l_gc(lua_State *L)
{
  Box *box = lua_touserdata(L, 1);
  Handle *h = box->handle;
  if (h == NULL) return 0;
  box->handle = NULL;
  h->dropped = true;
  if (h->open) {
    if (h->type->linger && h->type->linger(h)) return 0;
    handle_close(h);
  } else if (!h->closing) {
    release(h);
  }
  return 0;
}

static void set_closure(lua_State *L, const HandleType *type, const char *key, lua_CFunction f)
{
  lua_pushlightuserdata(L, (void *)type);
  lua_pushcclosure(L, f, 1);
  lua_setfield(L, -2, key);
}

void handle_type(lua_State *L, const HandleType *type, const luaL_Reg *methods)
{
  if (luaL_newmetatable(L, type->name)) {
    set_closure(L, type, "__gc", l_gc);
    set_closure(L, type, "__close", l_close);
  }
  if (methods == NULL || lua_getfield(L, -1, "__index") != LUA_TNIL) {
    lua_pop(L, methods == NULL ? 1 : 2);
    return;
  }
  lua_pop(L, 1);
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  set_closure(L, type, "close", l_close);
  set_closure(L, type, "closed", l_closed);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}

/* The state is gone. What a finalizer has made while it closed was never finalized itself. */
void handle_close_all(Runtime *rt)
{
  while (rt->handles) {
    rt->handles->dropped = true;
    handle_close(rt->handles);
  }
}

bool handle_unsent(Runtime *rt)
{
  for (Handle *h = rt->handles; h; h = h->next)
    if (h->type->unsent && h->type->unsent(h)) return true;
  return false;
}
