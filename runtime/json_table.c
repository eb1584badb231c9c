/* json_table.c - what the keys of a table say: a sequence, an object, or neither. */
#include "runtime/json_table.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

JsonKeys json_table_keys(lua_State *L, int table)
{
  JsonKeys keys = {0};
  lua_pushnil(L);
  while (lua_next(L, table)) {
    if (lua_type(L, -2) == LUA_TSTRING) {
      keys.strings = true;
    } else if (lua_isinteger(L, -2)) {
      lua_Integer i = lua_tointeger(L, -2);
      if (i > keys.largest) keys.largest = i;
      if (keys.integers++ == 0 || i < keys.smallest) keys.smallest = i;
    } else {
      keys.other = lua_type(L, -2) == LUA_TNUMBER ? "float" : luaL_typename(L, -2);
    }
    lua_pop(L, 1);
  }
  return keys;
}

static lua_Integer first_hole(lua_State *L, int table)
{
  lua_Integer i = 0;
  int type;
  do {
    type = lua_rawgeti(L, table, ++i);
    lua_pop(L, 1);
  } while (type != LUA_TNIL);
  return i;
}

void json_push_problem(lua_State *L, int table, bool as_array, bool as_object, const JsonStep *path)
{
  char buf[JSON_PATH_SIZE];
  JsonKeys keys = json_table_keys(L, table);
  if (keys.other != NULL)
    lua_pushfstring(L, "cannot encode a %s key%s", keys.other, json_path(path, " in ", buf));
  else if (keys.strings && keys.integers > 0)
    lua_pushfstring(L, "mixed keys%s", json_path(path, " in ", buf));
  else if (as_array && keys.strings)
    lua_pushfstring(L, "string keys in array%s", json_path(path, " ", buf));
  else if (as_object)
    lua_pushfstring(L, "integer keys in object%s", json_path(path, " ", buf));
  else if (keys.smallest < 1)
    lua_pushfstring(L, "index %I in array%s", keys.smallest, json_path(path, " ", buf));
  else
    lua_pushfstring(L, "hole in array%s at [%I]", json_path(path, " ", buf), first_hole(L, table));
}

static int by_bytes(const void *left, const void *right)
{
  const JsonSortKey *a = left, *b = right;
  int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
  return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

size_t json_table_sorted(lua_State *L, int table)
{
  int n = 0;
  lua_newtable(L);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, ++n);
    lua_pushvalue(L, -1);
    lua_tostring(L, -1); /* of the copy: lua_next wants the key as it is */
    lua_rawseti(L, -3, ++n);
  }
  JsonSortKey *sorted = lua_newuserdatauv(L, ((size_t)n / 2 + 1) * sizeof *sorted, 0);
  for (int i = 0; i < n / 2; i++) {
    lua_rawgeti(L, -2, 2 * i + 2);
    sorted[i].text = lua_tolstring(L, -1, &sorted[i].size);
    sorted[i].position = 2 * i + 1;
    lua_pop(L, 1);
  }
  qsort(sorted, (size_t)n / 2, sizeof *sorted, by_bytes);
  return (size_t)n / 2;
}
