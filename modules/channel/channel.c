/* channel.c - a message channel for Lua: JSON, one value a line.
   local core = require "procrun.core.channel"; the policy (events, order, takers) is channel.lua's. */
#include "modules/channel/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/json.h"
#include "runtime/opt.h"
#include "runtime/stream.h"

static Channel *check(lua_State *L)
{
  return handle_any(L, 1, &channel_type);
}

/* open(fd_in, fd_out, list or nil, max_message or nil) -> channel | nil, message, code; the
   descriptors are its own from now on */
static int l_open(lua_State *L)
{
  lua_settop(L, 4);
  int fd_in = (int)luaL_checkinteger(L, 1), fd_out = (int)luaL_checkinteger(L, 2);
  Bell *bell = lua_isnoneornil(L, 3) ? NULL : bell_check(L, 3);
  Channel *c = handle_new(L, sizeof *c, &channel_type);
  c->max_message = (size_t)luaL_optinteger(L, 4, CHANNEL_MESSAGE);
  if (bell) bell_ref(bell);
  c->bell = bell;
  int r = wire_open(c, fd_in, fd_out);
  if (r < 0) {
    if (c->base.open) {
      handle_close(&c->base);
    } else {
      close(fd_in);
      if (fd_out != fd_in) close(fd_out);
    }
    return err_push(L, r, "channel");
  }
  return 1;
}

/* open_streams(from, to, list, max_message or nil): the same over the descriptors of two streams,
   which are closed */
static int l_open_streams(lua_State *L)
{
  Stream *from = handle_check(L, 1, &stream_type), *to = handle_check(L, 2, &stream_type);
  int fd_in = fcntl(from->fd, F_DUPFD_CLOEXEC, 3), fd_out = fcntl(to->fd, F_DUPFD_CLOEXEC, 3);
  if (fd_in < 0 || fd_out < 0) {
    int r = -errno;
    if (fd_in >= 0) close(fd_in);
    return err_push(L, r, "channel");
  }
  handle_close(&from->base);
  handle_close(&to->base);
  lua_pushinteger(L, fd_in);
  lua_replace(L, 1);
  lua_pushinteger(L, fd_out);
  lua_replace(L, 2);
  return l_open(L);
}

/* false, message, code: something came that is no message */
static int push_fault(lua_State *L, const char *message, const char *code)
{
  lua_pushboolean(L, 0);
  lua_pushstring(L, message);
  lua_pushstring(L, code);
  return 3;
}

static int take_fault(lua_State *L, Channel *c)
{
  ChannelFault fault = c->fault;
  c->fault = FAULT_NONE;
  if (fault == FAULT_DESCRIPTOR)
    return push_fault(L, "a descriptor came that no message claims; it was closed", "EPROTO");
  lua_pushboolean(L, 0);
  lua_pushfstring(L, "a message longer than max_message (%I bytes) was dropped", (lua_Integer)c->max_message);
  lua_pushliteral(L, "EMSGSIZE");
  return 3;
}

/* The line is consumed before its value is pushed, so a failure cannot bring it twice. */
static int take_line(lua_State *L, Channel *c, const char *line, size_t size)
{
  size_t length = size;
  if (length > 0 && line[length - 1] == '\r') length--;
  lua_pushboolean(L, 1);
  bool ok = json_decode(L, line, length, &(JsonOptions){0});
  lines_consume(&c->lines, &c->in, size + 1);
  if (ok) return 2;
  lua_pushfstring(L, "a malformed message was dropped: %s", lua_tostring(L, -1));
  return push_fault(L, lua_tostring(L, -1), "EPROTO");
}

static bool is_blank(const char *line, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') return false;
  return true;
}

static int try_receive(lua_State *L, void *object)
{
  Channel *c = object;
  const char *line;
  size_t size;
  bool was_full = buf_size(&c->in) >= CHANNEL_INBOX;
  while (lines_next(&c->lines, &c->in, &line, &size)) {
    if (is_blank(line, size)) {
      lines_consume(&c->lines, &c->in, size + 1);
      continue;
    }
    int results = take_line(L, c, line, size);
    if (was_full) wire_update(c);
    return results;
  }
  if (c->fault) return take_fault(L, c);
  if (!c->eof) return WAIT_MORE;
  lua_pushnil(L);
  lua_pushliteral(L, "disconnected");
  lua_pushliteral(L, "EPIPE");
  return 3;
}

/* c:receive([timeout]) -> true, message | false, message, code for what is no message
   | nil, "disconnected", "EPIPE" | nil, "timeout", "ETIMEDOUT" */
static int l_receive(lua_State *L)
{
  Channel *c = check(L);
  double timeout = opt_timeout(L, 2);
  return task_wait(L, &(Wait){&c->readers, try_receive, c, timeout, "a message", false});
}

/* c:ready() -> is there something to receive at once (a message, a fault, the end)? */
static int l_ready(lua_State *L)
{
  Channel *c = check(L);
  lua_pushboolean(L, c->fault || c->eof || wire_has_line(c));
  return 1;
}

static int try_room(lua_State *L, void *object)
{
  Channel *c = object;
  if (buf_size(&c->out) > CHANNEL_HIGH && !c->write_error) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

static int push_closed(lua_State *L, Channel *c)
{
  bool ours = c->ending || !c->base.open;
  lua_pushnil(L);
  lua_pushstring(L, ours ? "send: the channel is disconnected" : "send: the peer has closed the channel");
  lua_pushliteral(L, "EPIPE");
  return 3;
}

/* c:send(message) -> true | nil, message, code; waits while more than 1 MiB is queued */
static int l_send(lua_State *L)
{
  Channel *c = check(L);
  luaL_checkany(L, 2);
  if (c->ending || c->write_error || !c->base.open) return push_closed(L, c);
  if (buf_size(&c->out) > CHANNEL_HIGH && !task_can_wait(L)) return wait_refuse(L);
  size_t before = buf_size(&c->out);
  if (!json_encode(L, 2, &c->out, &(JsonOptions){0})) {
    lua_pushfstring(L, "send: %s", lua_tostring(L, -1));
    lua_pushnil(L);
    lua_insert(L, -2);
    lua_pushliteral(L, "EINVAL");
    return 3;
  }
  if (!buf_append(&c->out, "\n", 1)) {
    buf_truncate(&c->out, before);
    return luaL_error(L, "not enough memory");
  }
  c->queued += buf_size(&c->out) - before;
  wire_send(c);
  if (c->write_error) return push_closed(L, c);
  if (buf_size(&c->out) <= CHANNEL_HIGH) {
    lua_pushboolean(L, 1);
    return 1;
  }
  if (!task_can_wait(L)) return lua_pushboolean(L, 1), 1;
  return task_wait(L, &(Wait){&c->writers, try_room, c, -1, "the peer to read messages", false});
}

/* Arguments: channel, timeout, position to be sent. */
static int try_sent(lua_State *L, void *object)
{
  Channel *c = object;
  if (c->write_error && c->sent <= (uint64_t)lua_tointeger(L, 3) && c->base.open) return push_closed(L, c);
  if (c->sent < (uint64_t)lua_tointeger(L, 3) && !c->write_error) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

/* c:flush([timeout]) -> true | nil, message, code: the kernel has everything sent so far */
static int l_flush(lua_State *L)
{
  Channel *c = check(L);
  double timeout = opt_timeout(L, 2);
  lua_settop(L, 2);
  lua_pushinteger(L, (lua_Integer)c->queued);
  wire_flush(c);
  return task_wait(L, &(Wait){&c->writers, try_sent, c, timeout, "the peer to read messages", false});
}

/* c:disconnect(): EOF for the peer once everything is sent */
static int l_disconnect(lua_State *L)
{
  wire_end(check(L));
  return 0;
}

/* c:hold(on): does the open channel keep the process alive? */
static int l_hold(lua_State *L)
{
  Channel *c = check(L);
  c->hold = lua_toboolean(L, 2);
  wire_update(c);
  return 0;
}

/* c:state() -> connected, bytes unread, bytes unsent, at end of input */
static int l_state(lua_State *L)
{
  Channel *c = check(L);
  lua_pushboolean(L, c->base.open && !c->ending && !c->eof);
  lua_pushinteger(L, (lua_Integer)buf_size(&c->in));
  lua_pushinteger(L, (lua_Integer)buf_size(&c->out));
  lua_pushboolean(L, c->eof);
  return 4;
}

/* c:pull(): reads what the kernel holds now */
static int l_pull(lua_State *L)
{
  Channel *c = check(L);
  wire_pull(c);
  return 0;
}

/* dup_stdio() -> fd_in, fd_out: private copies of fds 0 and 1, which become /dev/null and stderr, so
   that print cannot garble a channel over standard input and output */
static int l_dup_stdio(lua_State *L)
{
  int fd_in = fcntl(0, F_DUPFD_CLOEXEC, 3), fd_out = fcntl(1, F_DUPFD_CLOEXEC, 3);
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) {
    dup2(null, 0);
    close(null);
  }
  dup2(2, 1);
  lua_pushinteger(L, fd_in);
  lua_pushinteger(L, fd_out);
  return 2;
}

int luaopen_procrun_core_channel(lua_State *L)
{
  static const luaL_Reg methods[] = {
    {"receive", l_receive}, {"ready", l_ready},           {"send", l_send}, {"flush", l_flush},
    {"state", l_state},     {"disconnect", l_disconnect}, {"hold", l_hold}, {"pull", l_pull},
    {NULL, NULL}};
  static const luaL_Reg functions[] = {{"open", l_open}, {"open_streams", l_open_streams}, {"dup_stdio", l_dup_stdio}, {NULL, NULL}};
  handle_type(L, &channel_type, methods);
  luaL_newlib(L, functions);
  return 1;
}
