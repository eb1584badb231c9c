/* stdio.c - standard input, output and error: what Lua and C write, on one queue. */
#include "runtime/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/exit.h"
#include "runtime/signals.h"
#include "runtime/stream_impl.h"

enum { BLOCK_AT = 16 * STREAM_HIGH }; /* C code that writes on and on is held here */

typedef struct Cookie {
  Runtime *rt;
  int fd;
} Cookie;

static Cookie cookies[3];
static bool ended; /* stdio_end was called */

static int open_null(void)
{
  int fd = open("/dev/null", O_RDWR);
  return fd < 0 ? open("/", O_RDONLY) : fd; /* a root without devices: every use fails */
}

void stdio_prepare(void)
{
#ifdef SYS_close_range
  syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */); /* inherited ones stay with us */
#endif
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      if (open_null() != fd) _exit(1); /* the lowest free number is fd */
}

/* A reader that went away ends us as it ends any program in a pipeline: by SIGPIPE, quietly; unless
   the script listens to that. The kernel has sent it, except for a socket. */
static void on_output_failed(Stream *s)
{
  Runtime *rt = s->base.rt;
  if (ended || rt->exiting) return;
  if (s->write_error != UV_EPIPE)
    exit_begin(rt, 1, 0);
  else if (!signals_is_watched(SIGPIPE))
    exit_begin(rt, 128 + SIGPIPE, SIGPIPE);
  else if (s->socket)
    raise(SIGPIPE);
}

int stdio_failure(Runtime *rt)
{
  Stream *s = rt->stdio[1];
  return s && s->write_error != UV_EPIPE ? s->write_error : 0;
}

/* The other side has to see the end now, and the number must not come to mean something else: it
   becomes /dev/null. */
static void on_closed(Stream *s)
{
  s->base.rt->stdio[s->standard] = NULL;
  if (ended) return;
  int fd = open_null();
  if (fd < 0) return;
  dup2(fd, s->standard);
  close(fd);
}

/* Anchored in the registry under its own address: standard streams live as long as the state, also one
   that was closed, and is kept by its successor. */
Stream *stdio_get(lua_State *L, int fd)
{
  static const int flags[] = {STREAM_READ | STREAM_SHARED,
                              STREAM_WRITE | STREAM_SHARED | STREAM_LAZY,
                              STREAM_WRITE | STREAM_SHARED};
  Runtime *rt = rt_get(L);
  if (rt->stdio[fd]) return rt->stdio[fd];
  handle_type(L, &stream_type, NULL);
  Stream *s = stream_new(L, fd, flags[fd]);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &cookies[fd]);
  lua_setiuservalue(L, -2, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &cookies[fd]);
  s->standard = fd;
  s->closed = on_closed;
  if (fd == 1) s->failed = on_output_failed;
  rt->stdio[fd] = s;
  return s;
}

Stream *stdio_push(lua_State *L, int fd)
{
  Stream *s = stdio_get(L, fd);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &cookies[fd]);
  return s;
}

int stdio_put(Runtime *rt, int fd, const char *bytes, size_t n)
{
  if (ended && rt->stdio[fd] == NULL) return stdio_write_directly(fd, bytes, n); /* it is gone */
  Stream *s = stream_sink(stdio_get(rt->L, fd));
  int r = stream_write(s, bytes, n);
  if (r == 0 && (fd == 2 || ended || rt->forked) && s->flags & STREAM_LAZY)
    stream_flush(s, ended || rt->forked);
  return r < 0 ? r : s->write_error;
}

int stdio_emit(Runtime *rt, int fd, const char *bytes, size_t n)
{
  if (fd == 1) stdio_take_aside(rt);
  return stdio_put(rt, fd, bytes, n);
}

static ssize_t on_cookie_write(void *cookie, const char *bytes, size_t n)
{
  Cookie *c = cookie;
  bool ours = stdio_is_owner();
  int r = (ours ? stdio_emit : stdio_write_aside)(c->rt, c->fd, bytes, n);
  if (r < 0) {
    errno = -r;
    return 0;
  }
  if (!ours) return (ssize_t)n;
  Stream *s = c->rt->stdio[c->fd] ? stream_sink(c->rt->stdio[c->fd]) : NULL;
  if (s && buf_size(&s->out) > BLOCK_AT) stream_flush(s, true);
  return (ssize_t)n;
}

static FILE *open_cookie(Runtime *rt, int fd)
{
  cookies[fd] = (Cookie){rt, fd};
  FILE *f = fopencookie(&cookies[fd], "w", (cookie_io_functions_t){.write = on_cookie_write});
  if (f == NULL) return NULL;
  setvbuf(f, NULL, _IONBF, 0); /* the stream gathers; a second buffer would mix the order */
#ifdef __GLIBC__
  f->_fileno = fd; /* fileno: C modules ask whether it is a terminal, or lock it */
#endif
  return f;
}

void stdio_flush_now(Runtime *rt)
{
  stdio_take_aside(rt); /* a thread that waits for room has stdout locked */
  fflush(stdout);
  stdio_take_aside(rt);
  for (int fd = 1; fd <= 2; fd++)
    if (rt->stdio[fd]) stream_flush(rt->stdio[fd], true);
}

void stdio_forget(Runtime *rt)
{
  for (int fd = 1; fd <= 2; fd++)
    if (rt->stdio[fd]) buf_free(&rt->stdio[fd]->out);
}

/* A C library that calls exit() takes the short way out; what was printed must still arrive. (Where
   one of its threads has forked, that belongs to the first process.) */
static void on_c_exit(void)
{
  Runtime *rt = cookies[1].rt;
  if (rt && !ended && (!rt->forked || stdio_is_owner())) stdio_flush_now(rt);
}

void stdio_install(Runtime *rt)
{
  FILE *out = open_cookie(rt, 1), *err = open_cookie(rt, 2);
  if (out) stdout = out;
  if (err) stderr = err;
  stdio_own();
  rt->woken = stdio_take_aside;
  atexit(on_c_exit);
}

/* Whoever had the time to read and did not, is not waited for again. */
void stdio_end(Runtime *rt)
{
  stdio_end_aside(rt);
  ended = true;
  for (int fd = 1; fd <= 2; fd++)
    if (rt->stdio[fd] && buf_size(&rt->stdio[fd]->out) > 0)
      stream_fail(rt->stdio[fd], UV_ETIMEDOUT);
}

void stdio_flush_all(Runtime *rt)
{
  stdio_take_aside(rt);
  fflush(stdout);
  fflush(stderr);
  stdio_take_aside(rt);
  for (int fd = 1; fd <= 2; fd++)
    if (rt->stdio[fd]) stream_flush(rt->stdio[fd], false);
}
