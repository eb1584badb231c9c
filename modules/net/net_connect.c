/* net_connect.c - one attempt to connect; several may run side by side.
   local dial = core.dial({address = "127.0.0.1", port = 80}, list); dial:outcome() */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "modules/net/net.h"
#include "runtime/err.h"
#include "runtime/look.h"
#include "runtime/opt.h"
#include "runtime/trace.h"

typedef struct Dial {
  Handle base;
  uv_poll_t poll;
  int fd;
  bool watching, done;
  int error; /* once done; a libuv code */
  Bell *bell;
  Deadline
      again; /* the other side's queue is full, and the kernel does not tell when it has room */
  double delay;
  struct sockaddr_storage to;
  socklen_t size;
} Dial;

static const double FIRST_DELAY = 0.001, MOST_DELAY = 0.1;

static void settle(Dial *d, int error)
{
  d->done = true;
  d->error = error;
  if (TRACING(TRACE_NET)) net_trace("connect", d->fd, -1, error);
  if (d->watching) uv_poll_stop(&d->poll);
  d->watching = false;
  bell_ring(d->bell);
}

/* A port of this machine that nobody listens at may be given to the socket that asks for it. */
static bool is_self(const Dial *d)
{
  struct sockaddr_storage own = {0};
  socklen_t size = sizeof own;
  if (d->to.ss_family == AF_UNIX) return false;
  const struct sockaddr_in *a = (const struct sockaddr_in *)&own, *b = (const void *)&d->to;
  if (getsockname(d->fd, (struct sockaddr *)&own, &size) < 0) return false;
  if (a->sin_port != b->sin_port) return false;
  struct sockaddr_storage peer = {0};
  size = sizeof peer;
  if (getpeername(d->fd, (struct sockaddr *)&peer, &size) < 0) return false;
  if (own.ss_family == AF_INET)
    return a->sin_addr.s_addr == ((struct sockaddr_in *)&peer)->sin_addr.s_addr;
  return IN6_ARE_ADDR_EQUAL(&((struct sockaddr_in6 *)&own)->sin6_addr,
                            &((struct sockaddr_in6 *)&peer)->sin6_addr);
}

static void look(Dial *d)
{
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) error = errno;
  if (error == 0 && is_self(d)) error = ECONNREFUSED;
  settle(d, -error);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Dial *d = poll->data;
  (void)events;
  if (status < 0) d->watching = false; /* libuv has stopped; the socket knows why */
  look(d);
}

static int watch(Dial *d)
{
  int r = uv_poll_init(&d->base.rt->loop, &d->poll, d->fd);
  if (r < 0) return r;
  d->poll.data = d;
  d->base.uv = (uv_handle_t *)&d->poll;
  d->watching = true;
  return uv_poll_start(&d->poll, UV_WRITABLE, on_poll);
}

static void attempt(Dial *d)
{
  struct pollfd p = {.fd = d->fd, .events = POLLOUT};
  if (connect(d->fd, (struct sockaddr *)&d->to, d->size) == 0) {
    look(d);
  } else if (errno == EINPROGRESS || errno == EINTR) {
    int r = 0;
    if (poll(&p, 1, 0) > 0) /* on this machine it is decided at once */
      look(d);
    else
      r = watch(d);
    if (r < 0) settle(d, r);
  } else if (errno == EAGAIN && d->to.ss_family == AF_UNIX) {
    d->delay = d->delay * 2 > MOST_DELAY ? MOST_DELAY : d->delay * 2;
    deadline_arm(d->base.rt, &d->again, d->delay);
  } else {
    settle(d, -errno);
  }
}

static void on_again(Deadline *deadline)
{
  attempt((Dial *)((char *)deadline - offsetof(Dial, again)));
}

static void close_dial(Handle *h)
{
  Dial *d = (Dial *)h;
  deadline_disarm(h->rt, &d->again);
  if (d->watching) uv_poll_stop(&d->poll);
  if (d->fd >= 0) close(d->fd);
  d->fd = -1;
}

static void release(Handle *h)
{
  bell_unref(((Dial *)h)->bell);
}

static void look_at(Handle *h, lua_State *L)
{
  Dial *d = (Dial *)h;
  look_integer(L, "fd", d->fd);
  look_flag(L, "alive", d->again.index != 0);
}

static const HandleType dial_type = {"procrun.dial", close_dial, NULL, release, NULL, look_at};

static int bind_local(lua_State *L, Dial *d)
{
  struct sockaddr_storage local;
  bool wanted = lua_getfield(L, 1, "local_address") != LUA_TNIL;
  lua_pop(L, 1);
  if (!wanted) return 0;
  int size = net_plan_address(L, 1, "local_", &local);
  if (size < 0) return size;
  return bind(d->fd, (struct sockaddr *)&local, (socklen_t)size) < 0 ? -errno : 0;
}

/* dial(plan, list) -> dial | nil, message, code. plan: address and port, or path; local_address,
   local_port. The list is woken when outcome() has one. */
int net_l_dial(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  Bell *bell = bell_check(L, 2);
  lua_settop(L, 2);
  Dial *d = handle_new(L, sizeof *d, &dial_type);
  d->fd = -1;
  d->bell = bell;
  d->delay = FIRST_DELAY;
  d->again.fire = on_again;
  bell_ref(bell);
  handle_open(&d->base, NULL);
  int r = net_plan_address(L, 1, "", &d->to);
  if (r >= 0) {
    d->size = (socklen_t)r;
    r = d->fd = net_open(d->to.ss_family);
  }
  if (r >= 0) r = bind_local(L, d);
  if (r < 0) {
    handle_close(&d->base);
    return err_push(L, r, NULL);
  }
  attempt(d);
  return 1;
}

/* d:outcome() -> nil: not yet | socket | false, message, code */
static int l_outcome(lua_State *L)
{
  Dial *d = handle_check(L, 1, &dial_type);
  if (!d->done) {
    lua_pushnil(L);
    return 1;
  }
  if (d->error) {
    int n = err_push(L, d->error, NULL);
    lua_pushboolean(L, 0);
    lua_replace(L, -n - 1);
    return n;
  }
  Socket *k = net_socket_new(L);
  Peer peer = {0};
  if (d->to.ss_family != AF_UNIX) peer.ip6 = *(struct sockaddr_in6 *)&d->to;
  int fd = d->fd;
  d->fd = -1;
  handle_close(&d->base);
  net_socket_take(k, fd, &peer, NULL);
  return 1;
}

void net_connect_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"outcome", l_outcome}, {NULL, NULL}};
  handle_type(L, &dial_type, methods);
}
