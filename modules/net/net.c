/* net.c - connections as streams: names, options, descriptors from elsewhere.
   local core = require "procrun.core.net"; procrun.core.stream has to be loaded before. */
#include "modules/net/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/net/address.h"
#include "runtime/err.h"
#include "runtime/nofile.h"
#include "runtime/opt.h"

Tally *net_tally_new(lua_State *L, Bell *bell)
{
  Tally *t = calloc(1, sizeof *t);
  if (t == NULL) luaL_error(L, "not enough memory");
  t->refs = 1;
  t->bell = bell;
  bell_ref(bell);
  return t;
}

void net_tally_unref(Tally *t)
{
  if (t == NULL || --t->refs > 0) return;
  bell_unref(t->bell);
  free(t);
}

static void on_closed(Stream *s)
{
  Socket *k = (Socket *)s;
  Tally *t = k->tally;
  k->tally = NULL;
  if (t == NULL) return;
  if (--t->count == 0) bell_ring(t->bell);
  net_tally_unref(t);
}

Socket *net_socket_new(lua_State *L)
{
  int flags = STREAM_READ | STREAM_WRITE | STREAM_CONNECTION;
  Socket *k = (Socket *)stream_new_in(L, sizeof *k, -1, flags);
  k->stream.closed = on_closed;
  return k;
}

void net_socket_take(Socket *k, int fd, const Peer *peer, Tally *tally)
{
  nofile_note(fd);
  k->stream.fd = fd;
  k->peer = *peer;
  k->tally = tally;
  if (tally == NULL) return;
  tally->refs++;
  tally->count++;
}

static Socket *check(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  luaL_argcheck(L, s->closed == on_closed, 1, "a connection expected");
  return (Socket *)s;
}

int net_open(int family)
{
  int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 && errno == EMFILE && nofile_raise())
    fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return fd < 0 ? -errno : fd;
}

/* An abstract name is not ended by a NUL, and may hold some. */
static int path_address(const char *path, size_t n, struct sockaddr_un *un)
{
  size_t most = sizeof un->sun_path - (n > 0 && *path ? 1 : 0);
  if (n > most) return UV_EINVAL;
  un->sun_family = AF_UNIX;
  memcpy(un->sun_path, path, n);
  return (int)(offsetof(struct sockaddr_un, sun_path) + n + (n > 0 && *path ? 1 : 0));
}

int net_plan_address(lua_State *L, int plan, const char *prefix, struct sockaddr_storage *out)
{
  size_t n;
  memset(out, 0, sizeof *out);
  lua_pushfstring(L, "%spath", prefix);
  if (lua_gettable(L, plan) == LUA_TSTRING) {
    const char *path = lua_tolstring(L, -1, &n);
    int size = path_address(path, n, (struct sockaddr_un *)out);
    lua_pop(L, 1);
    return size;
  }
  lua_pushfstring(L, "%sport", prefix);
  lua_gettable(L, plan);
  lua_pushfstring(L, "%saddress", prefix);
  lua_gettable(L, plan);
  const char *text = lua_tostring(L, -1);
  socklen_t size = text ? address_parse(text, (int)lua_tointeger(L, -2), out) : 0;
  lua_pop(L, 3);
  return size ? (int)size : UV_EINVAL;
}

int net_push_name(lua_State *L, const struct sockaddr *name, socklen_t size)
{
  const struct sockaddr_un *un = (const struct sockaddr_un *)name;
  size_t head = offsetof(struct sockaddr_un, sun_path);
  if (name->sa_family != AF_UNIX) return address_push(L, name);
  size_t n = size > head ? size - head : 0;
  if (n > 0 && un->sun_path[0]) n = strnlen(un->sun_path, n);
  lua_pushlstring(L, un->sun_path, n);
  lua_pushnil(L);
  lua_pushliteral(L, "unix");
  return 3;
}

typedef int (*NameOf)(int fd, struct sockaddr *name, socklen_t *size);

static int push_name_of(lua_State *L, int fd, NameOf name_of)
{
  struct sockaddr_storage name = {0};
  socklen_t size = sizeof name;
  if (fd < 0 || name_of(fd, (struct sockaddr *)&name, &size) < 0) return 0;
  return net_push_name(L, (struct sockaddr *)&name, size);
}

/* name(fd) -> address, port, family | nothing: what a descriptor is bound to */
static int l_name(lua_State *L)
{
  return push_name_of(L, (int)luaL_checkinteger(L, 1), getsockname);
}

/* peer(socket) -> address, port, family | nothing: the other side, also after the end; a path only
   while the connection is open */
static int l_peer(lua_State *L)
{
  Socket *k = check(L);
  if (k->peer.any.sa_family == AF_INET || k->peer.any.sa_family == AF_INET6)
    return address_push(L, &k->peer.any);
  return push_name_of(L, k->stream.fd, getpeername);
}

/* counts(socket) -> bytes received, bytes handed to the kernel */
static int l_counts(lua_State *L)
{
  Socket *k = check(L);
  lua_pushinteger(L, (lua_Integer)k->stream.received);
  lua_pushinteger(L, (lua_Integer)k->stream.sent);
  return 2;
}

static int set_int(int fd, int level, int name, int value)
{
  return setsockopt(fd, level, name, &value, sizeof value) < 0 ? -errno : 0;
}

/* The first probe after `seconds` of silence, then as libuv: one a second, ten of them. */
static int set_keep_alive(int fd, int seconds)
{
  int r = set_int(fd, SOL_SOCKET, SO_KEEPALIVE, seconds >= 0);
#ifdef TCP_KEEPIDLE
  if (r == 0 && seconds > 0) r = set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
  if (r == 0 && seconds > 0) r = set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
  if (r == 0 && seconds > 0) r = set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, 10);
#endif
  return r;
}

static int set_reset(int fd)
{
  struct linger linger = {.l_onoff = 1};
  return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0 ? -errno : 0;
}

/* set(socket, "no_delay", 0 | 1), set(socket, "keep_alive", -1 | seconds), set(socket, "reset")
   -> true | nil, message, code */
static int l_set(lua_State *L)
{
  static const char *const names[] = {"no_delay", "keep_alive", "reset", NULL};
  Socket *k = check(L);
  int option = luaL_checkoption(L, 2, NULL, names), value = (int)luaL_optinteger(L, 3, 0);
  int fd = k->stream.fd, r;
  if (fd < 0)
    r = UV_EBADF;
  else if (option == 0)
    r = set_int(fd, IPPROTO_TCP, TCP_NODELAY, value);
  else
    r = option == 1 ? set_keep_alive(fd, value) : set_reset(fd);
  if (r < 0) return err_push(L, r, names[option]);
  lua_pushboolean(L, 1);
  return 1;
}

static int is_stream_socket(int fd)
{
  int type, family;
  socklen_t size = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0) return -errno;
  struct sockaddr_storage name = {0};
  size = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &size) < 0) return -errno;
  family = name.ss_family;
  bool known = family == AF_INET || family == AF_INET6 || family == AF_UNIX;
  return type == SOCK_STREAM && known ? 0 : UV_EINVAL;
}

/* adopt(fd, shared) -> socket | nil, message, code: takes a connection over; on failure it is left
   alone. shared: others may go on using it, so it is not made non-blocking. */
static int l_adopt(lua_State *L)
{
  int fd = (int)luaL_checkinteger(L, 1), on = 1, listening = 0;
  bool shared = lua_toboolean(L, 2);
  socklen_t size = sizeof listening;
  Socket *k = net_socket_new(L);
  int r = is_stream_socket(fd);
  if (r == 0) getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
  if (listening) r = UV_EINVAL;
  if (r == 0 && !shared && ioctl(fd, FIONBIO, &on) < 0) r = -errno;
  if (r == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) r = -errno;
  if (shared) k->stream.flags |= STREAM_SHARED;
  if (r < 0) {
    handle_close(&k->stream.base);
    return err_push(L, r, "no connection");
  }
  struct sockaddr_storage name = {0};
  Peer peer = {0};
  size = sizeof name;
  if (getpeername(fd, (struct sockaddr *)&name, &size) == 0) memcpy(&peer, &name, sizeof peer);
  net_socket_take(k, fd, &peer, NULL);
  return 1;
}

/* duplicate(fd) -> descriptor | nil, message, code */
static int l_duplicate(lua_State *L)
{
  int fd = (int)luaL_checkinteger(L, 1), copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (copy < 0 && errno == EMFILE && nofile_raise()) copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return err_push(L, -errno, NULL);
  nofile_note(copy);
  lua_pushinteger(L, copy);
  return 1;
}

/* close_fd(fd): one that nobody took over */
static int l_close_fd(lua_State *L)
{
  close((int)luaL_checkinteger(L, 1));
  return 0;
}

static bool is_ip6(const char *text)
{
  char plain[INET6_ADDRSTRLEN] = "";
  struct in6_addr address;
  size_t n = strcspn(text, "%");
  if (n >= sizeof plain || (text[n] == '%' && text[n + 1] == 0)) return false;
  memcpy(plain, text, n);
  return inet_pton(AF_INET6, plain, &address) == 1;
}

/* is_ip(text) -> 4, 6, or 0: no address */
static int l_is_ip(lua_State *L)
{
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n);
  struct in_addr address;
  int family = strlen(text) != n                         ? 0
               : inet_pton(AF_INET, text, &address) == 1 ? 4
               : is_ip6(text)                            ? 6
                                                         : 0;
  lua_pushinteger(L, family);
  return 1;
}

int luaopen_procrun_core_net(lua_State *L)
{
  static const luaL_Reg functions[] = {{"listen", net_l_listen},
                                       {"adopt_server", net_l_adopt_server},
                                       {"probe", net_l_probe},
                                       {"dial", net_l_dial},
                                       {"adopt", l_adopt},
                                       {"duplicate", l_duplicate},
                                       {"close_fd", l_close_fd},
                                       {"name", l_name},
                                       {"peer", l_peer},
                                       {"counts", l_counts},
                                       {"set", l_set},
                                       {"is_ip", l_is_ip},
                                       {NULL, NULL}};
  net_listen_define(L);
  net_connect_define(L);
  luaL_newlib(L, functions);
  return 1;
}
