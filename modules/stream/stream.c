/* stream.c - streams for Lua: writes that wait, capture, flow; stream_read.c reads.
   local core = require "procrun.core.stream"; the objects come from pipe, process, fs, net. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/stream/stream_read.h"
#include "runtime/err.h"
#include "runtime/stdio.h"

static Stream *check(lua_State *L)
{
  return handle_check(L, 1, &stream_type);
}

static int fail_write(lua_State *L, Stream *s, int error)
{
  s->told = true;
  return err_push(L, error, "write");
}

typedef struct Sending {
  Stream *s;
  uint64_t position; /* of the last byte to be sent */
} Sending;

/* Arguments: stream, and a Sending that the task keeps there while it waits. */
static int try_sent(lua_State *L, void *object)
{
  Sending *sending = object;
  Stream *s = sending->s;
  if (s->sent >= sending->position) {
    lua_pushvalue(L, 1);
    return 1;
  }
  if (s->write_error) return fail_write(L, s, s->write_error);
  return s->base.open ? WAIT_MORE : stream_closed_while_waiting(L);
}

static int wait_sent(lua_State *L, Stream *s, uint64_t position, double timeout)
{
  lua_settop(L, 1);
  if (s->sent >= position) return 1;
  Sending *sending = lua_newuserdatauv(L, sizeof *sending, 0);
  *sending = (Sending){s, position};
  return task_wait(
      L, &(Wait){&s->writers, try_sent, sending, timeout, "a stream to take bytes", false});
}

/* Several pieces that are small go out as one: each on its own costs a system call, and TCP holds
   the second one back until the first has been acknowledged. Returns how many arguments there are. */
static int join_pieces(lua_State *L, int n)
{
  size_t total = 0;
  for (int i = 2; i <= n; i++) total += lua_rawlen(L, i);
  if (total > STREAM_HIGH) return n;
  lua_concat(L, n - 1);
  return 2;
}

/* s:write(bytes, …) -> s | nil, message, code; waits until the kernel has it (standard output: until
   not much is queued) */
static int l_write(lua_State *L)
{
  Stream *own = check(L), *s = stream_sink(own);
  int n = lua_gettop(L);
  Task *t = own->base.rt->exiting ? own->base.rt->current : NULL;
  if (t) scope_check(L, t, false); /* a program that is being ended does not write on */
  for (int i = 2; i <= n; i++) luaL_checkstring(L, i);
  if (n > 2 && !(own->flags & STREAM_LAZY)) n = join_pieces(L, n);
  for (int i = 2; i <= n; i++) {
    size_t size;
    const char *bytes = lua_tolstring(L, i, &size);
    int r = stream_write(s, bytes, size);
    if (r < 0) return fail_write(L, s, r);
  }
  uint64_t position = s->queued;
  if (own->flags & STREAM_LAZY) {
    if (s->write_error) return fail_write(L, s, s->write_error);
    if (buf_size(&s->out) < STREAM_HIGH) {
      lua_settop(L, 1);
      return 1;
    }
    position -= STREAM_HIGH;
  } else if (s != own) {
    stream_flush(s, false);
  }
  if (s->sent < position && !task_can_wait(L)) stream_flush(s, true);
  return wait_sent(L, s, position, -1);
}

/* s:post(bytes) -> true | nil, message, code: queues them without waiting; they go out by themselves */
static int l_post(lua_State *L)
{
  Stream *s = stream_sink(check(L));
  size_t size;
  const char *bytes = luaL_checklstring(L, 2, &size);
  int r = stream_write(s, bytes, size);
  if (r < 0) return fail_write(L, s, r);
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
  s = stream_sink(s);
  stream_flush(s, timeout < 0 && !task_can_wait(L));
  return wait_sent(L, s, s->queued, timeout);
}

/* s:finish(): no more writes; half-closes (a pipe: closes) when everything is out */
static int l_finish(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  if (s->base.open) stream_finish(s);
  return 0;
}

/* s:leave(): what is unsent goes out by itself, and the stream is closed; unchanged if there is none */
static int l_leave(lua_State *L)
{
  stream_leave(L, handle_any(L, 1, &stream_type));
  return 0;
}

/* s:capture(limit): reads on though nobody reads, up to limit unread bytes */
static int l_capture(lua_State *L)
{
  Stream *s = check(L);
  stream_capture(s, (size_t)luaL_checkinteger(L, 2));
  return 0;
}

/* s:flow(on, [reader]): somebody listens; keeps the process alive until the end. reader: a task that
   was cancelled and reads here; nothing more is read for it */
static int l_flow(lua_State *L)
{
  Stream *s = check(L);
  s->flowing = lua_toboolean(L, 2);
  Task *reader = lua_isnoneornil(L, 3) ? NULL : task_check(L, 3);
  if (reader && reader->linked && reader->wait.list == &s->readers) wait_leave(reader);
  stream_set_ref(s);
  return 0;
}

/* s:ref(on): what flows keeps the process alive, or not */
static int l_ref(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  s->loose = !lua_toboolean(L, 2);
  stream_set_ref(s);
  return 0;
}

/* s:pull(): reads what the kernel holds now */
static int l_pull(lua_State *L)
{
  stream_pull(handle_any(L, 1, &stream_type));
  return 0;
}

/* s:state() -> unread bytes, at_end, bytes waiting to be sent (none once a call has been told that
   writing has failed) */
static int l_state(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type), *out = s->base.open ? stream_sink(s) : s;
  lua_pushinteger(L, (lua_Integer)buf_size(&s->in));
  lua_pushboolean(L, s->eof);
  lua_pushinteger(L, out->told ? 0 : (lua_Integer)(out->queued - out->sent));
  return 3;
}

/* s:gathered() -> at_end, overflow: of a stream that captures */
static int l_gathered(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  lua_pushboolean(L, s->eof);
  lua_pushboolean(L, s->overflow);
  return 2;
}

/* s:limit(n): the longest line that read takes */
static int l_limit(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  lua_Integer n = luaL_checkinteger(L, 2);
  luaL_argcheck(L, n > 0, 2, "a positive count expected");
  s->max_line = (size_t)n;
  return 0;
}

/* s:fileno([expose]) -> descriptor | nil when closed; expose: somebody else will use it */
static int l_fileno(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  if (lua_toboolean(L, 2)) s->exposed = true;
  if (s->fd < 0)
    lua_pushnil(L);
  else
    lua_pushinteger(L, s->standard >= 0 ? s->standard : s->fd);
  return 1;
}

/* s:terminal() -> false | true, columns, rows (nil where the terminal does not know them) */
static int l_terminal(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  struct winsize size = {0};
  lua_pushboolean(L, s->fd >= 0 && isatty(s->fd));
  if (!lua_toboolean(L, -1) || ioctl(s->fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) return 1;
  lua_pushinteger(L, size.ws_col);
  lua_pushinteger(L, size.ws_row);
  return 3;
}

/* s:give() -> descriptor for a child: what it refers to blocks from now on, here as well */
static int l_give(lua_State *L)
{
  lua_pushinteger(L, stream_give(check(L)));
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

static int try_out(lua_State *L, void *object)
{
  Stream *s = object;
  (void)L;
  return buf_size(&s->out) > 0 && s->base.open ? WAIT_MORE : 0;
}

/* flush_standard(): waits until the kernel has what was printed so far; failures are told elsewhere */
static int l_flush_standard(lua_State *L)
{
  Runtime *rt = rt_get(L);
  stdio_flush_all(rt);
  Stream *s = rt->stdio[1];
  if (s == NULL || buf_size(&s->out) == 0) return 0;
  if (!task_can_wait(L)) stream_flush(s, true);
  return task_wait(L, &(Wait){&s->writers, try_out, s, -1, "standard output", false});
}

int luaopen_procrun_core_stream(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"read", stream_l_read}, {"lines", stream_l_lines}, {"read_some", stream_l_read_some},
      {"take", stream_l_take}, {"write", l_write},        {"post", l_post},
      {"flush", l_flush},      {"finish", l_finish},      {"leave", l_leave},
      {"capture", l_capture},  {"pull", l_pull},          {"flow", l_flow},
      {"ref", l_ref},          {"state", l_state},        {"gathered", l_gathered},
      {"fileno", l_fileno},    {"give", l_give},          {"terminal", l_terminal},
      {"mode", l_mode},        {"limit", l_limit},        {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"standard", l_standard}, {"flush_standard", l_flush_standard}, {NULL, NULL}};
  handle_type(L, &stream_type, methods);
  luaL_newlib(L, functions);
  return 1;
}
