/* handles_lua.c - handles over a channel, for handles.lua: c:wrap, c:send_handle, c:refused, what came as
   a handle, and the questions about the sockets of a server. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/channel/handles.h"
#include "runtime/err.h"
#include "runtime/json.h"
#include "runtime/opt.h"

/* A handle that was taken off the inbox; its only user value is the channel. */
typedef struct Box {
  int fd; /* -1: in other hands */
  HandleKind kind;
  Key *key; /* NULL once it counts no more */
} Box;

static const char BOX[] = "procrun.channel.handle";

static Channel *check(lua_State *L)
{
  return handle_any(L, 1, &channel_type);
}

static Handles *need(lua_State *L, Channel *c)
{
  Handles *h = handles_need(c);
  if (h == NULL) luaL_error(L, "not enough memory");
  return h;
}

/* What came ------------------------------------------------------------------------------------- */

/* box:close(): the descriptor, if it is still here, and its count. */
static int l_box_close(lua_State *L)
{
  Box *box = luaL_checkudata(L, 1, BOX);
  if (box->fd >= 0) close(box->fd);
  box->fd = -1;
  if (box->key == NULL) return 0;
  lua_getiuservalue(L, 1, 1);
  Channel *c = handle_test(L, -1, &channel_type); /* NULL: collected, and its counts with it */
  if (c && c->handles) handles_let_go(c, box->key);
  box->key = NULL;
  return 0;
}

/* box:take() -> kind, descriptor: the caller's from now on; box:close() is due when it is closed */
static int l_box_take(lua_State *L)
{
  static const char *const kinds[] = {"none", "server", "socket", "udp"};
  Box *box = luaL_checkudata(L, 1, BOX);
  lua_pushstring(L, kinds[box->kind]);
  lua_pushinteger(L, box->fd);
  box->fd = -1;
  return 2;
}

static void set_box_type(lua_State *L)
{
  static const luaL_Reg methods[] = {{"take", l_box_take}, {"close", l_box_close}, {NULL, NULL}};
  if (luaL_newmetatable(L, BOX)) {
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, l_box_close);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
}

int handles_take(lua_State *L, Channel *c, uint64_t at)
{
  handles_pass(c, at);
  Incoming *one = c->handles->in_first;
  if (one == NULL || one->at != at) return 2;
  Box *box = lua_newuserdatauv(L, sizeof *box, 1);
  *box = (Box){.fd = -1};
  set_box_type(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_setiuservalue(L, -2, 1);
  lua_pushliteral(L, "handle");
  lua_replace(L, -4);
  one = handles_pop(c);
  *box = (Box){.fd = one->fd, .kind = one->kind, .key = one->key};
  free(one);
  return 3;
}

void handles_drop(Channel *c)
{
  size_t keep = c->handles->partial;
  if (keep > buf_size(&c->in) || keep > c->max_message) keep = 0;
  wire_consume(c, buf_size(&c->in) - keep);
  handles_pass(c, UINT64_MAX);
}

int handles_fault(lua_State *L, Channel *c)
{
  unsigned what = c->faults & (0U - c->faults);
  c->faults &= ~what;
  switch (what) {
  case FAULT_UNCLAIMED:
    lua_pushliteral(L, "a descriptor came that no message claims; it was closed");
    lua_pushliteral(L, "EPROTO");
    break;
  case FAULT_NO_DESCRIPTOR:
    lua_pushliteral(L, "a message came that was to bring a handle, without one; it was refused");
    lua_pushliteral(L, "EPROTO");
    break;
  case FAULT_NO_ROOM:
    lua_pushliteral(L, "a handle was refused: too many open files here; the peer may try again");
    lua_pushliteral(L, "EMFILE");
    break;
  default:
    lua_pushfstring(L, "%s came as a handle; it was refused", c->handles->wrong);
    lua_pushliteral(L, "ENOTSUP");
  }
  return 2;
}

/* What goes ------------------------------------------------------------------------------------- */

static bool is_local_socket(const Channel *c)
{
  struct sockaddr_storage name = {0};
  return c->fd_in == c->fd_out &&
         getsockname(c->fd_out, (struct sockaddr *)&name, &(socklen_t){sizeof name}) == 0 &&
         name.ss_family == AF_UNIX;
}

/* c:wrap(message, type) -> the line's beginning, for send_handle | nil, message, code */
static int l_wrap(lua_State *L)
{
  Channel *c = check(L);
  const char *type = luaL_checkstring(L, 3);
  if (send_is_closed(c)) return send_closed(L, c);
  if (!is_local_socket(c)) {
    lua_pushnil(L);
    lua_pushliteral(L, "send: a handle cannot go over this channel, which is no local socket (a "
                       "channel over stdio carries messages only)");
    lua_pushliteral(L, "ENOTSUP");
    return 3;
  }
  need(L, c);
  Buf *box = send_box(L);
  lua_pushfstring(L, "{\"cmd\":\"NODE_HANDLE\",\"type\":\"%s\",\"msg\":", type);
  size_t size;
  const char *head = lua_tolstring(L, -1, &size);
  if (!buf_append(box, head, size)) return luaL_error(L, "send: not enough memory");
  lua_pop(L, 1);
  if (!json_encode(L, 2, box, &(JsonOptions){.depth = CHANNEL_DEPTH - 1})) return send_refused(L);
  return 1;
}

static const char *datagram_type(int fd)
{
  struct sockaddr_storage name = {0};
  getsockname(fd, (struct sockaddr *)&name, &(socklen_t){sizeof name});
  return name.ss_family == AF_INET6 ? ",\"dgramType\":\"udp6\"" : ",\"dgramType\":\"udp4\"";
}

/* The rest of the line behind the message: the key stands as JSON at index 5, or nil. */
static bool end_line(lua_State *L, Buf *box, int fd, bool datagram)
{
  size_t size = 0;
  const char *key = lua_tolstring(L, 5, &size);
  const char *more = datagram ? datagram_type(fd) : "";
  return (key == NULL || (buf_append(box, ",\"key\":", 7) && buf_append(box, key, size))) &&
         buf_append(box, more, strlen(more)) && buf_append(box, "}\n", 2);
}

/* Puts the line behind all messages accepted so far. */
static bool queue_line(Channel *c, const Buf *box, int fd)
{
  uint64_t end = c->queued + buf_size(box);
  buf_truncate(&c->out, wire_unsent(c));
  if (buf_reserve(&c->out, buf_size(box)) == NULL) return false;
  if (!handles_queue(c, fd, c->queued, end)) return false;
  buf_append(&c->out, buf_head(box), buf_size(box));
  c->queued = end;
  wire_send(c);
  return true;
}

/* c:send_handle(wrapped, descriptor, kind, key as JSON or nil) -> where its line ends | nil,
   message, code. The descriptor is the channel's from now on, also when this fails. */
static int l_send_handle(lua_State *L)
{
  Channel *c = check(L);
  Buf *box = lua_touserdata(L, 2);
  int fd = (int)luaL_checkinteger(L, 3);
  bool datagram = strcmp(luaL_checkstring(L, 4), "udp") == 0;
  int r = 0;
  if (send_is_closed(c)) {
    close(fd);
    return send_closed(L, c);
  }
  if (c->encoding && !task_can_wait(L)) {
    close(fd);
    return luaL_error(L, "send: a handle cannot be sent while another message is being encoded");
  }
  c->encoding = false;
  if (!end_line(L, box, fd, datagram) || !queue_line(c, box, fd)) r = UV_ENOMEM;
  if (r < 0) {
    close(fd);
    return err_push(L, r, "send");
  }
  lua_pushinteger(L, (lua_Integer)c->queued);
  return 1;
}

/* c:room() -> true | nil, message, code: waits until no more than 1 MiB is queued */
static int l_room(lua_State *L)
{
  return send_room(L, check(L));
}

/* c:refused(position) -> boolean: was the handle whose line ended there refused for good? */
static int l_refused(lua_State *L)
{
  Channel *c = check(L);
  uint64_t end = (uint64_t)luaL_checkinteger(L, 2);
  Outgoing **link = c->handles ? &c->handles->refused : NULL;
  while (link && *link && (*link)->end != end) link = &(*link)->next;
  Outgoing *found = link ? *link : NULL;
  if (found) *link = found->next;
  free(found);
  lua_pushboolean(L, found != NULL);
  return 1;
}

/* c:answer(text): a line of the protocol's own, in front of all that waits */
static int l_answer(lua_State *L)
{
  Channel *c = check(L);
  const char *text = luaL_checkstring(L, 2);
  need(L, c);
  handles_answer(c, "%s\n", text);
  wire_flush(c);
  return 0;
}

/* Questions about sockets that the peer has got ---------------------------------------------------- */

/* Argument 3: the number of the question. */
static int try_count(lua_State *L, void *object)
{
  Ask *ask = lua_touserdata(L, 4);
  Channel *c = object;
  if (ask->answered >= (uint64_t)lua_tointeger(L, 3)) {
    lua_pushinteger(L, (lua_Integer)ask->count);
    return 1;
  }
  return c->eof || c->write_error || !c->base.open ? send_closed(L, c) : WAIT_MORE;
}

/* A peer that is gone has closed them all. */
static int try_closed(lua_State *L, void *object)
{
  Ask *ask = lua_touserdata(L, 4);
  Channel *c = object;
  if (!ask->closed && !c->eof && !c->write_error && c->base.open) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

/* Indexes 1 to 4 are then: the channel, the key as JSON, the number of the question, the Ask. */
static Ask *ask(lua_State *L, Channel *c)
{
  size_t size;
  const char *key = luaL_checklstring(L, 2, &size);
  luaL_argcheck(L, size >= 2, 2, "key as JSON expected");
  Ask *found = handles_ask(need(L, c), key + 1, size - 2, true);
  if (found == NULL) luaL_error(L, "not enough memory");
  lua_settop(L, 2);
  lua_pushinteger(L, (lua_Integer)++found->asked);
  lua_pushlightuserdata(L, found);
  return found;
}

/* c:count(key as JSON, timeout) -> how many sockets of the server the peer has | nil, message, code.
   The question itself has been sent by the caller. */
static int l_count(lua_State *L)
{
  Channel *c = check(L);
  double timeout = opt_timeout(L, 3);
  ask(L, c);
  static const char what[] = "the number of connections that the peer has";
  return task_wait(L, &(Wait){&c->handles->askers, try_count, c, timeout, what, false});
}

/* c:all_closed(key as JSON, timeout) -> true | nil, message, code: the peer has closed them; likewise */
static int l_all_closed(lua_State *L)
{
  Channel *c = check(L);
  double timeout = opt_timeout(L, 3);
  Ask *found = ask(L, c);
  found->asked--;
  found->closed = false;
  static const char what[] = "the peer to close the connections that it was given";
  return task_wait(L, &(Wait){&c->handles->askers, try_closed, c, timeout, what, false});
}

void handles_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"wrap", l_wrap},
                                     {"send_handle", l_send_handle},
                                     {"room", l_room},
                                     {"refused", l_refused},
                                     {"answer", l_answer},
                                     {"count", l_count},
                                     {"all_closed", l_all_closed},
                                     {NULL, NULL}};
  luaL_setfuncs(L, methods, 0);
}
