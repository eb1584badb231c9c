/* json_write.c - JSON strings at the end of a Buf: runs of plain bytes are copied as they are. */
#include "runtime/json_write.h"

#include "runtime/json_text.h"

#include <string.h>

/* A long run is looked at and copied in pieces that stay in the nearest cache. */
enum { PIECE = 8192, ESCAPE_SIZE = 6 };

static size_t put_escape(char *dst, unsigned char c)
{
  static const char short_from[] = "\"\\\b\f\n\r\t", short_to[] = "\"\\bfnrt",
                    hex[] = "0123456789abcdef";
  dst[0] = '\\';
  const char *at = c == 0 ? NULL : strchr(short_from, c);
  if (at != NULL) {
    dst[1] = short_to[at - short_from];
    return 2;
  }
  memcpy(dst + 1, "u00", 3);
  dst[4] = hex[c >> 4];
  dst[5] = hex[c & 15];
  return 6;
}

JsonWritten json_write_string(Buf *out, const char *s, size_t n, bool replace)
{
  size_t i = 0;
  char *dst = json_room(out, n + ESCAPE_SIZE + 2);
  if (dst == NULL) return JSON_NO_MEMORY;
  *dst++ = '"';
  out->tail++;
  for (;;) {
    size_t left = n - i;
    size_t run = json_text_run(s + i, left < PIECE ? left : PIECE);
    memcpy(dst, s + i, run);
    dst += run;
    out->tail += run;
    i += run;
    if (i == n) break;
    unsigned char c = (unsigned char)s[i];
    size_t size = 0;
    if (c >= 0x80) {
      int skip = json_utf8(s + i, n - i); /* good after all where a piece has cut a sequence */
      if (skip < 0 && !replace) return JSON_BAD_UTF8;
      size = skip < 0 ? sizeof JSON_REPLACEMENT - 1 : (size_t)skip;
      memcpy(dst, skip < 0 ? JSON_REPLACEMENT : s + i, size);
      i += (size_t)(skip < 0 ? -skip : skip);
    } else if (c < 0x20 || c == '"' || c == '\\') {
      size = put_escape(dst, c);
      i++;
    }
    out->tail += size;
    dst = json_room(out, n - i + ESCAPE_SIZE + 2);
    if (dst == NULL) return JSON_NO_MEMORY;
  }
  *dst = '"';
  out->tail++;
  return JSON_WRITTEN;
}
