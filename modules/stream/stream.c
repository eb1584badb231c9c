/* stream.c - streams for Lua: reads by Lua's file formats, writes that wait, capture.
   local core = require "procrun.core.stream"; the objects come from pipe, process, fs, net. */
#include "runtime/stream.h"

#include <ctype.h>
#include <string.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/stdio.h"

enum { MAX_LINE = 1024 * 1024 };

static Stream *check(lua_State *L)
{
  return handle_check(L, 1, &stream_type);
}

static int push_read_error(lua_State *L, Stream *s)
{
  if (s->read_error) return err_push(L, s->read_error, "read");
  lua_pushnil(L);
  return 1;
}

/* Pushes the first n bytes of what was read and drops them, with `skip` bytes behind them. */
static int push_bytes(lua_State *L, Stream *s, size_t n, size_t skip)
{
  lua_pushlstring(L, n ? buf_head(&s->in) : "", n);
  buf_consume(&s->in, n + skip);
  s->scanned = 0;
  if (s->capture || s->flowing) stream_pull_more(s);
  return 1;
}

static int try_line(lua_State *L, Stream *s, bool keep_newline, size_t max)
{
  size_t size = buf_size(&s->in);
  const char *start = size ? buf_head(&s->in) : "";
  const char *end = size > s->scanned ? memchr(start + s->scanned, '\n', size - s->scanned) : NULL;
  size_t length = end ? (size_t)(end - start) : size;
  if (length > max) {
    lua_pushnil(L);
    lua_pushfstring(L, "read: a line longer than %I bytes", (lua_Integer)max);
    lua_pushliteral(L, "EMSGSIZE");
    return 3;
  }
  if (end) return push_bytes(L, s, length + keep_newline, !keep_newline);
  s->scanned = size;
  if (!s->eof) return WAIT_MORE;
  return size ? push_bytes(L, s, size, 0) : push_read_error(L, s);
}

static int try_count(lua_State *L, Stream *s, size_t n)
{
  size_t size = buf_size(&s->in);
  if (size < n && !s->eof) return WAIT_MORE;
  if (n == 0 && size == 0 && !s->eof) return WAIT_MORE;
  if (size == 0) return push_read_error(L, s);
  return push_bytes(L, s, size < n ? size : n, 0);
}

static int try_all(lua_State *L, Stream *s)
{
  if (!s->eof) return WAIT_MORE;
  if (s->read_error && buf_size(&s->in) == 0) return push_read_error(L, s);
  return push_bytes(L, s, buf_size(&s->in), 0);
}

/* How many bytes at p can belong to a number, as Lua's own read("n") takes them; at most 200. */
static size_t scan_number(const char *p, size_t n)
{
  size_t i = 0;
  const char *digits = "0123456789", *exponent = "eE";
  if (i < n && (p[i] == '+' || p[i] == '-')) i++;
  if (i + 1 < n && p[i] == '0' && (p[i + 1] == 'x' || p[i + 1] == 'X')) {
    i += 2;
    digits = "0123456789abcdefABCDEF";
    exponent = "pP";
  }
  while (i < n && p[i] && strchr(digits, p[i])) i++;
  if (i < n && p[i] == '.') i++;
  while (i < n && p[i] && strchr(digits, p[i])) i++;
  if (i < n && p[i] && strchr(exponent, p[i])) {
    i++;
    if (i < n && (p[i] == '+' || p[i] == '-')) i++;
    while (i < n && isdigit((unsigned char)p[i])) i++;
  }
  return i;
}

static int try_number(lua_State *L, Stream *s)
{
  enum { LONGEST = 200 };
  while (buf_size(&s->in) > 0 && isspace((unsigned char)*buf_head(&s->in))) buf_consume(&s->in, 1);
  s->scanned = 0;
  size_t size = buf_size(&s->in);
  size_t n = size ? scan_number(buf_head(&s->in), size < LONGEST ? size : LONGEST) : 0;
  if (n == size && n < LONGEST && !s->eof) return WAIT_MORE;
  char text[LONGEST + 1];
  if (n > 0) memcpy(text, buf_head(&s->in), n);
  text[n] = 0;
  if (n > 0) buf_consume(&s->in, n);
  if (lua_stringtonumber(L, text) == 0) lua_pushnil(L);
  return 1;
}

/* Arguments: stream, format (a count, or a letter), longest line. */
static int try_format(lua_State *L, Stream *s)
{
  if (lua_isinteger(L, 2)) return try_count(L, s, (size_t)lua_tointeger(L, 2));
  const char *format = lua_tostring(L, 2);
  if (*format == '*') format++;
  size_t max = (size_t)luaL_optinteger(L, 3, MAX_LINE);
  switch (*format) {
  case 'l': return try_line(L, s, false, max);
  case 'L': return try_line(L, s, true, max);
  case 'a': return try_all(L, s);
  default: return try_number(L, s);
  }
}

static int closed_while_waiting(lua_State *L)
{
  lua_pushnil(L);
  lua_pushliteral(L, "the stream was closed");
  lua_pushliteral(L, "ECANCELED");
  return 3;
}

static int try_read(lua_State *L, void *object)
{
  Stream *s = object;
  int results = try_format(L, s);
  if (results == WAIT_MORE && s->base.open && !(s->events & UV_READABLE)) {
    stream_want(s);
    results = try_format(L, s);
  }
  if (results == WAIT_MORE && !s->base.open) return closed_while_waiting(L);
  return results;
}

static void check_format(lua_State *L)
{
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 3);
    lua_pushliteral(L, "l");
    lua_replace(L, 2);
  }
  if (lua_type(L, 2) == LUA_TNUMBER) {
    luaL_argcheck(L, luaL_checkinteger(L, 2) >= 0, 2, "a count of bytes cannot be negative");
    lua_pushinteger(L, lua_tointeger(L, 2));
    lua_replace(L, 2);
    return;
  }
  const char *format = luaL_checkstring(L, 2);
  if (*format == '*') format++;
  luaL_argcheck(L, *format && strchr("lLan", *format), 2, "invalid format");
}

/* s:read([format], [max_line]) -> bytes | number | nil at the end | nil, message, code */
static int l_read(lua_State *L)
{
  Stream *s = check(L);
  check_format(L);
  return task_wait(L, &(Wait){&s->readers, try_read, s, -1, "input from a stream", false});
}

static int try_some(lua_State *L, void *object)
{
  Stream *s = object;
  if (buf_size(&s->in) == 0 && !s->eof && s->base.open && !(s->events & UV_READABLE))
    stream_want(s);
  size_t size = buf_size(&s->in), max = (size_t)luaL_optinteger(L, 2, STREAM_CHUNK);
  if (size > 0) return push_bytes(L, s, size < max ? size : max, 0);
  if (s->eof && s->base.open) return push_read_error(L, s);
  return s->base.open ? WAIT_MORE : closed_while_waiting(L);
}

/* s:read_some([max]) -> what is there, at least one byte | nil at the end | nil, message, code */
static int l_read_some(lua_State *L)
{
  Stream *s = check(L);
  luaL_argcheck(L, luaL_optinteger(L, 2, 1) > 0, 2, "a positive count expected");
  return task_wait(L, &(Wait){&s->readers, try_some, s, -1, "input from a stream", false});
}

/* Arguments: stream, position of the last byte to be sent. */
static int try_sent(lua_State *L, void *object)
{
  Stream *s = object;
  uint64_t position = (uint64_t)lua_tointeger(L, 2);
  if (s->sent >= position) {
    lua_settop(L, 1);
    return 1;
  }
  if (s->write_error) return err_push(L, s->write_error, "write");
  return s->base.open ? WAIT_MORE : closed_while_waiting(L);
}

static int wait_sent(lua_State *L, Stream *s, uint64_t position, double timeout)
{
  lua_settop(L, 1);
  lua_pushinteger(L, (lua_Integer)position);
  return task_wait(L, &(Wait){&s->writers, try_sent, s, timeout, "a stream to take bytes", false});
}

/* s:write(bytes, …) -> s | nil, message, code; waits until the kernel has it (standard output: until
   not much is queued) */
static int l_write(lua_State *L)
{
  Stream *s = check(L);
  int n = lua_gettop(L);
  for (int i = 2; i <= n; i++) luaL_checkstring(L, i);
  for (int i = 2; i <= n; i++) {
    size_t size;
    const char *bytes = lua_tolstring(L, i, &size);
    int r = stream_write(s, bytes, size);
    if (r < 0) return err_push(L, r, "write");
  }
  uint64_t position = s->queued;
  if (s->flags & STREAM_LAZY) {
    if (buf_size(&s->out) < STREAM_HIGH) {
      lua_settop(L, 1);
      return 1;
    }
    position -= STREAM_HIGH;
  }
  if (s->sent < position && !task_can_wait(L)) stream_flush(s, true);
  return wait_sent(L, s, position, -1);
}

/* s:post(bytes) -> true | nil, message, code: queues them without waiting; they go out by themselves */
static int l_post(lua_State *L)
{
  Stream *s = check(L);
  size_t size;
  const char *bytes = luaL_checklstring(L, 2, &size);
  int r = stream_write(s, bytes, size);
  if (r < 0) return err_push(L, r, "write");
  lua_pushboolean(L, 1);
  return 1;
}

/* s:flush([timeout]) -> s | nil, message, code: the kernel has everything */
static int l_flush(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  double timeout = luaL_optnumber(L, 2, -1);
  if (!s->base.open) {
    lua_settop(L, 1);
    return 1;
  }
  stream_flush(s, false);
  if (s->sent < s->queued && s->base.open && timeout < 0 && !task_can_wait(L))
    stream_flush(s, true);
  return wait_sent(L, s, s->queued, timeout);
}

/* s:finish(): no more writes; half-closes (a pipe: closes) when everything is out */
static int l_finish(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  if (s->base.open) stream_finish(s);
  return 0;
}

/* s:capture(limit): reads on though nobody reads, up to limit unread bytes */
static int l_capture(lua_State *L)
{
  Stream *s = check(L);
  stream_capture(s, (size_t)luaL_checkinteger(L, 2));
  return 0;
}

/* s:take() -> all bytes read and not yet taken */
static int l_take(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  return push_bytes(L, s, buf_size(&s->in), 0);
}

/* s:flow(on): somebody listens; keeps the process alive until the end */
static int l_flow(lua_State *L)
{
  Stream *s = check(L);
  s->flowing = lua_toboolean(L, 2);
  stream_set_ref(s);
  return 0;
}

/* s:pull(): reads what the kernel holds now */
static int l_pull(lua_State *L)
{
  stream_pull(handle_any(L, 1, &stream_type));
  return 0;
}

/* s:state() -> unread bytes, at_end, overflow, bytes waiting to be sent */
static int l_state(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  lua_pushinteger(L, (lua_Integer)buf_size(&s->in));
  lua_pushboolean(L, s->eof);
  lua_pushboolean(L, s->overflow);
  lua_pushinteger(L, (lua_Integer)(s->queued - s->sent));
  return 4;
}

/* s:bell(list): the list is also woken at the end of the stream and on overflow */
static int l_bell(lua_State *L)
{
  Stream *s = check(L);
  Bell *bell = bell_check(L, 2);
  bell_ref(bell);
  bell_unref(s->bell);
  s->bell = bell;
  return 0;
}

/* s:fileno() -> descriptor | nil when closed */
static int l_fileno(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  if (s->fd < 0) return 0;
  lua_pushinteger(L, s->fd);
  return 1;
}

/* s:mode() -> readable, writable */
static int l_mode(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  lua_pushboolean(L, s->flags & STREAM_READ);
  lua_pushboolean(L, s->flags & STREAM_WRITE);
  return 2;
}

/* standard(fd) -> the stream of standard input, output or error */
static int l_standard(lua_State *L)
{
  lua_Integer fd = luaL_checkinteger(L, 1);
  luaL_argcheck(L, fd >= 0 && fd <= 2, 1, "0, 1 or 2 expected");
  stdio_push(L, (int)fd);
  return 1;
}

/* flush_standard(): what print wrote goes out as far as the kernel takes it */
static int l_flush_standard(lua_State *L)
{
  stdio_flush_all(rt_get(L));
  return 0;
}

int luaopen_procrun_core_stream(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"read", l_read},     {"read_some", l_read_some}, {"write", l_write},   {"flush", l_flush},
      {"finish", l_finish}, {"capture", l_capture},     {"take", l_take},     {"pull", l_pull},
      {"flow", l_flow},     {"state", l_state},         {"fileno", l_fileno}, {"bell", l_bell},
      {"mode", l_mode},     {"post", l_post},           {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"standard", l_standard}, {"flush_standard", l_flush_standard}, {NULL, NULL}};
  handle_type(L, &stream_type, methods);
  luaL_newlib(L, functions);
  return 1;
}
