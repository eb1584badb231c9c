/* json.c - the two metatables that tell JSON arrays and objects apart: json.array, json.object.
   The work is done by json_encode.c and json_decode.c. */
#include "runtime/json.h"

static const char array_key, object_key; /* their addresses are registry keys */

static void push_mark(lua_State *L, const char *key, const char *name)
{
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void json_push_array_mark(lua_State *L)
{
  push_mark(L, &array_key, "json.array");
}

void json_push_object_mark(lua_State *L)
{
  push_mark(L, &object_key, "json.object");
}
