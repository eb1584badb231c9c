/* json_scan.c - the strict pass over a JSON text: grammar, UTF-8, numbers; a token for each value. */
#include "runtime/json_scan.h"

#include "runtime/json_number.h"
#include "runtime/json_text.h"

#include <string.h>

enum { KEEP = 256 * 1024 };
static const size_t TOKENS_MAX = (size_t)1 << 30; /* bytes */

/* All functions that return a place in the text return NULL after they have failed. */
static const char *fail(JsonScan *s, const char *error, const char *at)
{
  s->error = error;
  s->error_at = (size_t)(at - s->text) + 1;
  return NULL;
}

static inline const char *blanks(const JsonScan *s, const char *p)
{
  while (p < s->end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) p++;
  return p;
}

static const char *escape(JsonScan *s, const char *p)
{
  size_t left = (size_t)(s->end - p);
  if (left >= 2 && memchr("\"\\/bfnrt", p[1], 8) != NULL) return p + 2;
  return json_hex_escape(p, left) < 0 ? fail(s, "invalid escape", p) : p + 6;
}

static const char *long_string(JsonScan *s, const char *p, JsonToken *t)
{
  const char *start = p++;
  for (;;) {
    p += json_text_run(p, (size_t)(s->end - p));
    if (p == s->end) return fail(s, "unterminated string", start);
    unsigned char c = (unsigned char)*p;
    if (c == '"') break;
    if (c >= 0x80) return fail(s, "invalid UTF-8", p);
    if (c < 0x20) return fail(s, "control byte in a string", p);
    t->escaped = true;
    if ((p = escape(s, p)) == NULL) return NULL;
  }
  t->size = (uint32_t)(p - start - 1);
  if (t->escaped && t->size > s->longest) s->longest = t->size;
  return p + 1;
}

/* The string whose quote is at p. Most end within sixteen bytes. */
static inline const char *string(JsonScan *s, const char *p, JsonToken *t)
{
  const char *body = p + 1;
  t->kind = JSON_TEXT;
  t->escaped = false;
  t->as.text = body;
  if (s->readable - p > JSON_TEXT_BLOCK) {
    unsigned specials = json_text_specials(body);
    if (s->end - body < JSON_TEXT_BLOCK) specials &= (1u << (s->end - body)) - 1;
    unsigned size = (unsigned)__builtin_ctz(specials | 1u << JSON_TEXT_BLOCK);
    if (size < JSON_TEXT_BLOCK && body[size] == '"') {
      t->size = size;
      return body + size + 1;
    }
  }
  return long_string(s, p, t);
}

static const char *number(JsonScan *s, const char *p, JsonToken *t)
{
  const char *stop = NULL;
  JsonNumber n;
  switch (json_number_read(p, s->end, &stop, &n)) {
  case JSON_NOT_NUMBER: return fail(s, "invalid number", p);
  case JSON_OUT_OF_RANGE: return fail(s, "number out of range", p);
  case JSON_NUMBER: break;
  }
  t->kind = n.is_float ? JSON_FLOAT : JSON_INTEGER;
  if (n.is_float)
    t->as.real = n.as.real;
  else
    t->as.integer = n.as.integer;
  return stop;
}

static const char *literal(JsonScan *s, const char *p, JsonToken *t)
{
  static const struct {
    const char *word;
    size_t size;
    JsonKind kind;
  } words[] = {{"null", 4, JSON_NULL}, {"true", 4, JSON_TRUE}, {"false", 5, JSON_FALSE}};
  size_t left = (size_t)(s->end - p);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (*p != words[i].word[0]) continue;
    if (left < words[i].size || memcmp(p, words[i].word, words[i].size) != 0) break;
    t->kind = (uint8_t)words[i].kind;
    return p + words[i].size;
  }
  bool mark = p == s->text && left >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0;
  return fail(s, mark ? "byte order mark" : "invalid value", p);
}

static inline const char *scalar(JsonScan *s, const char *p, JsonToken *t)
{
  if (*p == '"') return string(s, p, t);
  if ((*p >= '0' && *p <= '9') || *p == '-') return number(s, p, t);
  return literal(s, p, t);
}

/* The key at p and what stands between it and its value. */
static inline const char *key(JsonScan *s, const char *p, JsonToken *t)
{
  p = blanks(s, p);
  if (p == s->end || *p != '"') return fail(s, "a key is missing", p);
  p = string(s, p, t);
  if (p == NULL) return NULL;
  p = blanks(s, p);
  if (p == s->end || *p != ':') return fail(s, "':' is missing", p);
  return p + 1;
}

/* Room for one more token; NULL: too many. */
static inline JsonToken *more(JsonScan *s)
{
  Buf *b = &s->tokens;
  if (b->cap - b->tail < sizeof(JsonToken) &&
      (b->tail >= TOKENS_MAX || buf_reserve(b, sizeof(JsonToken)) == NULL))
    return NULL;
  JsonToken *t = (JsonToken *)(void *)(b->data + b->tail);
  b->tail += sizeof *t;
  return t;
}

static const char *no_room(JsonScan *s, const char *p)
{
  return fail(s, s->tokens.tail >= TOKENS_MAX ? "too many values" : "not enough memory", p);
}

/* One value with all it holds. open: where the token of each container that is open stands. */
static const char *value(JsonScan *s, const char *p, int most)
{
  size_t open[JSON_DEPTH_MAX];
  int depth = 0;
  JsonToken *t, *in = NULL; /* the innermost container */
  for (;;) {
    p = blanks(s, p);
    if (p == s->end) return fail(s, "unexpected end", p);
    if ((t = more(s)) == NULL) return no_room(s, p);
    if (depth > 0) in = (JsonToken *)(void *)(s->tokens.data + open[depth - 1]);
    if (*p == '{' || *p == '[') {
      if (depth == most) return fail(s, "too deeply nested", p);
      t->kind = *p == '{' ? JSON_OBJECT : JSON_ARRAY;
      t->size = 0;
      if (in) in->size++;
      in = t;
      open[depth++] = s->tokens.tail - sizeof *t;
      if (depth > s->depth) s->depth = depth;
      p = blanks(s, p + 1);
      if (p == s->end || *p != (t->kind == JSON_OBJECT ? '}' : ']')) {
        if (t->kind == JSON_ARRAY) continue;
        if ((t = more(s)) == NULL) return no_room(s, p);
        if ((p = key(s, p, t)) == NULL) return NULL;
        continue;
      }
    } else {
      if ((p = scalar(s, p, t)) == NULL) return NULL;
      if (depth == 0) return p;
      in->size++;
    }
    for (;;) {
      p = blanks(s, p);
      if (p == s->end) return fail(s, "unexpected end", p);
      if (*p != (in->kind == JSON_OBJECT ? '}' : ']')) break;
      p++;
      if (--depth == 0) return p;
      in = (JsonToken *)(void *)(s->tokens.data + open[depth - 1]);
    }
    bool object = in->kind == JSON_OBJECT;
    if (*p != ',') return fail(s, object ? "',' or '}' is missing" : "',' or ']' is missing", p);
    p++;
    if (!object) continue;
    if ((t = more(s)) == NULL) return no_room(s, p);
    if ((p = key(s, p, t)) == NULL) return NULL;
  }
}

bool json_scan(JsonScan *s, const char *text, size_t size, size_t slack, int depth)
{
  Buf tokens = s->tokens;
  *s = (JsonScan){.text = text, .end = text + size, .readable = text + size + slack};
  s->tokens = tokens;
  buf_truncate(&s->tokens, 0);
  if (size > UINT32_MAX) return fail(s, "text of 4 GiB or more", text) != NULL;
  const char *p = value(s, text, depth < JSON_DEPTH_MAX ? depth : JSON_DEPTH_MAX);
  if (p == NULL) return false;
  p = blanks(s, p);
  return p == s->end || fail(s, "text behind the value", p) != NULL;
}

void json_scan_reset(JsonScan *s)
{
  buf_truncate(&s->tokens, 0);
  if (s->tokens.cap > KEEP) buf_free(&s->tokens);
}
