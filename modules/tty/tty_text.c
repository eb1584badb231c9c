/* tty_text.c - runtime/width.h for Lua: local core = require "procrun.core.tty";
   core.width("\27[1m漢字\27[0m") --> 4 */
#include "modules/tty/tty_text.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/width.h"

/* width(text) -> columns */
int tty_text_width(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, (lua_Integer)width_of(s, n));
  return 1;
}

/* strip(text) -> the text without escape sequences */
int tty_text_strip(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_settop(L, 1);
  if (memchr(s, 27, n) == NULL) return 1;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  while (n > 0) {
    const char *escape = memchr(s, 27, n);
    size_t plain = escape ? (size_t)(escape - s) : n;
    luaL_addlstring(&b, s, plain);
    s += plain;
    n -= plain;
    size_t used = n > 0 ? width_escape(s, n) : 0;
    s += used;
    n -= used;
  }
  luaL_pushresult(&b);
  return 1;
}

/* cut(text, columns) -> the longest beginning that fits, its columns; escape sequences of the rest
   are kept: colours end where they did */
int tty_text_cut(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_Integer room = luaL_checkinteger(L, 2), taken = 0;
  luaL_Buffer b;
  char *out = luaL_buffinitsize(L, &b, n);
  size_t size = 0;
  bool full = false;
  while (n > 0) {
    int w;
    size_t used = width_next(s, n, &w);
    if (w >= 0) full = full || taken + w > room;
    if (w < 0 || !full) {
      memcpy(out + size, s, used);
      size += used;
      taken += w > 0 ? w : 0;
    }
    s += used;
    n -= used;
  }
  luaL_pushresultsize(&b, size);
  lua_pushinteger(L, taken);
  return 2;
}
