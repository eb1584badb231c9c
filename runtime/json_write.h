/* json_write.h - JSON strings and small pieces of text at the end of a Buf. Plain C. */
#ifndef PROCRUN_JSON_WRITE_H
#define PROCRUN_JSON_WRITE_H

#include <string.h>

#include "runtime/buf.h"
#include "runtime/json_text.h"

typedef enum JsonWritten { JSON_WRITTEN, JSON_BAD_UTF8, JSON_NO_MEMORY } JsonWritten;

/* Appends s in quotes. Control bytes are escaped, so a JSON text is one line. Bytes that are not
   UTF-8 become U+FFFD with `replace`; without, the buffer has a part of the string on failure. */
JsonWritten json_write_string(Buf *out, const char *s, size_t n, bool replace);

/* Room for n bytes; NULL when memory is out. */
static inline char *json_room(Buf *out, size_t n)
{
  return out->cap - out->tail >= n ? out->data + out->tail : buf_reserve(out, n);
}

static inline bool json_write_byte(Buf *out, char c)
{
  char *room = json_room(out, 1);
  if (room == NULL) return false;
  *room = c;
  out->tail++;
  return true;
}

enum { JSON_SHORT = JSON_TEXT_BLOCK, JSON_SHORT_ROOM = JSON_SHORT + JSON_TEXT_BLOCK + 2 };

/* A string of at most JSON_SHORT bytes in quotes, into JSON_SHORT_ROOM bytes of room; returns the
   size, or 0 if there is anything in it that is not plain ASCII. */
static inline size_t json_write_short(char *dst, const char *s, size_t n)
{
  *dst = '"';
  memcpy(dst + 1, s, n);
  if (json_text_specials(dst + 1) & ((1u << n) - 1)) return 0;
  dst[n + 1] = '"';
  return n + 2;
}

#endif
