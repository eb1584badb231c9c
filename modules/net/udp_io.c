/* udp_io.c - datagrams in and out, each by one recvmsg or sendmsg of the task that wants it:
   data, from = u:receive(); u:send(data, address, port). */
#include <errno.h>
#include <stdlib.h>

#include "modules/net/address.h"
#include "modules/net/udp.h"
#include "runtime/err.h"
#include "runtime/opt.h"

enum { LARGEST = 65536 }; /* no datagram of IPv4 or IPv6 is longer, jumbograms aside */

static char *room; /* for the one datagram that is being received */

static void set_integer(lua_State *L, const char *key, lua_Integer value)
{
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

/* {address, port, family, size}, and truncated where not all of it fitted. */
static void push_sender(lua_State *L, const struct sockaddr *sender, size_t size, bool truncated)
{
  lua_createtable(L, 0, truncated ? 5 : 4);
  address_push(L, sender);
  lua_setfield(L, -4, "family");
  lua_setfield(L, -3, "port");
  lua_setfield(L, -2, "address");
  set_integer(L, "size", (lua_Integer)size);
  if (!truncated) return;
  lua_pushboolean(L, 1);
  lua_setfield(L, -2, "truncated");
}

static int try_receive(lua_State *L, void *object)
{
  Udp *u = object;
  if (!u->base.open) return udp_closed(L, "receive");
  int error = udp_take_error(u);
  if (error) return err_push(L, error, "receive");
  struct sockaddr_storage sender = {0};
  struct iovec part = {room, u->max_message};
  struct msghdr message = {
      .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1};
  ssize_t n;
  do n = recvmsg(u->fd, &message, MSG_DONTWAIT | MSG_TRUNC);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return WAIT_MORE;
  if (n < 0) return err_push(L, -errno, "receive");
  size_t size = (size_t)n;
  bool truncated = message.msg_flags & MSG_TRUNC;
  lua_pushlstring(L, room, truncated ? u->max_message : size);
  push_sender(L, (struct sockaddr *)&sender, size, truncated);
  return 2;
}

/* u:receive([timeout]) -> data, from | nil, message, code */
static int l_receive(lua_State *L)
{
  Udp *u = udp_check(L);
  double timeout = opt_timeout(L, 2);
  if (room == NULL && (room = malloc(LARGEST)) == NULL) return luaL_error(L, "not enough memory");
  return task_wait(L, &(Wait){&u->readers, try_receive, u, timeout, "a datagram", false});
}

static int push_send_error(lua_State *L, int error)
{
  int bytes = (int)lua_rawlen(L, 2);
  if (lua_isnil(L, 3)) return err_push(L, error, "send %d bytes", bytes);
  return err_push(L, error, "send %d bytes to %s:%d", bytes, lua_tostring(L, 3),
                  (int)lua_tointeger(L, 4));
}

static int try_send(lua_State *L, void *object)
{
  Udp *u = object;
  if (!u->base.open) return udp_closed(L, "send");
  int error = udp_take_error(u), size = 0;
  struct sockaddr_storage to;
  if (error == 0 && !lua_isnil(L, 3)) size = udp_destination(L, u, 3, &to);
  if (size < 0) error = size;
  if (error) return push_send_error(L, error);
  struct iovec part = {(void *)lua_tostring(L, 2), lua_rawlen(L, 2)};
  struct msghdr message = {.msg_name = size ? &to : NULL,
                           .msg_namelen = (socklen_t)size,
                           .msg_iov = &part,
                           .msg_iovlen = 1};
  ssize_t n;
  do n = sendmsg(u->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return WAIT_MORE;
  if (n < 0) return push_send_error(L, -errno);
  lua_pushboolean(L, 1);
  return 1;
}

/* u:send(data, [address, port]) -> true | nil, message, code; false: no numeric address */
static int l_send(lua_State *L)
{
  Udp *u = udp_check(L);
  luaL_checkstring(L, 2);
  lua_tostring(L, 2); /* a number becomes its text here */
  lua_settop(L, 4);
  struct sockaddr_storage to;
  if (!lua_isnil(L, 3) && udp_destination(L, u, 3, &to) == 0) {
    lua_pushboolean(L, 0);
    return 1;
  }
  return task_wait(L, &(Wait){&u->writers, try_send, u, -1, "room for a datagram", false});
}

const luaL_Reg udp_io_methods[] = {{"receive", l_receive}, {"send", l_send}, {NULL, NULL}};
