/* json_encode.c - a Lua value to JSON text, written straight to the end of a Buf.

   Tables are walked raw and without creating Lua values, so nothing can raise and no finalizer can
   run in the middle. Where that does not hold (a metatable that may have __tojson, sorted or
   stringified keys) the encoder starts again inside lua_pcall: Writer.safe tells. */
#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/json.h"
#include "runtime/json_number.h"
#include "runtime/json_path.h"
#include "runtime/json_scan.h"
#include "runtime/json_table.h"
#include "runtime/json_write.h"

enum { STACK = 12 }; /* Lua stack slots a container needs */

typedef struct Writer {
  lua_State *L;
  Buf *out;
  const JsonOptions *options;
  const void *array, *object; /* the two marks */
  JsonStep *path;             /* the containers being encoded, innermost first */
  int depth;
  bool safe;    /* inside lua_pcall */
  bool restart; /* gave up because it is not: to be done again, inside */
} Writer;

/* Every function here that returns bool has pushed a message when it returns false. The value it
   works on is on top of the stack and stays there. */
static bool value(Writer *w);

static bool fail(Writer *w, const char *what)
{
  char buf[JSON_PATH_SIZE];
  lua_pushfstring(w->L, "%s%s", what, json_path(w->path, " in ", buf));
  return false;
}

/* Asks for the second start, inside lua_pcall. */
static bool unsafe(Writer *w)
{
  w->restart = true;
  lua_pushnil(w->L);
  return false;
}

static bool no_memory(Writer *w)
{
  lua_pushliteral(w->L, "not enough memory");
  return false;
}

static bool put(Writer *w, char c)
{
  return json_write_byte(w->out, c) || no_memory(w);
}

static bool put_text(Writer *w, const char *text, size_t size)
{
  char *room = json_room(w->out, size);
  if (room == NULL) return no_memory(w);
  memcpy(room, text, size);
  buf_commit(w->out, size);
  return true;
}

/* A new line of the indented form, before an element or a closing bracket. */
static bool new_line(Writer *w)
{
  if (w->options->indent <= 0) return true;
  size_t n = (size_t)w->options->indent * (size_t)w->depth;
  char *room = json_room(w->out, n + 1);
  if (room == NULL) return no_memory(w);
  *room = '\n';
  memset(room + 1, ' ', n);
  buf_commit(w->out, n + 1);
  return true;
}

static bool number(Writer *w)
{
  char *room = json_room(w->out, JSON_NUMBER_SIZE);
  if (room == NULL) return no_memory(w);
  if (lua_isinteger(w->L, -1)) {
    buf_commit(w->out, json_integer_write(room, lua_tointeger(w->L, -1)));
    return true;
  }
  double x = lua_tonumber(w->L, -1);
  if (isfinite(x)) {
    buf_commit(w->out, json_float_write(room, x));
    return true;
  }
  if (w->options->nan_null) return put_text(w, "null", 4);
  return fail(w, isnan(x) ? "NaN" : x > 0 ? "Infinity" : "-Infinity");
}

static bool string(Writer *w)
{
  size_t size;
  const char *s = lua_tolstring(w->L, -1, &size);
  if (size <= JSON_SHORT) {
    char *room = json_room(w->out, JSON_SHORT_ROOM);
    if (room == NULL) return no_memory(w);
    size_t n = json_write_short(room, s, size);
    buf_commit(w->out, n);
    if (n > 0) return true;
  }
  JsonWritten written = json_write_string(w->out, s, size, w->options->replace);
  if (written == JSON_BAD_UTF8) return fail(w, "invalid UTF-8");
  return written == JSON_WRITTEN || no_memory(w);
}

/* The next element of the array on the path is on top of the stack. */
static bool element(Writer *w)
{
  return (w->path->index++ == 0 || put(w, ',')) && new_line(w) && value(w);
}

/* What is left of an array whose keys lua_next does not give in order. */
static bool rest_of_array(Writer *w, int table, bool marked)
{
  lua_State *L = w->L;
  JsonKeys keys = json_table_keys(L, table);
  if (!json_is_sequence(&keys)) {
    w->path->index = 0;
    json_push_problem(L, table, marked, false, w->path);
    return false;
  }
  while (w->path->index < keys.integers) {
    lua_rawgeti(L, table, w->path->index + 1);
    if (!element(w)) return false;
    lua_pop(L, 1);
  }
  return true;
}

/* The keys of most sequences come in order: written as they come, and so proved to be one. The first
   key and its value are on the stack. */
static bool array(Writer *w, int table, bool marked)
{
  lua_State *L = w->L;
  do {
    if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) != w->path->index + 1) {
      lua_settop(L, table);
      return rest_of_array(w, table, marked);
    }
    if (!element(w)) return false;
    lua_pop(L, 1);
  } while (lua_next(L, table));
  return true;
}

/* A comma where one is due, a short key without anything to escape, a colon. */
static bool short_key(Writer *w, const char *key, size_t size, bool first)
{
  char *room = json_room(w->out, JSON_SHORT_ROOM + 2);
  if (size > JSON_SHORT || w->options->indent > 0 || room == NULL) return false;
  *room = ',';
  size_t n = json_write_short(room + !first, key, size);
  if (n == 0) return false;
  room[!first + n] = ':';
  buf_commit(w->out, !first + n + 1);
  return true;
}

static bool any_key(Writer *w, const char *key, size_t size, bool first)
{
  if (!(first || put(w, ',')) || !new_line(w)) return false;
  JsonWritten written = json_write_string(w->out, key, size, w->options->replace);
  if (written == JSON_BAD_UTF8) return fail(w, "invalid UTF-8 in a key");
  if (written != JSON_WRITTEN || !put(w, ':')) return no_memory(w);
  return w->options->indent <= 0 || put(w, ' ');
}

/* The value on top of the stack under this key. */
static bool member(Writer *w, const char *key, size_t size, bool first)
{
  JsonStep *step = w->path;
  if (!short_key(w, key, size, first) && !any_key(w, key, size, first)) return false;
  step->key = key;
  step->size = size;
  bool ok = value(w);
  step->key = NULL;
  return ok;
}

/* The first key and its value are on the stack. */
static bool object(Writer *w, int table, bool marked)
{
  lua_State *L = w->L;
  bool first = true;
  do {
    size_t size;
    if (lua_type(L, -2) != LUA_TSTRING) {
      json_push_problem(L, table, false, marked, w->path);
      return false;
    }
    const char *key = lua_tolstring(L, -2, &size);
    if (!member(w, key, size, first)) return false;
    lua_pop(L, 1);
    first = false;
  } while (lua_next(L, table));
  return true;
}

/* t[1] and t["1"]: one would be lost. */
static bool same_key(Writer *w, const char *digits)
{
  char buf[JSON_PATH_SIZE];
  lua_pushfstring(w->L, "two keys \"%s\"%s", digits, json_path(w->path, " in ", buf));
  return false;
}

/* With sorted or stringified keys. */
static bool sorted_object(Writer *w, int table, bool marked)
{
  lua_State *L = w->L;
  JsonKeys found = json_table_keys(L, table);
  if (found.other != NULL || (found.integers > 0 && !w->options->string_keys)) {
    json_push_problem(L, table, false, marked, w->path);
    return false;
  }
  size_t n = json_table_sorted(L, table);
  const JsonSortKey *keys = lua_touserdata(L, -1);
  bool first = true;
  for (size_t i = 0; i < n; i++) {
    const JsonSortKey *key = &keys[i];
    if (i > 0 && key->size == key[-1].size && memcmp(key->text, key[-1].text, key->size) == 0)
      return same_key(w, key->text);
    lua_rawgeti(L, table + 1, key->position);
    if (lua_rawget(L, table) != LUA_TNIL) { /* a __tojson may have taken it out */
      if (!member(w, key->text, key->size, first)) return false;
      first = false;
    }
    lua_pop(L, 1);
  }
  return true;
}

typedef enum Mark { UNMARKED, ARRAY, OBJECT, FOREIGN } Mark;

/* Which metatable the value on top has. */
static Mark mark_of(Writer *w)
{
  lua_State *L = w->L;
  if (!lua_getmetatable(L, -1)) return UNMARKED;
  if (w->array == NULL) {
    json_push_array_mark(L);
    json_push_object_mark(L);
    w->object = lua_topointer(L, -1);
    w->array = lua_topointer(L, -2);
    lua_pop(L, 2);
  }
  const void *meta = lua_topointer(L, -1);
  lua_pop(L, 1);
  return meta == w->array ? ARRAY : meta == w->object ? OBJECT : FOREIGN;
}

/* What is between the brackets. Without a mark the first key decides, or all of them if integers are
   to become strings. */
static bool contents(Writer *w, int table, Mark mark, bool *as_array)
{
  lua_State *L = w->L;
  const JsonOptions *o = w->options;
  JsonKeys keys;
  *as_array = mark != OBJECT;
  lua_pushnil(L);
  if (!lua_next(L, table)) return put(w, *as_array ? '[' : '{');
  if (mark != ARRAY && mark != OBJECT)
    *as_array = o->string_keys ? (keys = json_table_keys(L, table), json_is_sequence(&keys))
                               : lua_isinteger(L, -2);
  if (!put(w, *as_array ? '[' : '{')) return false;
  if (*as_array) return array(w, table, mark == ARRAY);
  if (!o->sort_keys && !o->string_keys) return object(w, table, mark == OBJECT);
  lua_settop(L, table);
  return sorted_object(w, table, mark == OBJECT);
}

static bool table(Writer *w, Mark mark)
{
  lua_State *L = w->L;
  int index = lua_gettop(L);
  JsonStep step = {.up = w->path, .table = lua_topointer(L, index)};
  for (const JsonStep *s = w->path; s != NULL; s = s->up)
    if (s->table == step.table) return fail(w, "cycle");
  int most = w->options->depth > 0 ? w->options->depth : JSON_DEPTH;
  if (w->depth >= (most < JSON_DEPTH_MAX ? most : JSON_DEPTH_MAX))
    return fail(w, "too deeply nested");
  if (!lua_checkstack(L, STACK)) return no_memory(w);
  size_t start = buf_size(w->out) + 1;
  bool as_array;
  w->path = &step;
  w->depth++;
  bool ok = contents(w, index, mark, &as_array);
  w->path = step.up;
  w->depth--;
  if (!ok) return false;
  lua_settop(L, index);
  bool empty = buf_size(w->out) == start;
  return (empty || new_line(w)) && put(w, as_array ? ']' : '}');
}

static bool cannot(Writer *w)
{
  char what[64];
  snprintf(what, sizeof what, "cannot encode a %s", luaL_typename(w->L, -1));
  return fail(w, what);
}

static bool plain_value(Writer *w, int type, Mark mark)
{
  lua_State *L = w->L;
  switch (type) {
  case LUA_TNIL: return put_text(w, "null", 4);
  case LUA_TBOOLEAN: return lua_toboolean(L, -1) ? put_text(w, "true", 4) : put_text(w, "false", 5);
  case LUA_TNUMBER: return number(w);
  case LUA_TSTRING: return string(w);
  case LUA_TTABLE: return table(w, mark);
  case LUA_TLIGHTUSERDATA:
    if (lua_touserdata(L, -1) == NULL) return put_text(w, "null", 4);
    return cannot(w);
  default: return cannot(w);
  }
}

/* A value with a metatable of its own. What its __tojson returns is encoded in its stead, and is not
   asked again (as in JavaScript, where the name is toJSON). */
static bool foreign_value(Writer *w)
{
  lua_State *L = w->L;
  char buf[JSON_PATH_SIZE];
  if (!w->safe) return unsafe(w);
  if (!lua_checkstack(L, STACK)) return no_memory(w);
  if (luaL_getmetafield(L, -1, "__tojson") == LUA_TNIL)
    return plain_value(w, lua_type(L, -1), UNMARKED);
  lua_pushvalue(L, -2);
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
    const char *message = luaL_tolstring(L, -1, NULL);
    lua_pushfstring(L, "%s (__tojson%s)", message, json_path(w->path, " of ", buf));
    return false;
  }
  int type = lua_type(L, -1);
  if (!plain_value(w, type, type == LUA_TTABLE ? mark_of(w) : UNMARKED)) return false;
  lua_pop(L, 1);
  return true;
}

static bool value(Writer *w)
{
  int type = lua_type(w->L, -1);
  Mark mark = UNMARKED;
  if (type == LUA_TTABLE || type == LUA_TUSERDATA) mark = mark_of(w);
  return mark == FOREIGN ? foreign_value(w) : plain_value(w, type, mark);
}

/* Inside lua_pcall, with the Writer and the value: true, or false and the message. */
static int encode_safely(lua_State *L)
{
  Writer *w = lua_touserdata(L, 1);
  w->safe = true;
  bool ok = value(w);
  lua_pushboolean(L, ok);
  lua_insert(L, -2);
  return 2;
}

bool json_encode(lua_State *L, int idx, Buf *out, const JsonOptions *options)
{
  idx = lua_absindex(L, idx);
  int top = lua_gettop(L);
  size_t start = buf_size(out);
  Writer w = {.L = L, .out = out, .options = options};
  bool ok = false;
  w.restart = options->sort_keys || options->string_keys;
  luaL_checkstack(L, STACK, NULL);
  if (!w.restart) {
    lua_pushvalue(L, idx);
    ok = value(&w);
  }
  if (w.restart) {
    lua_settop(L, top);
    buf_truncate(out, start);
    w = (Writer){.L = L, .out = out, .options = options};
    lua_pushcfunction(L, encode_safely);
    lua_pushlightuserdata(L, &w);
    lua_pushvalue(L, idx);
    ok = lua_pcall(L, 2, 2, 0) == LUA_OK && lua_toboolean(L, -2);
  }
  if (ok) {
    lua_settop(L, top);
    return true;
  }
  buf_truncate(out, start);
  lua_insert(L, top + 1);
  lua_settop(L, top + 1);
  return false;
}
