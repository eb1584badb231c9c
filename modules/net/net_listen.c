/* net_listen.c - listening sockets: accept waits, one connection at a time from the kernel's queue.
   local server = core.listen({address = "127.0.0.1", port = 0}, list); server:accept() */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/net/net.h"
#include "runtime/err.h"
#include "runtime/look.h"
#include "runtime/nofile.h"
#include "runtime/opt.h"
#include "runtime/trace.h"

typedef struct Server {
  Handle base;
  uv_poll_t poll;
  int fd;
  int spare;    /* accepted, and not yet a socket; -1: none */
  Peer peer;    /* of the spare */
  int events;   /* what is watched: connections while somebody takes them; else nothing happens */
  bool flowing; /* the dispatch task takes connections */
  bool unref;
  WaitList acceptors;
  Deadline pause; /* no descriptor or no memory was left: until then no further try */
  Tally *tally;
  char *path; /* to be removed at the end, if it is still the file that bind made */
  dev_t dev;
  ino_t ino;
} Server;

static const double PAUSE = 0.1;
enum { BACKLOG = 511 };

static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(Server *s, int events)
{
  if (s->events != events) uv_poll_start(&s->poll, events, on_poll);
  s->events = events;
}

/* It keeps the process alive; after unref() only a task that waits in accept() does. */
static void set_ref(Server *s)
{
  Task *first = s->acceptors.head;
  bool alive = (first && !first->daemon) || !s->unref;
  if (!s->base.open) return;
  if (alive)
    uv_ref((uv_handle_t *)&s->poll);
  else
    uv_unref((uv_handle_t *)&s->poll);
  deadline_ref(s->base.rt, &s->pause, alive);
}

static void on_acceptors_changed(WaitList *list)
{
  set_ref((Server *)((char *)list - offsetof(Server, acceptors)));
}

static void on_pause_over(Deadline *d)
{
  wait_wake_all(&((Server *)((char *)d - offsetof(Server, pause)))->acceptors);
}

/* Watched on while tasks come back for more; a queue that nobody empties would be told for ever. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
  Server *s = poll->data;
  if (status < 0 || events & UV_DISCONNECT) { /* another process has shut it down */
    uv_poll_stop(poll);
    s->events = 0;
    wait_wake_all(&s->acceptors);
  } else if (s->acceptors.head && s->pause.index == 0) {
    wait_wake(&s->acceptors);
  } else {
    watch(s, UV_DISCONNECT);
  }
}

static void remove_path(Server *s)
{
  struct stat st;
  if (s->path == NULL || lstat(s->path, &st) < 0) return;
  if (st.st_dev == s->dev && st.st_ino == s->ino) unlink(s->path);
}

static void close_server(Handle *h)
{
  Server *s = (Server *)h;
  if (TRACING(TRACE_NET)) net_trace("close", s->fd, -1, 0);
  deadline_disarm(h->rt, &s->pause);
  if (s->events) uv_poll_stop(&s->poll);
  remove_path(s); /* before the close: afterwards the name may be another server's */
  close(s->fd);
  if (s->spare >= 0) close(s->spare);
  s->fd = s->spare = -1;
  wait_wake_all(&s->acceptors);
  bell_ring(s->tally->bell);
}

static void release(Handle *h)
{
  Server *s = (Server *)h;
  net_tally_unref(s->tally);
  free(s->path);
}

static void look_at(Handle *h, lua_State *L)
{
  Server *s = (Server *)h;
  look_integer(L, "fd", s->fd);
  look_addresses(L, s->fd);
  look_integer(L, "connections", s->tally->count);
  look_waiters(L, "acceptors", &s->acceptors);
  look_flag(L, "listening", s->flowing);
  look_flag(L, "paused", s->pause.index != 0);
}

static const HandleType server_type = {"procrun.server", close_server, NULL,
                                       release,          NULL,         look_at};

static Server *new_server(lua_State *L, int list)
{
  Bell *bell = bell_check(L, list);
  Server *s = handle_new(L, sizeof *s, &server_type);
  s->fd = s->spare = -1;
  s->tally = net_tally_new(L, bell);
  s->acceptors.changed = on_acceptors_changed;
  s->pause.fire = on_pause_over;
  return s;
}

/* From here on the server owns fd; 0 or a libuv code. */
static int start(Server *s, int fd)
{
  int r = uv_poll_init(&s->base.rt->loop, &s->poll, fd);
  if (r < 0) return r;
  nofile_note(fd);
  s->fd = fd;
  handle_open(&s->base, (uv_handle_t *)&s->poll);
  watch(s, UV_DISCONNECT);
  return 0;
}

static int set_flag(int fd, int level, int name)
{
  int on = 1;
  return setsockopt(fd, level, name, &on, sizeof on) < 0 ? -errno : 0;
}

static int set_options(lua_State *L, int fd, int family)
{
  int r = 0;
  if (family != AF_UNIX) r = set_flag(fd, SOL_SOCKET, SO_REUSEADDR);
  if (r == 0 && opt_flag(L, 1, "reuse_port")) r = set_flag(fd, SOL_SOCKET, SO_REUSEPORT);
  if (r == 0 && family == AF_INET6 && opt_flag(L, 1, "ipv6_only"))
    r = set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY);
  return r;
}

/* Makes the socket file. Its mode is there before the file is, so that nobody gets in between; what
   the umask has taken away comes after. */
static int bind_path(Server *s, int fd, const struct sockaddr_un *un, socklen_t size, int mode)
{
  struct stat st;
  const char *path = un->sun_path;
  if (mode >= 0 && *path && fchmod(fd, (mode_t)mode) < 0) return -errno;
  if (bind(fd, (const struct sockaddr *)un, size) < 0) return -errno;
  if (size == sizeof un->sun_family || *path == 0) return 0;
  if (lstat(path, &st) == 0) {
    s->dev = st.st_dev;
    s->ino = st.st_ino;
  }
  return mode >= 0 && chmod(path, (mode_t)mode) < 0 ? -errno : 0;
}

/* socket, bind, listen: the descriptor, or a libuv code. The plan is argument 1. */
static int open_listening(lua_State *L, Server *s)
{
  struct sockaddr_storage address;
  int size = net_plan_address(L, 1, "", &address);
  if (size < 0) return size;
  int family = address.ss_family, mode = (int)opt_integer(L, 1, "mode", -1);
  int backlog = (int)opt_integer(L, 1, "backlog", BACKLOG);
  int fd = net_open(family);
  if (fd < 0) return fd;
  int r = set_options(L, fd, family);
  if (r == 0 && family == AF_UNIX)
    r = bind_path(s, fd, (struct sockaddr_un *)&address, (socklen_t)size, mode);
  else if (r == 0 && bind(fd, (struct sockaddr *)&address, (socklen_t)size) < 0)
    r = -errno;
  if (r == 0 && listen(fd, backlog) < 0) r = -errno;
  if (r == 0) r = start(s, fd);
  if (r == 0) return 0;
  remove_path(s);
  close(fd);
  return r;
}

/* listen(plan, list) -> server | nil, message, code. plan: address and port, or path; backlog,
   reuse_port, ipv6_only, mode, remove (the path once more, absolute). The list is woken when the
   server closes, and when its last connection does. */
int net_l_listen(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  Server *s = new_server(L, 2);
  const char *path = opt_string(L, 1, "remove");
  if (path && (s->path = strdup(path)) == NULL) return err_push(L, UV_ENOMEM, NULL);
  int r = open_listening(L, s);
  if (TRACING(TRACE_NET)) net_trace("listen", s->fd, -1, r);
  if (r < 0) return err_push(L, r, NULL);
  lua_settop(L, 3);
  return 1;
}

/* Can connections be accepted from it (after a listen, if none has been called)? */
static int check_listening(int fd)
{
  int value = 0;
  socklen_t size = sizeof value;
  struct sockaddr_storage name = {0};
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size) < 0) return -errno;
  if (value != SOCK_STREAM) return UV_EINVAL;
  size = sizeof value;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value) return 0;
  size = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &size) < 0) return -errno;
  const struct sockaddr_in *ip4 = (const struct sockaddr_in *)&name; /* the port: as of ip6 */
  bool bound = name.ss_family == AF_UNIX || ip4->sin_port != 0;
  if (!bound) return UV_EINVAL;
  return listen(fd, BACKLOG) < 0 ? -errno : 0; /* EINVAL: it is connected */
}

/* adopt_server(fd, list) -> server | nil, message, code: takes a descriptor over that is bound or
   listens; on failure it is left alone */
int net_l_adopt_server(lua_State *L)
{
  int fd = (int)luaL_checkinteger(L, 1), on = 1;
  Server *s = new_server(L, 2);
  int r = check_listening(fd);
  if (r == 0 && (ioctl(fd, FIONBIO, &on) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)) r = -errno;
  if (r == 0) r = start(s, fd);
  if (r < 0) return err_push(L, r, "no server");
  return 1;
}

/* Does a socket stand behind the path? Asked by one of another type, which it does not accept. */
static bool is_live(const struct sockaddr_un *un)
{
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return true;
  bool live = connect(fd, (const struct sockaddr *)un, sizeof *un) == 0 || errno != ECONNREFUSED;
  close(fd);
  return live;
}

/* probe(path) -> "stale" | "live" | "file": why a path is in use */
int net_l_probe(lua_State *L)
{
  size_t n;
  struct stat st;
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  const char *path = luaL_checklstring(L, 1, &n), *why = "live";
  if (n < sizeof un.sun_path && lstat(path, &st) == 0) {
    memcpy(un.sun_path, path, n);
    why = !S_ISSOCK(st.st_mode) ? "file" : is_live(&un) ? "live" : "stale";
  }
  lua_pushstring(L, why);
  return 1;
}

/* A connection that failed before it was taken (accept(2) names the errors): the next one, then. */
static bool is_passing(int error)
{
  return error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
         error == ENETUNREACH || error == EHOSTDOWN || error == EHOSTUNREACH ||
         error == ENOPROTOOPT;
}

static int accept_one(Server *s)
{
  struct sockaddr_storage name;
  while (s->spare < 0) {
    socklen_t size = sizeof name;
    name.ss_family = AF_UNSPEC;
    s->spare = accept4(s->fd, (struct sockaddr *)&name, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (s->spare >= 0) memcpy(&s->peer, &name, sizeof s->peer);
    if (s->spare >= 0 || is_passing(errno)) continue;
    if (errno != EMFILE || !nofile_raise()) return -errno;
  }
  return 0;
}

/* Argument 3: the caller is the dispatch task, which stops when it is told to. */
static int try_accept(lua_State *L, void *object)
{
  Server *s = object;
  if (!s->base.open) return err_push(L, UV_ECANCELED, "accept: the server was closed");
  if (lua_toboolean(L, 3) && !s->flowing) return 0;
  if (s->pause.index) return WAIT_MORE;
  int r = accept_one(s);
  if (r == UV_EAGAIN) { /* or another process was quicker */
    watch(s, UV_READABLE);
    return WAIT_MORE;
  }
  if (r < 0) { /* at most one failure per pause, however often it is tried */
    deadline_arm(s->base.rt, &s->pause, PAUSE);
    return err_push(L, r, "accept");
  }
  Socket *k = net_socket_new(L);
  if (TRACING(TRACE_NET)) net_trace("accept", s->spare, s->fd, 0);
  net_socket_take(k, s->spare, &s->peer, s->tally);
  s->spare = -1;
  return 1;
}

/* s:accept(timeout | nil, for_dispatch) -> socket | nil, message, code */
static int l_accept(lua_State *L)
{
  Server *s = handle_any(L, 1, &server_type);
  double timeout = opt_timeout(L, 2);
  lua_settop(L, 3);
  return task_wait(L, &(Wait){&s->acceptors, try_accept, s, timeout, "a connection", false});
}

/* s:flow(on): the dispatch task takes connections; when it does not any more its accept returns */
static int l_flow(lua_State *L)
{
  Server *s = handle_any(L, 1, &server_type);
  s->flowing = lua_toboolean(L, 2);
  set_ref(s);
  wait_wake_all(&s->acceptors);
  return 0;
}

/* s:ref(on): does it keep the process alive? */
static int l_ref(lua_State *L)
{
  Server *s = handle_any(L, 1, &server_type);
  s->unref = !lua_toboolean(L, 2);
  set_ref(s);
  return 0;
}

/* s:count() -> open connections that it has accepted */
static int l_count(lua_State *L)
{
  Server *s = handle_any(L, 1, &server_type);
  lua_pushinteger(L, s->tally->count);
  return 1;
}

/* s:fileno() -> descriptor | nil when closed */
static int l_fileno(lua_State *L)
{
  Server *s = handle_any(L, 1, &server_type);
  if (!s->base.open) return 0;
  lua_pushinteger(L, s->fd);
  return 1;
}

void net_listen_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"accept", l_accept}, {"flow", l_flow},     {"ref", l_ref},
                                     {"count", l_count},   {"fileno", l_fileno}, {NULL, NULL}};
  handle_type(L, &server_type, methods);
}
