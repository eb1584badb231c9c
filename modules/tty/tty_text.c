/* tty_text.c - how text stands on a terminal: its columns, and what of it is escape sequences.
   local core = require "procrun.core.tty"; core.width("\27[1m漢字\27[0m") --> 4

   The columns of a character are the C library's, in a locale of our own: that of the program is
   left as it is. A byte that is no UTF-8 takes one column, as the sign that terminals put there. */
#include "modules/tty/tty_text.h"

#include <lauxlib.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

enum { ESCAPE = 27, BELL = 7 };

static bool is_between(char c, int low, int high)
{
  return (unsigned char)c >= low && (unsigned char)c <= high;
}

/* ESC ] ... BEL or ESC \, and its kin; without an end it is no sequence. */
static size_t string_length(const char *s, size_t n)
{
  for (size_t i = 2; i < n; i++) {
    if (s[i] == BELL) return i + 1;
    if (s[i] == ESCAPE && i + 1 < n && s[i + 1] == '\\') return i + 2;
  }
  return 1;
}

/* The bytes of the escape sequence that begins at s[0], an ESC; ECMA-48. */
static size_t escape_length(const char *s, size_t n)
{
  if (n < 2) return 1;
  if (memchr("]PX^_", s[1], 5)) return string_length(s, n);
  size_t i = 1;
  if (s[1] == '[')
    for (i = 2; i < n && is_between(s[i], 0x30, 0x3f);) i++;
  while (i < n && is_between(s[i], 0x20, 0x2f)) i++;
  return i < n && is_between(s[i], 0x30, 0x7e) ? i + 1 : i;
}

/* One character or escape sequence: its bytes; *width is its columns, -1 for a sequence. */
static size_t next(const char *s, size_t n, int *width)
{
  if (s[0] == ESCAPE) {
    *width = -1;
    return escape_length(s, n);
  }
  *width = 1;
  if (is_between(s[0], 0x20, 0x7e)) return 1;
  wchar_t c = 0;
  mbstate_t state = {0};
  size_t used = mbrtowc(&c, s, n, &state);
  if (used == 0) {
    *width = 0;
    return 1; /* a NUL byte */
  }
  if (used > n) return 1;
  int w = wcwidth(c);
  *width = w < 0 ? 0 : w;
  return used;
}

/* Without one that knows UTF-8, every byte is a column. */
static locale_t enter_utf8(void)
{
  static locale_t utf8;
  if (utf8 == (locale_t)0) utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (utf8 == (locale_t)0) utf8 = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
  return uselocale(utf8);
}

/* width(text) -> columns; of several lines, those of the widest */
int tty_text_width(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  locale_t before = enter_utf8();
  lua_Integer line = 0, widest = 0;
  while (n > 0) {
    int w;
    size_t used = next(s, n, &w);
    line = *s == '\n' ? 0 : line + (w > 0 ? w : 0);
    if (line > widest) widest = line;
    s += used;
    n -= used;
  }
  uselocale(before);
  lua_pushinteger(L, widest);
  return 1;
}

/* strip(text) -> the text without escape sequences */
int tty_text_strip(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_settop(L, 1);
  if (memchr(s, ESCAPE, n) == NULL) return 1;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  while (n > 0) {
    const char *escape = memchr(s, ESCAPE, n);
    size_t plain = escape ? (size_t)(escape - s) : n;
    luaL_addlstring(&b, s, plain);
    s += plain;
    n -= plain;
    size_t used = n > 0 ? escape_length(s, n) : 0;
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
  locale_t before = enter_utf8();
  while (n > 0) {
    int w;
    size_t used = next(s, n, &w);
    if (w >= 0) full = full || taken + w > room;
    if (w < 0 || !full) {
      memcpy(out + size, s, used);
      size += used;
      taken += w > 0 ? w : 0;
    }
    s += used;
    n -= used;
  }
  uselocale(before);
  luaL_pushresultsize(&b, size);
  lua_pushinteger(L, taken);
  return 2;
}
