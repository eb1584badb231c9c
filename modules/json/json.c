/* json.c - JSON for scripts: require "procrun.core.json", the C half of procrun.json. */
#include "runtime/json.h"

#include <string.h>

#include "modules/modules.h"
#include "runtime/json_scan.h"
#include "runtime/json_table.h"

enum { INDENT_MAX = 16 };

typedef enum Use { ENCODE = 1, DECODE = 2 } Use;

static int bad_option(lua_State *L, const char *name, const char *wanted)
{
  return luaL_argerror(L, 2, lua_pushfstring(L, "option '%s': %s expected", name, wanted));
}

static bool option_flag(lua_State *L, const char *name)
{
  if (!lua_isboolean(L, -1)) bad_option(L, name, "boolean");
  return lua_toboolean(L, -1);
}

static int option_integer(lua_State *L, const char *name, int least, int most)
{
  lua_Integer n = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : (lua_Integer)least - 1;
  if (n < least || n > most)
    bad_option(L, name, lua_pushfstring(L, "integer from %d to %d", least, most));
  return (int)n;
}

/* One of two words: is it the first? */
static bool option_word(lua_State *L, const char *name, const char *yes, const char *no)
{
  const char *word = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (strcmp(word, yes) != 0 && strcmp(word, no) != 0)
    bad_option(L, name, lua_pushfstring(L, "'%s' or '%s'", yes, no));
  return strcmp(word, yes) == 0;
}

/* The option whose value is on top; false: there is none of this name. */
static bool read_option(lua_State *L, const char *name, Use use, JsonOptions *o)
{
  if (strcmp(name, "depth") == 0)
    o->depth = option_integer(L, name, 1, JSON_DEPTH_MAX);
  else if (use == DECODE && strcmp(name, "null") == 0)
    o->null_nil = option_word(L, name, "nil", "null");
  else if (use == DECODE)
    return false;
  else if (strcmp(name, "indent") == 0)
    o->indent = option_integer(L, name, 0, INDENT_MAX);
  else if (strcmp(name, "sort_keys") == 0)
    o->sort_keys = option_flag(L, name);
  else if (strcmp(name, "stringify_keys") == 0)
    o->string_keys = option_flag(L, name);
  else if (strcmp(name, "nan") == 0)
    o->nan_null = option_word(L, name, "null", "error");
  else if (strcmp(name, "invalid") == 0)
    o->replace = option_word(L, name, "replace", "error");
  else
    return false;
  return true;
}

/* In place of the options: the blanks of a level, as in JavaScript. */
static int read_indent(lua_State *L)
{
  size_t size;
  const char *blanks = lua_tolstring(L, 2, &size);
  if (size > INDENT_MAX || strspn(blanks, " ") != size)
    luaL_argerror(L, 2,
                  lua_pushfstring(L, "at most %d blanks expected, got '%s'", INDENT_MAX, blanks));
  return (int)size;
}

static JsonOptions read_options(lua_State *L, Use use)
{
  JsonOptions o = {0};
  if (lua_isnoneornil(L, 2)) return o;
  if (use == ENCODE && lua_type(L, 2) == LUA_TSTRING) {
    o.indent = read_indent(L);
    return o;
  }
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  lua_pushnil(L);
  for (; lua_next(L, 2); lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
    if (name != NULL && read_option(L, name, use, &o)) continue;
    lua_pushvalue(L, -2);
    luaL_argerror(L, 2, lua_pushfstring(L, "unknown option '%s'", luaL_tolstring(L, -1, NULL)));
  }
  return o;
}

/* nil, the message on top, code */
static int failed(lua_State *L)
{
  lua_pushnil(L);
  lua_insert(L, -2);
  lua_pushliteral(L, "EINVAL");
  return 3;
}

/* json.encode(value, [options or blanks]) -> text | nil, message, code */
static int l_encode(lua_State *L)
{
  Buf *out = &rt_get(L)->scratch;
  luaL_checkany(L, 1);
  JsonOptions options = read_options(L, ENCODE);
  size_t start = buf_size(out); /* not 0 inside a __tojson */
  if (!json_encode(L, 1, out, &options)) return failed(L);
  lua_pushlstring(L, buf_head(out) + start, buf_size(out) - start);
  if (start > 0)
    buf_truncate(out, start);
  else
    buf_consume(out, buf_size(out)); /* gives the memory of a large text back */
  return 1;
}

/* json.decode(text, [options]) -> value | nil, message, code */
static int l_decode(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TSTRING);
  JsonOptions options = read_options(L, DECODE);
  size_t size;
  const char *text = lua_tolstring(L, 1, &size);
  return json_decode(L, text, size, &options) ? 1 : failed(L);
}

/* Gives the table at 1, or a new one, the mark. */
static int set_mark(lua_State *L, void (*push_mark)(lua_State *))
{
  if (lua_isnoneornil(L, 1)) {
    lua_settop(L, 0);
    lua_newtable(L);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  if (lua_getmetatable(L, 1)) {
    json_push_array_mark(L);
    json_push_object_mark(L);
    bool ours = lua_rawequal(L, 2, 3) || lua_rawequal(L, 2, 4);
    luaL_argcheck(L, ours, 1, "the table has a metatable of its own");
    lua_settop(L, 1);
  }
  push_mark(L);
  lua_setmetatable(L, 1);
  return 1;
}

/* json.array([table]) -> table */
static int l_array(lua_State *L)
{
  return set_mark(L, json_push_array_mark);
}

/* json.object([table]) -> table */
static int l_object(lua_State *L)
{
  return set_mark(L, json_push_object_mark);
}

/* json.is_array(value) -> boolean */
static int l_is_array(lua_State *L)
{
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  if (!lua_istable(L, 1)) {
    lua_pushboolean(L, false);
    return 1;
  }
  if (lua_getmetatable(L, 1)) {
    json_push_array_mark(L);
    json_push_object_mark(L);
    if (lua_rawequal(L, 2, 3) || lua_rawequal(L, 2, 4)) {
      lua_pushboolean(L, lua_rawequal(L, 2, 3));
      return 1;
    }
    lua_settop(L, 1);
  }
  JsonKeys keys = json_table_keys(L, 1);
  lua_pushboolean(L, json_is_sequence(&keys));
  return 1;
}

int luaopen_procrun_core_json(lua_State *L)
{
  static const luaL_Reg functions[] = {{"encode", l_encode},     {"decode", l_decode},
                                       {"array", l_array},       {"object", l_object},
                                       {"is_array", l_is_array}, {NULL, NULL}};
  luaL_newlib(L, functions);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  return 1;
}
