/* width.c - how text stands on a terminal: its columns, and what of it is escape sequences. */
#include "runtime/width.h"

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

/* ECMA-48. */
size_t width_escape(const char *s, size_t n)
{
  if (n < 2) return 1;
  if (memchr("]PX^_", s[1], 5)) return string_length(s, n);
  size_t i = 1;
  if (s[1] == '[')
    for (i = 2; i < n && is_between(s[i], 0x30, 0x3f);) i++;
  while (i < n && is_between(s[i], 0x20, 0x2f)) i++;
  return i < n && is_between(s[i], 0x30, 0x7e) ? i + 1 : i;
}

/* What the C library knows of characters, in a locale of our own. Without one that knows UTF-8 every
   byte is a column. */
static size_t next_character(const char *s, size_t n, int *width)
{
  static locale_t utf8;
  if (utf8 == (locale_t)0) utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (utf8 == (locale_t)0) utf8 = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
  locale_t before = uselocale(utf8);
  wchar_t c = 0;
  mbstate_t state = {0};
  size_t used = mbrtowc(&c, s, n, &state);
  bool fine = used > 0 && used <= n;
  if (fine) {
    int w = wcwidth(c);
    *width = w < 0 ? 0 : w;
  }
  uselocale(before);
  return fine ? used : 1;
}

size_t width_next(const char *s, size_t n, int *width)
{
  if (s[0] == ESCAPE) {
    *width = -1;
    return width_escape(s, n);
  }
  *width = is_between(s[0], 0, 0x1f) ? 0 : 1;
  return is_between(s[0], 0, 0x7e) ? 1 : next_character(s, n, width);
}

size_t width_of(const char *s, size_t n)
{
  size_t line = 0, widest = 0;
  while (n > 0) {
    int w;
    size_t used = width_next(s, n, &w);
    line = *s == '\n' ? 0 : line + (size_t)(w > 0 ? w : 0);
    if (line > widest) widest = line;
    s += used;
    n -= used;
  }
  return widest;
}
