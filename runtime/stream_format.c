/* stream_format.c - reading by Lua's file formats. Bytes leave the buffer only when a call has all that
   it asked for, so a cancel between two looks loses none. */
#include "runtime/stream_format.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "runtime/adopt.h"
#include "runtime/err.h"

void stream_consumed(Stream *s)
{
  s->scanned = 0;
  s->need = 0;
  if (s->capture || s->flowing) stream_pull_more(s);
}

/* Where the formats of one call have got to: the first `at` unread bytes are taken. */
typedef struct Cursor {
  Stream *s;
  size_t at;
  bool alone;   /* there is one format: it may have the buffer as it is */
  bool as_file; /* see stream_formats */
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
    stream_consumed(c->s);
  } else {
    lua_pushlstring(L, head(c), n);
    c->at += n + skip;
  }
  return 1;
}

static int push_end(lua_State *L, const Cursor *c)
{
  int error = c->s->read_error;
  if (error && !c->as_file) return err_push(L, error, "read");
  errno = -error;
  if (error) return luaL_fileresult(L, 0, NULL);
  lua_pushnil(L);
  return 1;
}

/* A task that was in line already may have found the buffer full, and reading stopped. */
int stream_wait_for(Stream *s, size_t need)
{
  s->need = need;
  if (s->readers.head) stream_pull_more(s);
  return WAIT_MORE;
}

static bool is_too_long(const Cursor *c, size_t length)
{
  return !c->as_file && length > c->s->max_line;
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
  if (is_too_long(c, length)) return too_long(L, s, "a line longer than max_line,");
  if (end) return take(L, c, length + keep_newline, !keep_newline);
  if (c->at == 0) s->scanned = size;
  if (!s->eof) return stream_wait_for(s, c->at + size + 1);
  return size ? take(L, c, size, 0) : push_end(L, c);
}

static int try_count(lua_State *L, Cursor *c, size_t n)
{
  size_t size = left(c);
  if (!c->s->eof && (size < n || size == 0)) return stream_wait_for(c->s, c->at + (n ? n : 1));
  if (size == 0) return push_end(L, c);
  return take(L, c, size < n ? size : n, 0);
}

static int try_all(lua_State *L, Cursor *c)
{
  if (!c->s->eof) return stream_wait_for(c->s, SIZE_MAX);
  if (c->s->read_error && left(c) == 0) return push_end(L, c);
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
  const char point[] = {lua_getlocaledecpoint(), '.', 0};
  size_t count = 0;
  eat(&s, "+-");
  if (eat(&s, "0")) {
    if (eat(&s, "xX"))
      digits = "0123456789abcdefABCDEF";
    else
      count = 1;
  }
  count += eat_digits(&s, digits);
  if (eat(&s, point)) count += eat_digits(&s, digits);
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
  if (is_too_long(c, from.at - c->at)) return too_long(L, c->s, "blanks for more than");
  size_t size = left(&from);
  size_t n = scan_number(head(&from), size <= LONGEST ? size : LONGEST + 1);
  if (n == size && n <= LONGEST && !c->s->eof)
    return stream_wait_for(c->s, buf_size(&c->s->in) + 1);
  if (size == 0 && c->s->read_error) return push_end(L, c);
  bool fits = n <= LONGEST;
  char text[LONGEST + 1];
  if (!fits) n = LONGEST;
  memcpy(text, head(&from), n);
  text[n] = 0;
  c->at = from.at + n;
  if (!fits || lua_stringtonumber(L, text) == 0) lua_pushnil(L);
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
   behind values that were read is told by the next call of a stream. */
int stream_formats(lua_State *L, Stream *s, int first, bool as_file)
{
  int top = lua_gettop(L);
  Cursor c = {s, 0, top <= first, as_file};
  for (int arg = first; arg <= top || arg == first; arg++) {
    int results = try_format(L, &c, arg <= top ? arg : top + 1);
    if (results == WAIT_MORE) {
      lua_settop(L, top);
      return WAIT_MORE;
    }
    if (results > 1 && (arg == first || as_file)) return results;
    if (results > 1) lua_pop(L, results - 1);
    if (lua_isnil(L, -1)) break;
  }
  if (c.at > 0) {
    buf_consume(&s->in, c.at);
    stream_consumed(s);
  }
  return lua_gettop(L) - top;
}

bool stream_get_more(lua_State *L, Stream *s)
{
  if (s->eof || (s->drained && task_can_wait(L))) return false;
  stream_want(s);
  return true;
}

int stream_try_formats(lua_State *L, Stream *s, int first, bool as_file)
{
  int results = stream_formats(L, s, first, as_file);
  if (results == WAIT_MORE && stream_get_more(L, s)) results = stream_formats(L, s, first, as_file);
  return results;
}
