/* stream_read.c - reading by Lua's file formats. Bytes leave the buffer only when a call has all that it
   asked for, so a cancel between two looks loses none. */
#include "modules/stream/stream_read.h"

#include <ctype.h>
#include <string.h>

#include "runtime/adopt.h"
#include "runtime/err.h"

enum { MOST_FORMATS = 100 };

/* Bytes have left the buffer. */
static void consumed(Stream *s)
{
  s->scanned = 0;
  s->need = 0;
  if (s->capture || s->flowing) stream_pull_more(s);
}

/* Where the formats of one call have got to: the first `at` unread bytes are taken. */
typedef struct Cursor {
  Stream *s;
  size_t at;
  bool alone; /* there is one format: it may have the buffer as it is */
} Cursor;

static size_t left(const Cursor *c)
{
  return buf_size(&c->s->in) - c->at;
}

static const char *head(const Cursor *c)
{
  return left(c) ? buf_head(&c->s->in) + c->at : "";
}

/* Pushes n bytes and steps over them and over `skip` bytes behind them. */
static int take(lua_State *L, Cursor *c, size_t n, size_t skip)
{
  if (c->alone && n == left(c)) {
    adopt_push(L, &c->s->in);
    consumed(c->s);
  } else {
    lua_pushlstring(L, head(c), n);
    c->at += n + skip;
  }
  return 1;
}

static int push_end(lua_State *L, const Stream *s)
{
  if (s->read_error) return err_push(L, s->read_error, "read");
  lua_pushnil(L);
  return 1;
}

/* A task that was in line already may have found the buffer full, and reading stopped. */
static int wait_for(Stream *s, size_t need)
{
  s->need = need;
  if (s->readers.head) stream_pull_more(s);
  return WAIT_MORE;
}

static int too_long(lua_State *L, const Stream *s, const char *what)
{
  lua_pushnil(L);
  lua_pushfstring(L, "read: %s %I bytes", what, (lua_Integer)s->max_line);
  lua_pushliteral(L, "EMSGSIZE");
  return 3;
}

static int try_line(lua_State *L, Cursor *c, bool keep_newline)
{
  Stream *s = c->s;
  size_t size = left(c), scanned = c->at == 0 ? s->scanned : 0;
  const char *start = head(c);
  const char *end = size > scanned ? memchr(start + scanned, '\n', size - scanned) : NULL;
  size_t length = end ? (size_t)(end - start) : size;
  if (length > s->max_line) return too_long(L, s, "a line longer than");
  if (end) return take(L, c, length + keep_newline, !keep_newline);
  if (c->at == 0) s->scanned = size;
  if (!s->eof) return wait_for(s, c->at + size + 1);
  return size ? take(L, c, size, 0) : push_end(L, s);
}

static int try_count(lua_State *L, Cursor *c, size_t n)
{
  size_t size = left(c);
  if (!c->s->eof && (size < n || size == 0)) return wait_for(c->s, c->at + (n ? n : 1));
  if (size == 0) return push_end(L, c->s);
  return take(L, c, size < n ? size : n, 0);
}

static int try_all(lua_State *L, Cursor *c)
{
  if (!c->s->eof) return wait_for(c->s, SIZE_MAX);
  if (c->s->read_error && left(c) == 0) return push_end(L, c->s);
  return take(L, c, left(c), 0);
}

typedef struct Scan {
  const char *p;
  size_t i, n;
} Scan;

static bool eat(Scan *s, const char *set)
{
  if (s->i == s->n || s->p[s->i] == 0 || strchr(set, s->p[s->i]) == NULL) return false;
  s->i++;
  return true;
}

static size_t eat_digits(Scan *s, const char *digits)
{
  size_t from = s->i;
  while (eat(s, digits)) continue;
  return s->i - from;
}

/* How many bytes at p Lua's own read("n") takes for a number. */
static size_t scan_number(const char *p, size_t n)
{
  Scan s = {p, 0, n};
  const char *decimal = "0123456789", *digits = decimal;
  size_t count = 0;
  eat(&s, "+-");
  if (eat(&s, "0")) {
    if (eat(&s, "xX"))
      digits = "0123456789abcdefABCDEF";
    else
      count = 1;
  }
  count += eat_digits(&s, digits);
  if (eat(&s, ".")) count += eat_digits(&s, digits);
  if (count > 0 && eat(&s, digits == decimal ? "eE" : "pP")) {
    eat(&s, "+-");
    eat_digits(&s, decimal);
  }
  return s.i;
}

static int try_number(lua_State *L, Cursor *c)
{
  enum { LONGEST = 200 };
  Cursor from = *c;
  while (left(&from) > 0 && isspace((unsigned char)*head(&from))) from.at++;
  if (from.at - c->at > c->s->max_line) return too_long(L, c->s, "blanks for more than");
  size_t size = left(&from);
  size_t n = scan_number(head(&from), size < LONGEST ? size : LONGEST);
  if (n == size && n < LONGEST && !c->s->eof) return wait_for(c->s, buf_size(&c->s->in) + 1);
  if (size == 0 && c->s->read_error) return push_end(L, c->s);
  char text[LONGEST + 1];
  memcpy(text, head(&from), n);
  text[n] = 0;
  c->at = from.at + n;
  if (n == LONGEST || lua_stringtonumber(L, text) == 0) lua_pushnil(L);
  return 1;
}

static int try_format(lua_State *L, Cursor *c, int arg)
{
  if (lua_isnone(L, arg)) return try_line(L, c, false);
  if (lua_type(L, arg) == LUA_TNUMBER) return try_count(L, c, (size_t)lua_tointeger(L, arg));
  const char *format = lua_tostring(L, arg);
  if (*format == '*') format++;
  switch (*format) {
  case 'l': return try_line(L, c, false);
  case 'L': return try_line(L, c, true);
  case 'a': return try_all(L, c);
  default: return try_number(L, c);
  }
}

/* As Lua's files: a value for each format, up to the first that fails, which gives nil. A failure
   behind values that were read is told by the next call. The formats stand from `first` on. */
static int try_formats(lua_State *L, Stream *s, int first)
{
  int top = lua_gettop(L);
  Cursor c = {s, 0, top <= first};
  for (int arg = first; arg <= top || arg == first; arg++) {
    int results = try_format(L, &c, arg <= top ? arg : top + 1);
    if (results == WAIT_MORE) {
      lua_settop(L, top);
      return WAIT_MORE;
    }
    if (results > 1 && arg == first) return results;
    if (results > 1) lua_pop(L, results - 1);
    if (lua_isnil(L, -1)) break;
  }
  if (c.at > 0) {
    buf_consume(&s->in, c.at);
    consumed(s);
  }
  return lua_gettop(L) - top;
}

int stream_closed_while_waiting(lua_State *L)
{
  lua_pushnil(L);
  lua_pushliteral(L, "the stream was closed");
  lua_pushliteral(L, "ECANCELED");
  return 3;
}

/* More bytes at once, if there may be any that nobody has seen. */
static bool get_more(lua_State *L, Stream *s)
{
  if (s->eof || (s->drained && task_can_wait(L))) return false;
  stream_want(s);
  return true;
}

static int try_from(lua_State *L, Stream *s, int first)
{
  if (!s->base.open) return stream_closed_while_waiting(L);
  int results = try_formats(L, s, first);
  if (results == WAIT_MORE && get_more(L, s)) results = try_formats(L, s, first);
  return results;
}

static int try_read(lua_State *L, void *object)
{
  return try_from(L, object, 2);
}

/* Lua's message, without the position: that of the script is added by stream.lua. */
static void check_formats(lua_State *L)
{
  luaL_checkstack(L, lua_gettop(L) + 4, "too many arguments");
  for (int arg = 2; arg <= lua_gettop(L); arg++) {
    const char *format = lua_type(L, arg) == LUA_TSTRING ? lua_tostring(L, arg) : NULL;
    int is_integer = 0;
    if (format) {
      if (*format == '*') format++;
      luaL_argcheck(L, *format && strchr("lLan", *format), arg, "invalid format");
    } else if (lua_isnil(L, arg) && lua_gettop(L) == 2) {
      lua_settop(L, 1); /* read(nil): as if nothing had been said */
    } else {
      lua_Integer n = lua_tointegerx(L, arg, &is_integer);
      luaL_argexpected(L, lua_type(L, arg) == LUA_TNUMBER && is_integer, arg, "format or count");
      luaL_argcheck(L, n >= 0, arg, "a count of bytes cannot be negative");
    }
  }
}

int stream_l_read(lua_State *L)
{
  Stream *s = handle_check(L, 1, &stream_type);
  check_formats(L);
  return task_wait(L, &(Wait){&s->readers, try_read, s, -1, "input from a stream", false});
}

/* Arguments: stream, the function that raises, formats. */
static int try_next(lua_State *L, void *object)
{
  int results = try_from(L, object, 3);
  if (results != 3 || !lua_isnil(L, -3)) return results; /* a nil that is no failure comes alone */
  lua_pushvalue(L, 2);
  lua_insert(L, -3);
  lua_call(L, 2, 0);
  return 0;
}

/* Pushes what is there, up to max bytes. */
static int take_some(lua_State *L, Stream *s, size_t max)
{
  if (buf_size(&s->in) <= max) {
    adopt_push(L, &s->in);
  } else {
    lua_pushlstring(L, buf_head(&s->in), max);
    buf_consume(&s->in, max);
  }
  consumed(s);
  return 1;
}

static int try_some(lua_State *L, void *object)
{
  enum { MOST = 128 * 1024 };
  Stream *s = object;
  if (!s->base.open) return stream_closed_while_waiting(L);
  s->need = 1;
  if (buf_size(&s->in) == 0 && get_more(L, s) && !s->base.open)
    return stream_closed_while_waiting(L);
  size_t size = buf_size(&s->in), max = (size_t)luaL_optinteger(L, 2, MOST);
  if (size == 0) return s->eof ? push_end(L, s) : wait_for(s, 1);
  return take_some(L, s, max);
}

/* The iterator: its upvalues are the arguments of try_next. */
static int l_next(lua_State *L)
{
  Stream *s = *(Stream **)lua_touserdata(L, lua_upvalueindex(1));
  lua_settop(L, 0);
  if (s == NULL || !s->base.open) {
    lua_pushnil(L);
    return 1;
  }
  luaL_checkstack(L, MOST_FORMATS + 10, NULL);
  for (int i = 1; i == 1 || !lua_isnone(L, lua_upvalueindex(i)); i++)
    lua_pushvalue(L, lua_upvalueindex(i));
  return task_wait(L, &(Wait){&s->readers, try_next, s, -1, "input from a stream", false});
}

int stream_l_lines(lua_State *L)
{
  handle_check(L, 1, &stream_type);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  luaL_argcheck(L, lua_gettop(L) <= MOST_FORMATS, MOST_FORMATS, "too many formats");
  if (lua_gettop(L) == 3 && lua_isnil(L, 3)) lua_settop(L, 2); /* as if nothing had been said */
  lua_pushcclosure(L, l_next, lua_gettop(L));
  return 1;
}

int stream_l_read_some(lua_State *L)
{
  Stream *s = handle_check(L, 1, &stream_type);
  luaL_argcheck(L, luaL_optinteger(L, 2, 1) > 0, 2, "a positive count expected");
  return task_wait(L, &(Wait){&s->readers, try_some, s, -1, "input from a stream", false});
}

int stream_l_take(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  return take_some(L, s, (size_t)luaL_checkinteger(L, 2));
}
