/* json_decode.c - JSON text to a Lua value: json_scan checks the text and leaves a token for each value;
   one walk over the tokens builds the tables, each in its final size.

   Building runs the collector, and with it perhaps a __gc that decodes as well: the second decoder is
   for that. (The collector does not run finalizers inside finalizers.) Loop's thread only. */
#include <lauxlib.h>
#include <limits.h>
#include <string.h>

#include "runtime/json.h"
#include "runtime/json_scan.h"
#include "runtime/json_text.h"
#include "runtime/rt.h"

enum {
  KEEP = 256 * 1024,
  TOKEN_COST = 32, /* bytes of Lua memory */
  PUT_OFF = 256    /* kB: smaller values are built before the collector comes */
};

/* Keys and short texts tend to come again and again: the latest ones are kept, as Lua strings in the
   user values of a userdata that also holds the two marks, and found by their bytes without asking
   Lua. A text is kept when it comes a second time, as many never do. */
enum {
  SLOTS = 64, /* for keys, and as many for texts */
  WORD_SIZE = 23,
  ARRAY_MARK = 2 * SLOTS + 1,
  OBJECT_MARK,
  USER_VALUES = OBJECT_MARK
};

typedef struct Word {
  unsigned char size; /* 0: the slot is free */
  char text[WORD_SIZE];
} Word;

typedef struct Cache {
  Word words[2 * SLOTS];
  unsigned char seen[SLOTS]; /* of each slot for texts: what the latest one not kept was like */
} Cache;

typedef struct Decoder {
  bool busy;
  JsonScan scan;
  Buf unescaped;
  bool null_nil;
  Cache *cache;
  int index; /* of the userdata on the stack */
} Decoder;

static Decoder decoders[2];

static void push_cache(Decoder *d, lua_State *L)
{
  static const char key; /* its address is the registry's key */
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    memset(lua_newuserdatauv(L, sizeof(Cache), USER_VALUES), 0, sizeof(Cache));
    json_push_array_mark(L);
    lua_setiuservalue(L, -2, ARRAY_MARK);
    json_push_object_mark(L);
    lua_setiuservalue(L, -2, OBJECT_MARK);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
  }
  d->cache = lua_touserdata(L, -1);
  d->index = lua_gettop(L);
}

static void push_string(Decoder *d, lua_State *L, const JsonToken *t)
{
  const char *text = t->as.text;
  size_t size = t->size;
  if (t->escaped) { /* there is room for the longest */
    size = json_unescape(d->unescaped.data, text, size);
    text = d->unescaped.data;
  }
  lua_pushlstring(L, text, size);
}

static unsigned hash(const unsigned char *s, size_t size)
{
  return s[0] * 5u + s[size / 2] * 3u + s[size - 1] + (unsigned)size * 7u;
}

static void push_word(Decoder *d, lua_State *L, const JsonToken *t, bool is_key)
{
  size_t size = t->size;
  if (t->escaped || size == 0 || size > WORD_SIZE) {
    push_string(d, L, t);
    return;
  }
  const char *text = t->as.text;
  unsigned h = hash((const unsigned char *)text, size), slot = h % SLOTS + (is_key ? 0 : SLOTS);
  Word *w = &d->cache->words[slot];
  if (w->size == size && memcmp(w->text, text, size) == 0) {
    lua_getiuservalue(L, d->index, (int)slot + 1);
    return;
  }
  lua_pushlstring(L, text, size); /* a __gc may use the slot meanwhile: it is filled after that */
  unsigned char *seen = &d->cache->seen[h % SLOTS], like = (unsigned char)(h / SLOTS + size);
  bool again = *seen == like;
  *seen = like;
  if (!is_key && !again) return;
  w->size = (unsigned char)size;
  memcpy(w->text, text, size);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, d->index, (int)slot + 1);
}

static int hint(uint32_t n)
{
  return n < INT_MAX ? (int)n : INT_MAX;
}

static const JsonToken *push_value(Decoder *d, lua_State *L, const JsonToken *t);

static const JsonToken *push_array(Decoder *d, lua_State *L, const JsonToken *t)
{
  uint32_t n = t++->size;
  lua_createtable(L, hint(n), 0);
  for (uint32_t i = 1; i <= n; i++) {
    t = push_value(d, L, t);
    lua_rawseti(L, -2, i);
  }
  lua_getiuservalue(L, d->index, ARRAY_MARK);
  lua_setmetatable(L, -2);
  return t;
}

/* Only an empty object needs the mark: it would be taken for an array when it is encoded again. */
static const JsonToken *push_object(Decoder *d, lua_State *L, const JsonToken *t)
{
  uint32_t n = t++->size;
  lua_createtable(L, 0, hint(n));
  for (uint32_t i = 0; i < n; i++) {
    push_word(d, L, t, true);
    t = push_value(d, L, t + 1);
    lua_rawset(L, -3);
  }
  if (n > 0) return t;
  lua_getiuservalue(L, d->index, OBJECT_MARK);
  lua_setmetatable(L, -2);
  return t;
}

static void push_null(Decoder *d, lua_State *L)
{
  if (d->null_nil)
    lua_pushnil(L);
  else
    lua_pushlightuserdata(L, NULL);
}

/* Returns the token behind the value. */
static const JsonToken *push_value(Decoder *d, lua_State *L, const JsonToken *t)
{
  switch ((JsonKind)t->kind) {
  case JSON_INTEGER: lua_pushinteger(L, t->as.integer); break;
  case JSON_FLOAT: lua_pushnumber(L, t->as.real); break;
  case JSON_TEXT: push_word(d, L, t, false); break;
  case JSON_NULL: push_null(d, L); break;
  case JSON_FALSE: lua_pushboolean(L, false); break;
  case JSON_TRUE: lua_pushboolean(L, true); break;
  case JSON_ARRAY: return push_array(d, L, t);
  case JSON_OBJECT: return push_object(d, L, t);
  }
  return t + 1;
}

/* The first one, unless it is at work: then this is a finalizer, and no other can run in it. While the
   collector is on, the mark is what a Lua error (out of memory) has left. */
static Decoder *claim(lua_State *L)
{
  bool finalizer = decoders[0].busy && lua_gc(L, LUA_GCISRUNNING) != 1;
  Decoder *d = &decoders[finalizer];
  d->busy = true;
  return d;
}

static void release(Decoder *d)
{
  json_scan_reset(&d->scan);
  if (d->unescaped.cap > KEEP) buf_free(&d->unescaped);
  d->busy = false;
}

/* While a big value is built nothing of it is garbage, and there is more to mark from step to step: the
   collector is put off by what the value may take. The next wait sets it right; see pace.h. Without a
   wait the heap soon is beyond what is due then, and the collector comes as ever. */
static void put_off_collector(const Decoder *d, lua_State *L)
{
  const Pace *pace = &rt_get(L)->pace;
  size_t kb = buf_size(&d->scan.tokens) / sizeof(JsonToken) * TOKEN_COST / 1024;
  if (kb < PUT_OFF || pace->off || lua_gc(L, LUA_GCCOUNT) >= pace->due) return;
  lua_gc(L, LUA_GCSTEP, -(int)kb);
}

/* The value of what was scanned; nothing here fails but for want of memory. */
static bool build(Decoder *d, lua_State *L)
{
  const JsonScan *s = &d->scan;
  if (s->longest > 0 && buf_reserve(&d->unescaped, s->longest) == NULL) return false;
  if (!lua_checkstack(L, s->depth * 3 + 10)) return false;
  push_cache(d, L);
  put_off_collector(d, L);
  push_value(d, L, json_scan_tokens(s));
  lua_remove(L, d->index);
  return true;
}

bool json_decode(lua_State *L, const char *text, size_t size, const JsonOptions *options)
{
  Decoder *d = claim(L);
  d->null_nil = options->null_nil;
  int depth = options->depth > 0 ? options->depth : JSON_DEPTH;
  bool ok = json_scan(&d->scan, text, size, options->slack, depth);
  if (!ok) {
    lua_pushfstring(L, "%s at byte %I", d->scan.error, (LUAI_UACINT)d->scan.error_at);
  } else if (!build(d, L)) {
    ok = false;
    lua_pushliteral(L, "not enough memory");
  }
  release(d);
  return ok;
}
