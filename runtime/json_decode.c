/* json_decode.c - JSON text to a Lua value: json_scan checks, cJSON parses into an arena, and the
   tree is walked once. The arena is dropped as a whole, so a Lua error in the walk leaks nothing.

   The hooks of cJSON are one for the process, so the state here is too: decode on the loop's thread
   only. Pushing values runs the collector, and with it perhaps a __gc that decodes as well: the
   second decoder is for that. (The collector does not run finalizers inside finalizers.) */
#include <cjson/cJSON.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/json.h"
#include "runtime/json_scan.h"
#include "runtime/json_text.h"
#include "runtime/late.h"

#define ARENA_KEEP ((size_t)256 * 1024)
#define ARENA_MAX  ((size_t)1 << 30)

typedef struct Arena {
  char *base;
  size_t used, size;
  size_t last; /* where the latest block starts */
  bool full;   /* a block was refused */
} Arena;

/* The keys of a large message tend to come again and again: the latest ones live on the Lua stack,
   found by length and three bytes, which spares Lua the search in its string table. */
enum { CACHE_SLOTS = 64, CACHE_FROM = 512 };

typedef struct Cached {
  const char *text; /* in the arena */
  size_t size;
} Cached;

typedef struct Decoder {
  char *frame; /* where on the C stack its json_decode lives; NULL: free */
  Arena arena;
  JsonScan scan;
  Buf unescaped;
  const JsonToken *next; /* the token the next mark stands for */
  bool null_nil;
  int marks; /* stack index of the array mark; then the object mark, then the slots of the cache */
  bool caching;
  Cached cache[CACHE_SLOTS];
} Decoder;

static Decoder decoders[2];
static Arena *current; /* what the hooks give out; NULL: not inside a parse of ours */

static void *arena_alloc(size_t size)
{
  Arena *a = current;
  if (a == NULL) return malloc(size); /* somebody else's cJSON calls */
  size_t start = a->used;
  size = (size + 15) & ~(size_t)15;
  if (a->size - start < size) {
    a->full = true;
    return NULL;
  }
  a->used = start + size;
  a->last = start;
  return a->base + start;
}

/* Only the latest block is taken back: some cJSONs copy each number for the time of its reading. */
static void arena_free(void *block)
{
  Arena *a = current;
  if (a == NULL)
    free(block);
  else if (block == a->base + a->last)
    a->used = a->last;
}

static bool arena_reserve(Arena *a, size_t size)
{
  a->used = a->last = 0;
  a->full = false;
  if (a->size >= size) return true;
  free(a->base);
  *a = (Arena){0};
  if (size > ARENA_MAX) return false;
  a->base = malloc(size);
  if (a->base != NULL) a->size = size;
  return a->base != NULL;
}

/* cJSON's tree, or NULL where memory does not suffice. A cJSON that wants more than the one the scan
   reckons with gets twice as much. */
static const cJSON *parse(Decoder *d)
{
  static bool hooked;
  if (!hooked) cJSON_InitHooks(&(cJSON_Hooks){arena_alloc, arena_free});
  hooked = true;
  const JsonScan *s = &d->scan;
  const cJSON *root = NULL;
  d->arena.full = true;
  for (size_t size = s->memory + 64; d->arena.full; size *= 2) {
    if (!arena_reserve(&d->arena, size)) return NULL;
    current = &d->arena;
    root = cJSON_ParseWithLengthOpts(s->output, s->output_size, NULL, false);
    current = NULL;
  }
  return root;
}

static void push_text(Decoder *d, lua_State *L, const JsonToken *token)
{
  const char *body = token->as.text.body;
  size_t size = token->as.text.size;
  if (token->escaped) { /* push_value has reserved the room */
    size = json_unescape(d->unescaped.data, body, size);
    body = d->unescaped.data;
  }
  lua_pushlstring(L, body, size);
}

static void push_null(Decoder *d, lua_State *L)
{
  if (d->null_nil)
    lua_pushnil(L);
  else
    lua_pushlightuserdata(L, NULL);
}

static void push_token(Decoder *d, lua_State *L, const JsonToken *token)
{
  switch (token->kind) {
  case JSON_NUMERIC:
    if (token->as.number.is_float)
      lua_pushnumber(L, token->as.number.as.real);
    else
      lua_pushinteger(L, token->as.number.as.integer);
    break;
  case JSON_TEXT: push_text(d, L, token); break;
  case JSON_NULL: push_null(d, L); break;
  case JSON_FALSE: lua_pushboolean(L, false); break;
  case JSON_TRUE: lua_pushboolean(L, true); break;
  }
}

static void push_string(Decoder *d, lua_State *L, const char *text)
{
  if (*text == JSON_MARK)
    push_token(d, L, d->next++);
  else
    lua_pushlstring(L, text, strlen(text));
}

static void push_key(Decoder *d, lua_State *L, const char *text)
{
  if (!d->caching || *text == JSON_MARK || *text == '\0') {
    push_string(d, L, text);
    return;
  }
  size_t size = strlen(text);
  const unsigned char *bytes = (const unsigned char *)text;
  size_t slot = (bytes[0] * 5u + bytes[size / 2] * 3u + bytes[size - 1] + size * 7u) % CACHE_SLOTS;
  Cached *c = &d->cache[slot];
  int index = d->marks + 2 + (int)slot;
  if (c->size == size && memcmp(c->text, text, size) == 0) {
    lua_pushvalue(L, index);
    return;
  }
  lua_pushlstring(L, text, size);
  *c = (Cached){text, size};
  lua_pushvalue(L, -1);
  lua_replace(L, index);
}

/* Table sizes known beforehand spare Lua the rehashing. */
static int count(const cJSON *item)
{
  int n = 0;
  for (; item != NULL; item = item->next) n++;
  return n;
}

static void push_item(Decoder *d, lua_State *L, const cJSON *item);

static void push_array(Decoder *d, lua_State *L, const cJSON *item)
{
  lua_createtable(L, count(item->child), 0);
  lua_Integer i = 1;
  for (item = item->child; item != NULL; item = item->next) {
    push_item(d, L, item);
    lua_rawseti(L, -2, i++);
  }
  lua_pushvalue(L, d->marks);
  lua_setmetatable(L, -2);
}

/* Only an empty object needs the mark: it would be taken for an array when it is encoded again. */
static void push_object(Decoder *d, lua_State *L, const cJSON *item)
{
  lua_createtable(L, 0, count(item->child));
  if (item->child == NULL) {
    lua_pushvalue(L, d->marks + 1);
    lua_setmetatable(L, -2);
  }
  for (item = item->child; item != NULL; item = item->next) {
    push_key(d, L, item->string);
    push_item(d, L, item);
    lua_rawset(L, -3);
  }
}

static void push_item(Decoder *d, lua_State *L, const cJSON *item)
{
  switch (item->type & 0xFF) {
  case cJSON_False: lua_pushboolean(L, false); break;
  case cJSON_True: lua_pushboolean(L, true); break;
  case cJSON_String: push_string(d, L, item->valuestring); break;
  case cJSON_Array: push_array(d, L, item); break;
  case cJSON_Object: push_object(d, L, item); break;
  default: push_null(d, L); break;
  }
}

/* A decoder that no live json_decode uses. One whose frame is not above this one belongs to a call
   that a Lua error has thrown away (the C stack grows downwards; decoding never yields). */
static Decoder *claim(char *frame)
{
  for (int i = 0; i < 2; i++) {
    Decoder *d = &decoders[i];
    if (d->frame != NULL && d->frame > frame) continue;
    d->frame = frame;
    return d;
  }
  return NULL;
}

static void release(Decoder *d)
{
  json_scan_reset(&d->scan);
  if (d->arena.size > ARENA_KEEP) {
    free(d->arena.base);
    d->arena = (Arena){0};
  }
  if (d->unescaped.cap > ARENA_KEEP) buf_free(&d->unescaped);
  d->frame = NULL;
}

/* The value of what was scanned; nothing in the walk fails but Lua's own memory. NULL, or why not. */
static const char *push_value(Decoder *d, lua_State *L)
{
  const JsonScan *s = &d->scan;
  if (s->memory > ARENA_MAX) return "too many values";
  const char *missing = s->scalar ? NULL : late_cjson();
  if (missing) return missing;
  const cJSON *root = s->scalar ? NULL : parse(d);
  if (root == NULL && !s->scalar) return "not enough memory";
  if (s->longest > 0 && buf_reserve(&d->unescaped, s->longest) == NULL) return "not enough memory";
  if (!lua_checkstack(L, s->depth * 3 + 10 + CACHE_SLOTS)) return "not enough memory";
  d->next = json_scan_tokens(s);
  if (s->scalar) {
    push_token(d, L, d->next);
    return NULL;
  }
  json_push_array_mark(L);
  d->marks = lua_gettop(L);
  json_push_object_mark(L);
  d->caching = s->output_size >= CACHE_FROM;
  if (d->caching) {
    memset(d->cache, 0, sizeof d->cache);
    lua_settop(L, d->marks + 1 + CACHE_SLOTS);
  }
  push_item(d, L, root);
  lua_replace(L, d->marks);
  lua_settop(L, d->marks);
  return NULL;
}

bool json_decode(lua_State *L, const char *text, size_t size, const JsonOptions *options)
{
  Decoder *d = claim(__builtin_frame_address(0));
  if (d == NULL) {
    lua_pushliteral(L, "decoding inside finalizers, too deep");
    return false;
  }
  const char *error = NULL;
  d->null_nil = options->null_nil;
  bool ok = json_scan(&d->scan, text, size, options->depth > 0 ? options->depth : JSON_DEPTH);
  if (!ok)
    lua_pushfstring(L, "%s at byte %I", d->scan.error, (LUAI_UACINT)d->scan.error_at);
  else if ((error = push_value(d, L)) != NULL)
    lua_pushstring(L, error);
  release(d);
  return ok && error == NULL;
}
