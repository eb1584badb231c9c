/* channel.c - a message channel for Lua: JSON, one value a line.
   local core = require "procrun.core.channel"; the policy (events, order, takers) is channel.lua's. */
#include "modules/channel/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/json.h"
#include "runtime/opt.h"
#include "runtime/stream.h"

static const char BOX[] = "procrun.channel.box";

static Channel *check(lua_State *L)
{
  return handle_any(L, 1, &channel_type);
}

static int open_channel(lua_State *L, bool one_way)
{
  lua_settop(L, 4);
  int fd_in = (int)luaL_checkinteger(L, 1), fd_out = (int)luaL_checkinteger(L, 2);
  Bell *bell = lua_isnil(L, 3) ? NULL : bell_check(L, 3);
  Channel *c = handle_new(L, sizeof *c, &channel_type);
  c->max_message = (size_t)luaL_optinteger(L, 4, CHANNEL_MESSAGE);
  if (bell) bell_ref(bell);
  c->bell = bell;
  c->one_way = one_way;
  int r = wire_open(c, fd_in, fd_out);
  if (r == 0) return 1;
  close(fd_in);
  if (fd_out != fd_in) close(fd_out);
  return err_push(L, r, "channel");
}

/* open(fd_in, fd_out, list or nil, max_message or nil) -> channel | nil, message, code; the
   descriptors are its own from now on */
static int l_open(lua_State *L)
{
  return open_channel(L, lua_tointeger(L, 1) != lua_tointeger(L, 2));
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
  return open_channel(L, false);
}

/* false, message, code: something came that is no message. The message stands on top. */
static int push_fault(lua_State *L, const char *code)
{
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  lua_pushstring(L, code);
  return 3;
}

static int push_too_long(lua_State *L, Channel *c)
{
  lua_pushfstring(L, "a message longer than max_message (%I bytes) was dropped",
                  (lua_Integer)c->max_message);
  return push_fault(L, "EMSGSIZE");
}

static int take_descriptor(lua_State *L, Channel *c)
{
  c->descriptors = 0;
  lua_pushliteral(L, "a descriptor came that no message claims; it was closed");
  return push_fault(L, "EPROTO");
}

static void drop_line(Channel *c, size_t size)
{
  bool was_full = buf_size(&c->in) >= CHANNEL_INBOX;
  lines_consume(&c->lines, &c->in, size + 1);
  c->base.rt->progress++;
  if (was_full) wire_update(c);
  if (c->eof && buf_size(&c->in) == 0) bell_ring(c->bell); /* now the end can be told */
}

/* The text lies in the inbox while it is decoded, and nothing else may take or move it then. */
static int take_line(lua_State *L, Channel *c, const char *line, size_t size)
{
  if (size > c->max_message) {
    drop_line(c, size);
    return push_too_long(L, c);
  }
  size_t length = size > 0 && line[size - 1] == '\r' ? size - 1 : size;
  lua_pushboolean(L, 1);
  c->taking = true;
  bool ok = json_decode(L, line, length, &(JsonOptions){0});
  c->taking = false;
  drop_line(c, size);
  if (ok) return 2;
  lua_pushfstring(L, "a malformed message was dropped: %s", lua_tostring(L, -1));
  return push_fault(L, "EPROTO");
}

static bool is_blank(const char *line, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') return false;
  return true;
}

/* Is the inbox in the hands of a caller further up? A finalizer can come in between. Where a wait
   is possible it is not so: then an error (out of memory) has left the mark. */
static bool in_hand(lua_State *L, Channel *c)
{
  return c->taking && !task_can_wait(L);
}

static int try_receive(lua_State *L, void *object)
{
  Channel *c = object;
  const char *line;
  size_t size;
  if (in_hand(L, c)) return WAIT_MORE;
  while (lines_next(&c->lines, &c->in, &line, &size)) {
    if (!is_blank(line, size)) return take_line(L, c, line, size);
    drop_line(c, size);
  }
  if (c->too_long) {
    c->too_long--;
    return push_too_long(L, c);
  }
  if (c->descriptors) return take_descriptor(L, c);
  if (!c->eof) return WAIT_MORE;
  if (!c->one_way) wire_end(c);
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
  c->asked = true;
  return task_wait(L, &(Wait){&c->readers, try_receive, c, timeout, "a message", false});
}

/* c:claim(): the message just received has answered for a descriptor */
static int l_claim(lua_State *L)
{
  Channel *c = check(L);
  if (c->descriptors > 0) c->descriptors--;
  return 0;
}

/* c:pull(): reads what the kernel holds now */
static int l_pull(lua_State *L)
{
  Channel *c = check(L);
  if (!in_hand(L, c)) wire_pull(c);
  return 0;
}

/* Two peers that only send wait for ever: the task that waits says so, once. */
static void warn_if_due(lua_State *L, Channel *c)
{
  if (!c->warning) return;
  c->warning = false;
  Task *t = c->base.rt->current;
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  task_push_label(L, t, -1);
  fprintf(
      stderr,
      "procrun: %s has waited for 1 s in send: the peer does not read, and its own messages fill "
      "the inbox here; a task on either side has to receive\n",
      lua_tostring(L, -1));
  lua_pop(L, 2);
}

static int push_closed(lua_State *L, Channel *c)
{
  bool ours = c->ending && !c->eof && !c->write_error;
  lua_pushnil(L);
  lua_pushstring(L, ours ? "the channel is disconnected" : "the peer has closed the channel");
  lua_pushliteral(L, "EPIPE");
  return 3;
}

static bool is_closed(const Channel *c)
{
  return c->ending || c->write_error || !c->base.open;
}

/* Argument 3: the position that has to be among the last MiB, or sent. */
static int try_room(lua_State *L, void *object)
{
  Channel *c = object;
  warn_if_due(L, c);
  if (c->write_error && c->sent < (uint64_t)lua_tointeger(L, 3)) return push_closed(L, c);
  if (wire_unsent(c) > CHANNEL_HIGH) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

/* Argument 3: the position to be sent. */
static int try_sent(lua_State *L, void *object)
{
  Channel *c = object;
  warn_if_due(L, c);
  if (c->sent < (uint64_t)lua_tointeger(L, 3))
    return c->write_error ? push_closed(L, c) : WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

static int wait_out(lua_State *L, Channel *c, TaskTry try, double timeout)
{
  static const char what[] = "the peer to read messages";
  return task_wait(L, &(Wait){&c->writers, try, c, timeout, what, false});
}

/* nil, "send: …", "EINVAL": the value at the top says why it cannot be encoded */
static int push_refused(lua_State *L)
{
  lua_pushfstring(L, "send: %s", lua_tostring(L, -1));
  lua_pushnil(L);
  lua_insert(L, -2);
  lua_pushliteral(L, "EINVAL");
  return 3;
}

static void append(lua_State *L, Buf *b, const void *bytes, size_t size)
{
  if (!buf_append(b, bytes, size)) luaL_error(L, "send: not enough memory");
}

static int free_box(lua_State *L)
{
  buf_free(lua_touserdata(L, 1));
  return 0;
}

/* A message sent while another one is being encoded (by its __tojson, or by __gc) comes after it.
   Returns false with the reason pushed. */
static bool encode_late(lua_State *L, Channel *c)
{
  Buf *box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = (Buf){0};
  if (luaL_newmetatable(L, BOX)) {
    lua_pushcfunction(L, free_box);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  if (!json_encode(L, 2, box, &(JsonOptions){0})) return false;
  append(L, box, "\n", 1);
  append(L, &c->late, buf_head(box), buf_size(box));
  lua_pop(L, 1);
  return true;
}

static void add_late(lua_State *L, Channel *c)
{
  if (buf_size(&c->late) == 0 || is_closed(c)) return;
  append(L, &c->out, buf_head(&c->late), buf_size(&c->late));
  buf_free(&c->late);
  c->queued = c->sent + buf_size(&c->out);
}

/* A mark where a wait is possible was left over by an error (out of memory): nothing is underway. */
static bool encode(lua_State *L, Channel *c)
{
  if (c->encoding && !task_can_wait(L)) return encode_late(L, c);
  buf_truncate(&c->out, wire_unsent(c));
  c->encoding = true;
  bool ok = json_encode(L, 2, &c->out, &(JsonOptions){0});
  if (ok && !is_closed(c)) { /* unless meanwhile, by its own __tojson */
    append(L, &c->out, "\n", 1);
    c->queued = c->sent + buf_size(&c->out);
  }
  c->encoding = false;
  add_late(L, c);
  wire_send(c);
  return ok;
}

/* c:send(message, [at_once]) -> true | nil, message, code; waits while more than 1 MiB is queued */
static int l_send(lua_State *L)
{
  Channel *c = check(L);
  luaL_checkany(L, 2);
  if (is_closed(c)) return push_closed(L, c);
  bool wait = !lua_toboolean(L, 3);
  if (wait && wire_unsent(c) > CHANNEL_HIGH && !task_can_wait(L)) return wait_refuse(L);
  lua_settop(L, 2);
  if (!encode(L, c)) return push_refused(L);
  if (is_closed(c)) return push_closed(L, c);
  if (wire_unsent(c) <= CHANNEL_HIGH || !wait || !task_can_wait(L)) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushinteger(L, (lua_Integer)c->queued);
  return wait_out(L, c, try_room, -1);
}

/* c:position() -> where the next message will start, for flush */
static int l_position(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)check(L)->queued);
  return 1;
}

/* c:flush([timeout], [position]) -> true | nil, message, code: the kernel has everything sent so far
   (up to there) */
static int l_flush(lua_State *L)
{
  Channel *c = check(L);
  double timeout = opt_timeout(L, 2);
  lua_Integer position = luaL_optinteger(L, 3, (lua_Integer)c->queued);
  lua_settop(L, 2);
  lua_pushinteger(L, position);
  wire_flush(c);
  return wait_out(L, c, try_sent, timeout);
}

/* c:disconnect(): EOF for the peer once everything is sent */
static int l_disconnect(lua_State *L)
{
  wire_end(check(L));
  return 0;
}

/* c:finish(): the end of the input was told; it is the end of the output, too, if it is a peer's */
static int l_finish(lua_State *L)
{
  Channel *c = check(L);
  if (!c->one_way) wire_end(c);
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

/* c:connected() -> boolean: can messages go both ways? */
static int l_connected(lua_State *L)
{
  Channel *c = check(L);
  lua_pushboolean(L, !c->ending && !c->eof);
  return 1;
}

/* c:state() -> at end of input, is there a line, is there a fault to be told? */
static int l_state(lua_State *L)
{
  Channel *c = check(L);
  lua_pushboolean(L, c->eof);
  lua_pushboolean(L, wire_has_line(c));
  lua_pushboolean(L, c->too_long > 0 || c->descriptors > 0);
  return 3;
}

int luaopen_procrun_core_channel(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"receive", l_receive},     {"claim", l_claim}, {"pull", l_pull},
      {"send", l_send},           {"flush", l_flush}, {"position", l_position},
      {"connected", l_connected}, {"state", l_state}, {"disconnect", l_disconnect},
      {"finish", l_finish},       {"hold", l_hold},   {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"open", l_open}, {"open_streams", l_open_streams}, {NULL, NULL}};
  handle_type(L, &channel_type, methods);
  luaL_newlib(L, functions);
  return 1;
}
