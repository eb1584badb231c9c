/* json_scan.c - the strict pass in front of cJSON: grammar, UTF-8, numbers, and tokens kept aside. */
#include "runtime/json_scan.h"

#include "runtime/json_text.h"

#include <cjson/cJSON.h>
#include <string.h>

/* Strings longer than this are not worth cJSON's byte-by-byte loops. */
enum { SHORT_TEXT = 24, KEEP = 256 * 1024 };

static bool fail(JsonScan *s, const char *error, const char *at)
{
  s->error = error;
  s->error_at = (size_t)(at - s->text) + 1;
  return false;
}

static size_t left(const JsonScan *s)
{
  return (size_t)(s->end - s->p);
}

/* Keeps what stands between start and p as a token, and puts the mark in its place. */
static bool keep(JsonScan *s, const char *start, const JsonToken *token)
{
  static const char mark[] = {'"', JSON_MARK, '"'};
  size_t before = (size_t)(start - s->copied);
  char *room = buf_reserve(&s->rewritten, before + sizeof mark);
  if (room == NULL || !buf_append(&s->tokens, token, sizeof *token))
    return fail(s, "not enough memory", start);
  memcpy(room, s->copied, before);
  memcpy(room + before, mark, sizeof mark);
  buf_commit(&s->rewritten, before + sizeof mark);
  s->copied = s->p;
  s->memory += 16;
  return true;
}

static void blanks(JsonScan *s)
{
  while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n')) s->p++;
}

/* The escape at p. cJSON undoes it rightly unless it stands for NUL or for half of a pair. */
static bool escape(JsonScan *s, bool *special)
{
  if (left(s) >= 2 && memchr("\"\\/bfnrt", s->p[1], 8) != NULL) {
    s->p += 2;
    return true;
  }
  int code = json_hex_escape(s->p, left(s));
  if (code < 0) return fail(s, "invalid escape", s->p);
  *special = *special || code == 0 || (code >= 0xD800 && code <= 0xDFFF);
  s->p += 6;
  return true;
}

/* A string, p at its quote; lone: the whole text is this string. */
static bool string(JsonScan *s, bool lone)
{
  const char *start = s->p++;
  bool special = lone, escaped = false;
  for (;;) {
    s->p += json_text_run(s->p, left(s));
    if (s->p == s->end) return fail(s, "unterminated string", start);
    unsigned char c = (unsigned char)*s->p;
    if (c == '"') break;
    if (c >= 0x80) return fail(s, "invalid UTF-8", s->p);
    if (c < 0x20) return fail(s, "control byte in a string", s->p);
    escaped = true;
    if (!escape(s, &special)) return false;
  }
  size_t size = (size_t)(s->p++ - start) - 1;
  if (!special && size <= SHORT_TEXT) {
    s->memory += size + 16;
    return true;
  }
  JsonToken token = {.kind = JSON_TEXT, .escaped = escaped};
  token.as.text.body = start + 1;
  token.as.text.size = size;
  if (escaped && size > s->longest) s->longest = size;
  return keep(s, start, &token);
}

static bool number(JsonScan *s)
{
  const char *start = s->p;
  JsonToken token = {.kind = JSON_NUMERIC};
  switch (json_number_read(start, s->end, &s->p, &token.as.number)) {
  case JSON_NOT_NUMBER: return fail(s, "invalid number", start);
  case JSON_OUT_OF_RANGE: return fail(s, "number out of range", start);
  case JSON_NUMBER: break;
  }
  return keep(s, start, &token);
}

static bool literal(JsonScan *s, const char *word, JsonKind kind, bool lone)
{
  const char *start = s->p;
  size_t size = strlen(word);
  if (left(s) < size || memcmp(s->p, word, size) != 0) return fail(s, "invalid value", start);
  s->p += size;
  JsonToken token = {.kind = kind};
  return !lone || keep(s, start, &token);
}

static bool scalar(JsonScan *s, bool lone)
{
  switch (*s->p) {
  case '"': return string(s, lone);
  case 'n': return literal(s, "null", JSON_NULL, lone);
  case 't': return literal(s, "true", JSON_TRUE, lone);
  case 'f': return literal(s, "false", JSON_FALSE, lone);
  case '-':
  case '0':
  case '1':
  case '2':
  case '3':
  case '4':
  case '5':
  case '6':
  case '7':
  case '8':
  case '9': return number(s);
  case '\xEF':
    if (s->p == s->text && left(s) >= 3 && memcmp(s->p, "\xEF\xBB\xBF", 3) == 0)
      return fail(s, "byte order mark", s->p);
    break;
  default: break;
  }
  return fail(s, "invalid value", s->p);
}

static bool key(JsonScan *s)
{
  blanks(s);
  if (s->p == s->end || *s->p != '"') return fail(s, "a key is missing", s->p);
  if (!string(s, false)) return false;
  blanks(s);
  if (s->p == s->end || *s->p != ':') return fail(s, "':' is missing", s->p);
  s->p++;
  return true;
}

/* One value with all it holds. closers: the bracket that ends each container that is open. */
static bool value(JsonScan *s, int most)
{
  char closers[JSON_DEPTH_MAX];
  int depth = 0;
  for (;;) {
    blanks(s);
    if (s->p == s->end) return fail(s, "unexpected end", s->p);
    s->memory += (sizeof(cJSON) + 15) & ~(size_t)15;
    if (*s->p == '{' || *s->p == '[') {
      if (depth == most) return fail(s, "too deeply nested", s->p);
      char closer = *s->p++ == '{' ? '}' : ']';
      closers[depth++] = closer;
      if (depth > s->depth) s->depth = depth;
      blanks(s);
      if (s->p == s->end || *s->p != closer) {
        if (closer == '}' && !key(s)) return false;
        continue;
      }
    } else if (!scalar(s, depth == 0)) {
      return false;
    }
    for (; depth > 0; depth--, s->p++) {
      blanks(s);
      if (s->p == s->end) return fail(s, "unexpected end", s->p);
      if (*s->p != closers[depth - 1]) break;
    }
    if (depth == 0) return true;
    if (*s->p != ',')
      return fail(s, closers[depth - 1] == '}' ? "',' or '}' is missing" : "',' or ']' is missing",
                  s->p);
    s->p++;
    if (closers[depth - 1] == '}' && !key(s)) return false;
  }
}

bool json_scan(JsonScan *s, const char *text, size_t size, int depth)
{
  Buf rewritten = s->rewritten, tokens = s->tokens;
  *s = (JsonScan){.text = text, .end = text + size, .p = text, .copied = text};
  s->rewritten = rewritten;
  s->tokens = tokens;
  buf_truncate(&s->rewritten, 0);
  buf_truncate(&s->tokens, 0);
  if (!value(s, depth < JSON_DEPTH_MAX ? depth : JSON_DEPTH_MAX)) return false;
  const char *stop = s->p;
  blanks(s);
  if (s->p < s->end) return fail(s, "text behind the value", s->p);
  s->scalar = s->depth == 0;
  s->output = text;
  s->output_size = (size_t)(stop - text);
  if (s->copied == text) return true;
  if (!buf_append(&s->rewritten, s->copied, (size_t)(stop - s->copied)))
    return fail(s, "not enough memory", text);
  s->output = buf_head(&s->rewritten);
  s->output_size = buf_size(&s->rewritten);
  return true;
}

static void trim(Buf *b)
{
  buf_truncate(b, 0);
  if (b->cap > KEEP) buf_free(b);
}

void json_scan_reset(JsonScan *s)
{
  trim(&s->rewritten);
  trim(&s->tokens);
}
