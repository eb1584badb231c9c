/* json_scan.h - a strict pass over a JSON text: one look at every byte, one token for every value and
   key. Plain C.

   Nothing is built before the whole text is known to be good. The tokens stand in their order of
   appearance, keys in front of their values; a container knows how much it holds, so that who builds
   it needs neither the text again nor a tree. */
#ifndef PROCRUN_JSON_SCAN_H
#define PROCRUN_JSON_SCAN_H

#include <stdint.h>

#include "runtime/buf.h"

enum { JSON_DEPTH = 128, JSON_DEPTH_MAX = 1000 };

typedef enum JsonKind {
  JSON_INTEGER,
  JSON_FLOAT,
  JSON_TEXT,
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_ARRAY,
  JSON_OBJECT
} JsonKind;

typedef struct JsonToken {
  union {
    int64_t integer;
    double real;
    const char *text; /* within the text that was scanned, without the quotes */
  } as;
  uint32_t size; /* bytes of a text, elements of an array, members of an object */
  uint8_t kind;
  bool escaped; /* the text has escapes to undo */
} JsonToken;

typedef struct JsonScan { /* zeroed at first; its buffer is reused */
  int depth;              /* the deepest nesting met */
  size_t longest;         /* size of the longest text with escapes to undo */
  const char *error;      /* what is wrong, a static text: "invalid number" */
  size_t error_at;        /* the byte where, counted from 1 */
  const char *text, *end;
  const char *readable; /* bytes up to here may be looked at; what stands there does not count */
  Buf tokens;
} JsonScan;

/* Checks the text, nesting at most `depth` deep; false: see error. `slack` bytes behind the text may
   be read. Text and scan must stay as they are while the result is used. */
bool json_scan(JsonScan *s, const char *text, size_t size, size_t slack, int depth);

static inline const JsonToken *json_scan_tokens(const JsonScan *s)
{
  return (const JsonToken *)(const void *)buf_head(&s->tokens);
}

/* Forgets the result; memory beyond what common messages need is given back. */
void json_scan_reset(JsonScan *s);

#endif
