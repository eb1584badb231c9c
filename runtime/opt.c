/* opt.c - arguments and option tables of scripts as C values; the only marshalling code. */
#include "runtime/opt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/signame.h"

static const struct {
  const char *unit;
  double seconds;
} units[] = {{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"us", 1e-6}, {"", 1}};

/* "1.5s" -> 1.5; negative when it is not a time. */
static double parse_seconds(const char *text)
{
  if (!((*text >= '0' && *text <= '9') || *text == '.')) return -1;
  char *end;
  double value = strtod(text, &end);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (strcmp(end, units[i].unit) == 0) return value * units[i].seconds;
  return -1;
}

/* What the script called may have handed the value on: its name and line are those of the error. */
static void time_error(lua_State *L, int arg)
{
  lua_Debug called, caller;
  int level = 0;
  const char *shown = luaL_typename(L, arg);
  if (lua_type(L, arg) == LUA_TSTRING)
    shown = lua_pushfstring(L, "\"%s\"", lua_tostring(L, arg));
  else if (lua_type(L, arg) == LUA_TNUMBER)
    shown = luaL_tolstring(L, arg, NULL);
  shown = lua_pushfstring(L, "time expected (seconds, or \"1.5s\"), got %s", shown);
  while (lua_getstack(L, level + 1, &caller)) {
    lua_getinfo(L, "S", &caller);
    if (strncmp(caller.source, "@procrun:", 9) != 0) break;
    level++;
  }
  if (level == 0 || !lua_getstack(L, level, &called)) luaL_argerror(L, arg, shown);
  lua_getinfo(L, "n", &called);
  luaL_where(L, level + 1);
  if (called.name) /* none where process.receive became the channel's by a tail call */
    lua_pushfstring(L, "bad argument to '%s' (%s)", called.name, shown);
  else
    lua_pushfstring(L, "bad argument (%s)", shown);
  lua_concat(L, 2);
  lua_error(L);
}

double opt_seconds(lua_State *L, int arg)
{
  double seconds = -1;
  if (lua_type(L, arg) == LUA_TNUMBER)
    seconds = lua_tonumber(L, arg);
  else if (lua_type(L, arg) == LUA_TSTRING)
    seconds = parse_seconds(lua_tostring(L, arg));
  if (!(seconds >= 0)) time_error(L, arg);
  return seconds;
}

double opt_timeout(lua_State *L, int arg)
{
  if (lua_isnoneornil(L, arg)) return -1;
  double seconds = opt_seconds(L, arg);
  return isinf(seconds) ? -1 : seconds;
}

int opt_signal(lua_State *L, int arg)
{
  int signum = 0;
  if (lua_isinteger(L, arg)) {
    lua_Integer n = lua_tointeger(L, arg);
    if (n >= 0 && n <= 64) return (int)n;
  } else if (lua_type(L, arg) == LUA_TSTRING) {
    signum = signame_number(lua_tostring(L, arg));
  } else {
    luaL_typeerror(L, arg, "signal");
  }
  if (signum == 0) {
    const char *shown = luaL_tolstring(L, arg, NULL);
    luaL_argerror(L, arg,
                  lua_pushfstring(L, "unknown signal '%s' (use 'SIGTERM', 'TERM' or 15)", shown));
  }
  return signum;
}

static void field_error(lua_State *L, const char *key, const char *expected)
{
  luaL_error(L, "field '%s': %s expected, got %s", key, expected, luaL_typename(L, -1));
}

bool opt_flag(lua_State *L, int index, const char *key)
{
  lua_getfield(L, index, key);
  bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

lua_Integer opt_integer(lua_State *L, int index, const char *key, lua_Integer otherwise)
{
  int ok = 1;
  lua_Integer value = otherwise;
  if (lua_getfield(L, index, key) != LUA_TNIL) value = lua_tointegerx(L, -1, &ok);
  if (!ok) field_error(L, key, "integer");
  lua_pop(L, 1);
  return value;
}

/* The string on top; it must not hold a NUL byte. */
static const char *check_string(lua_State *L, const char *key)
{
  size_t size;
  if (lua_type(L, -1) != LUA_TSTRING) field_error(L, key, "string");
  const char *text = lua_tolstring(L, -1, &size);
  if (strlen(text) != size) luaL_error(L, "field '%s': the string holds a NUL byte", key);
  return text;
}

const char *opt_string(lua_State *L, int index, const char *key)
{
  const char *text = NULL;
  if (lua_getfield(L, index, key) != LUA_TNIL) text = check_string(L, key);
  lua_pop(L, 1);
  return text;
}

char **opt_strings(lua_State *L, int index, const char *key)
{
  if (lua_getfield(L, index, key) != LUA_TTABLE) field_error(L, key, "table");
  lua_Integer n = luaL_len(L, -1);
  char **list = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *list, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, -2, i);
    list[i - 1] = (char *)check_string(L, key);
    lua_pop(L, 1);
  }
  list[n] = NULL;
  lua_remove(L, -2);
  return list;
}
