/* json_scan.h - the strict pass in front of cJSON: one look at every byte of a JSON text. Plain C.

   cJSON takes 0123, raw control bytes, bad UTF-8 and text behind the value, and cannot hold 64-bit
   integers, exact floats, NUL or half a surrogate pair. So the scan checks the whole grammar, and
   what cJSON cannot hold (or is slow at: numbers, long strings) it keeps itself, as a token; in the
   text for cJSON a string of one byte 0xFE, which no valid text has, stands in its place. A walk of
   cJSON's tree in order of appearance meets the tokens in their order. */
#ifndef PROCRUN_JSON_SCAN_H
#define PROCRUN_JSON_SCAN_H

#include "runtime/buf.h"
#include "runtime/json_number.h"

enum { JSON_DEPTH = 128, JSON_DEPTH_MAX = 1000 }; /* cJSON's own limit is 1000 too */
enum { JSON_MARK = '\xFE' };                      /* the byte that stands for the next token */

typedef enum JsonKind { JSON_NUMERIC, JSON_TEXT, JSON_NULL, JSON_FALSE, JSON_TRUE } JsonKind;

typedef struct JsonToken {
  JsonKind kind;
  bool escaped; /* the text has escapes to undo */
  union {
    JsonNumber number;
    struct {
      const char *body; /* within the text that was scanned, without the quotes */
      size_t size;
    } text;
  } as;
} JsonToken;

typedef struct JsonScan { /* zeroed at first; its buffers are reused */
  /* result */
  const char *output; /* what cJSON is to parse; not NUL-terminated */
  size_t output_size;
  bool scalar;       /* no array or object: the value is the first token, nothing to parse */
  int depth;         /* the deepest nesting met */
  size_t memory;     /* how much cJSON will ask for at most */
  size_t longest;    /* size of the longest token with escapes to undo */
  const char *error; /* what is wrong, a static text: "invalid number" */
  size_t error_at;   /* the byte where, counted from 1 */

  /* while scanning */
  const char *text, *end, *p;
  const char *copied; /* the text before this is in `rewritten` */
  Buf rewritten;
  Buf tokens;
} JsonScan;

/* Checks the text, nesting at most `depth` deep; false: see error. Text and scan must stay as they
   are while the result is used. */
bool json_scan(JsonScan *s, const char *text, size_t size, int depth);

static inline const JsonToken *json_scan_tokens(const JsonScan *s)
{
  return (const JsonToken *)(const void *)buf_head(&s->tokens);
}

/* Forgets the result; memory beyond what common messages need is given back. */
void json_scan_reset(JsonScan *s);

#endif
