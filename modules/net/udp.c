/* udp.c - UDP sockets for Lua: local core = require "procrun.core.udp"; names, events and the sockets'
   state are udp.lua's. Opening, binding, watching, closing. */
#include "modules/net/udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/net/address.h"
#include "runtime/err.h"
#include "runtime/look.h"
#include "runtime/nofile.h"
#include "runtime/opt.h"

enum { MAX_MESSAGE = 65535 };

static void update(Udp *u);

static void stop(Udp *u)
{
  if (u->events) uv_poll_stop(&u->poll);
  u->events = 0;
}

/* EPOLLERR: the kernel has an error for us, which it would tell again and again until it is taken. One
   in the queue of IP_RECVERR, which another owner of the socket has set, is nobody's. */
static int take_socket_error(int fd)
{
  int error = 0;
  socklen_t size = sizeof error;
  struct msghdr nothing = {0};
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
#ifdef MSG_ERRQUEUE
  while (recvmsg(fd, &nothing, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) continue;
#endif
  return -error;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Udp *u = poll->data;
  if (status < 0) { /* libuv has stopped watching */
    u->events = 0;
    events = UV_READABLE | UV_WRITABLE;
    int error = take_socket_error(u->fd);
    if (error) u->error = error;
  }
  bool unwanted =
      (events & UV_READABLE && !u->readers.head) || (events & UV_WRITABLE && !u->writers.head);
  if (events & UV_READABLE) wait_wake(&u->readers);
  if (events & UV_WRITABLE) wait_wake_all(&u->writers);
  if (unwanted) stop(u);
  update(u);
}

/* Events that are watched and no longer wanted stay until they come: most readers are back soon. To
   keep the process alive a poll has to watch something: of UDP, UV_DISCONNECT never comes. */
static void update(Udp *u)
{
  if (!u->base.open) return;
  int events = (u->readers.head ? UV_READABLE : 0) | (u->writers.head ? UV_WRITABLE : 0);
  bool alive = u->hold == HOLD_ALWAYS || (u->hold == HOLD_WAITERS && events);
  if (events == 0 && u->events == 0 && alive) events = UV_DISCONNECT;
  if (events & ~u->events) {
    u->events = events;
    uv_poll_start(&u->poll, events, on_poll);
  }
  if (alive)
    uv_ref((uv_handle_t *)&u->poll);
  else
    uv_unref((uv_handle_t *)&u->poll);
}

static void on_readers_changed(WaitList *list)
{
  update((Udp *)((char *)list - offsetof(Udp, readers)));
}

static void on_writers_changed(WaitList *list)
{
  update((Udp *)((char *)list - offsetof(Udp, writers)));
}

static void close_udp(Handle *h)
{
  Udp *u = (Udp *)h;
  stop(u);
  close(u->fd);
  u->fd = -1;
  wait_wake_all(&u->readers);
  wait_wake_all(&u->writers);
}

static void look_at(Handle *h, lua_State *L)
{
  Udp *u = (Udp *)h;
  look_integer(L, "fd", u->fd);
  look_addresses(L, u->fd);
  look_waiters(L, "readers", &u->readers);
  look_waiters(L, "writers", &u->writers);
}

const HandleType udp_type = {"procrun.udp", close_udp, NULL, NULL, NULL, look_at};

Udp *udp_check(lua_State *L)
{
  return handle_any(L, 1, &udp_type);
}

int udp_closed(lua_State *L, const char *what)
{
  lua_pushnil(L);
  lua_pushfstring(L, "%s%sthe socket is closed", what ? what : "", what ? ": " : "");
  lua_pushliteral(L, "EBADF");
  return 3;
}

int udp_take_error(Udp *u)
{
  int error = u->error;
  u->error = 0;
  return error;
}

int udp_destination(lua_State *L, const Udp *u, int arg, struct sockaddr_storage *out)
{
  int port = (int)luaL_checkinteger(L, arg + 1);
  socklen_t size = address_at(L, arg, port, out);
  if (size == 0 || out->ss_family == u->family) return (int)size;
  return u->family == AF_INET6 ? (int)address_map(out) : UV_EAFNOSUPPORT;
}

/* Takes the descriptor over, or closes it and says why. */
static int push_socket(lua_State *L, Udp *u, int fd, int family)
{
  int r = uv_poll_init(&u->base.rt->loop, &u->poll, fd);
  if (r < 0) {
    close(fd);
    return err_push(L, r, "udp");
  }
  nofile_note(fd);
  u->fd = fd;
  u->family = family;
  u->readers.changed = on_readers_changed;
  u->writers.changed = on_writers_changed;
  handle_open(&u->base, (uv_handle_t *)&u->poll);
  uv_unref((uv_handle_t *)&u->poll);
  return 1;
}

static Udp *new_udp(lua_State *L, lua_Integer max_message)
{
  Udp *u = handle_new(L, sizeof *u, &udp_type);
  u->fd = -1;
  u->max_message = (size_t)max_message;
  return u;
}

static bool set(int fd, int level, int name, int value)
{
  return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

static bool set_up(lua_State *L, int fd, int family)
{
  int receive = (int)opt_integer(L, 1, "recv_buffer", 0);
  int send = (int)opt_integer(L, 1, "send_buffer", 0);
  if (opt_flag(L, 1, "reuse_address") && !set(fd, SOL_SOCKET, SO_REUSEADDR, 1)) return false;
  if (opt_flag(L, 1, "reuse_port") && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1)) return false;
  if (family == AF_INET6 && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, opt_flag(L, 1, "ipv6_only")))
    return false;
  if (receive && !set(fd, SOL_SOCKET, SO_RCVBUF, receive)) return false;
  return send == 0 || set(fd, SOL_SOCKET, SO_SNDBUF, send);
}

/* open(options) -> socket | nil, message, code */
static int l_open(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  int family = opt_integer(L, 1, "family", 4) == 6 ? AF_INET6 : AF_INET;
  Udp *u = new_udp(L, opt_integer(L, 1, "max_message", MAX_MESSAGE));
  int fd, kind = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  do fd = socket(family, kind, 0);
  while (fd < 0 && errno == EMFILE && nofile_raise());
  if (fd < 0) return err_push(L, -errno, "udp");
  if (set_up(L, fd, family)) return push_socket(L, u, fd, family);
  int r = -errno;
  close(fd);
  return err_push(L, r, "udp");
}

static int int_option(int fd, int name)
{
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -errno;
}

/* adopt(fd) -> socket, 4 or 6 | nil, message, code; the descriptor is ours from now on */
static int l_adopt(lua_State *L)
{
  int fd = (int)luaL_checkinteger(L, 1);
  struct sockaddr_storage address = {0};
  socklen_t size = sizeof address;
  Udp *u = new_udp(L, MAX_MESSAGE);
  int type = int_option(fd, SO_TYPE);
  getsockname(fd, (struct sockaddr *)&address, &size);
  int family = address.ss_family;
  if (type != SOCK_DGRAM || (family != AF_INET && family != AF_INET6)) {
    if (type != -EBADF) close(fd);
    lua_pushnil(L);
    lua_pushfstring(L, "descriptor %d is no UDP socket", fd);
    lua_pushliteral(L, "EINVAL");
    return 3;
  }
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  if (push_socket(L, u, fd, family) != 1) return 3;
  lua_pushinteger(L, family == AF_INET6 ? 6 : 4);
  return 2;
}

/* u:share() -> a duplicate of the descriptor, the caller's | nil, message, code */
static int l_share(lua_State *L)
{
  Udp *u = udp_check(L);
  if (u->fd < 0) return udp_closed(L, "share");
  int fd;
  do fd = fcntl(u->fd, F_DUPFD_CLOEXEC, 3);
  while (fd < 0 && errno == EMFILE && nofile_raise());
  if (fd < 0) return err_push(L, -errno, "share");
  lua_pushinteger(L, fd);
  return 1;
}

/* u:fileno() -> descriptor | nil when closed. For a child, so it blocks from now on; no call here
   relies on O_NONBLOCK. */
static int l_fileno(lua_State *L)
{
  Udp *u = udp_check(L);
  int flags = u->fd < 0 ? 0 : fcntl(u->fd, F_GETFL);
  if (flags > 0) fcntl(u->fd, F_SETFL, flags & ~O_NONBLOCK);
  if (u->fd < 0)
    lua_pushnil(L);
  else
    lua_pushinteger(L, u->fd);
  return 1;
}

typedef int (*Call)(int fd, const struct sockaddr *address, socklen_t size);

static int call_with_address(lua_State *L, const char *what, Call call)
{
  Udp *u = udp_check(L);
  if (u->fd < 0) return udp_closed(L, what);
  struct sockaddr_storage to;
  int size = udp_destination(L, u, 2, &to);
  if (size == 0) size = UV_EINVAL;
  if (size > 0 && call(u->fd, (struct sockaddr *)&to, (socklen_t)size) < 0) size = -errno;
  if (size < 0)
    return err_push(L, size, "%s %s:%d", what, lua_tostring(L, 2), (int)lua_tointeger(L, 3));
  lua_pushboolean(L, 1);
  return 1;
}

/* u:bind(address, port) -> true | nil, message, code */
static int l_bind(lua_State *L)
{
  return call_with_address(L, "bind", bind);
}

/* u:connect(address, port) -> true | nil, message, code */
static int l_connect(lua_State *L)
{
  return call_with_address(L, "connect", connect);
}

/* u:disconnect() -> true | nil, message, code. A port that the kernel has chosen would be lost. */
static int l_disconnect(lua_State *L)
{
  Udp *u = udp_check(L);
  if (u->fd < 0) return udp_closed(L, "disconnect");
  struct sockaddr nobody = {.sa_family = AF_UNSPEC};
  struct sockaddr_storage before, after;
  socklen_t size = sizeof before;
  in_port_t *was = &((struct sockaddr_in *)&before)->sin_port; /* where IPv6 has it, too */
  in_port_t *is = &((struct sockaddr_in *)&after)->sin_port;
  int r = getsockname(u->fd, (struct sockaddr *)&before, &size);
  if (r == 0) r = connect(u->fd, &nobody, sizeof nobody);
  size = sizeof after;
  if (r == 0) r = getsockname(u->fd, (struct sockaddr *)&after, &size);
  if (r == 0 && *is == 0) {
    *is = *was;
    r = bind(u->fd, (struct sockaddr *)&after, size);
  }
  if (r < 0) return err_push(L, -errno, "disconnect");
  lua_pushboolean(L, 1);
  return 1;
}

static int push_name(lua_State *L, const char *what,
                     int (*call)(int, struct sockaddr *, socklen_t *))
{
  Udp *u = udp_check(L);
  if (u->fd < 0) return udp_closed(L, what);
  struct sockaddr_storage address;
  socklen_t size = sizeof address;
  if (call(u->fd, (struct sockaddr *)&address, &size) < 0) return err_push(L, -errno, what);
  return address_push(L, (struct sockaddr *)&address);
}

/* u:address() -> address, port, family | nil, message, code */
static int l_address(lua_State *L)
{
  return push_name(L, "address", getsockname);
}

/* u:peer() -> address, port, family | nil, message, code */
static int l_peer(lua_State *L)
{
  return push_name(L, "remote_address", getpeername);
}

/* u:hold(on): keeps the process alive while it is open; false: never */
static int l_hold(lua_State *L)
{
  Udp *u = udp_check(L);
  u->hold = lua_toboolean(L, 2) ? HOLD_ALWAYS : HOLD_NEVER;
  update(u);
  return 0;
}

/* u:awaited() -> boolean: does a task wait for a datagram? */
static int l_awaited(lua_State *L)
{
  lua_pushboolean(L, udp_check(L)->readers.head != NULL);
  return 1;
}

int luaopen_procrun_core_udp(lua_State *L)
{
  static const luaL_Reg methods[] = {{"share", l_share},
                                     {"fileno", l_fileno},
                                     {"bind", l_bind},
                                     {"connect", l_connect},
                                     {"disconnect", l_disconnect},
                                     {"address", l_address},
                                     {"peer", l_peer},
                                     {"hold", l_hold},
                                     {"awaited", l_awaited},
                                     {NULL, NULL}};
  static const luaL_Reg functions[] = {{"open", l_open}, {"adopt", l_adopt}, {NULL, NULL}};
  handle_type(L, &udp_type, methods);
  luaL_getmetatable(L, udp_type.name);
  lua_getfield(L, -1, "__index");
  luaL_setfuncs(L, udp_io_methods, 0);
  luaL_setfuncs(L, udp_option_methods, 0);
  lua_pop(L, 2);
  luaL_newlib(L, functions);
  return 1;
}
