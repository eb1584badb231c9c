/* stream.c - bytes over any descriptor: opening, polling, reading, closing. stream_out.c writes. */
#include "runtime/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/stream_impl.h"

enum { READS_PER_TURN = 4 };

static void on_poll(uv_poll_t *poll, int status, int events);

/* Nobody else may see O_NONBLOCK on a shared description: get one of our own from /proc. */
static bool reopen(Stream *s)
{
  char path[40];
  int mode = s->flags & STREAM_WRITE ? (s->flags & STREAM_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
  snprintf(path, sizeof path, "/proc/self/fd/%d", s->fd);
  int fd = open(path, mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  if (s->fd > 2) close(s->fd);
  s->fd = fd;
  return true;
}

static int open_poll(Stream *s)
{
  int old = fcntl(s->fd, F_GETFL);
  int r = uv_poll_init(&s->base.rt->loop, &s->poll, s->fd);
  if (r == UV_EPERM) { /* epoll refuses what never blocks: /dev/null, regular files */
    if (old >= 0) fcntl(s->fd, F_SETFL, old);
    s->engine = ENGINE_DIRECT;
    return 0;
  }
  if (r < 0) return r;
  if ((s->socket || s->blocking) && old >= 0 && !(old & O_NONBLOCK)) fcntl(s->fd, F_SETFL, old);
  s->base.uv = (uv_handle_t *)&s->poll;
  s->poll.data = s;
  s->engine = ENGINE_POLL;
  uv_unref((uv_handle_t *)&s->poll);
  return 0;
}

int stream_prepare(Stream *s)
{
  if (s->engine != ENGINE_NONE) return 0;
  struct stat st;
  if (s->flags & STREAM_POOL) {
    s->engine = ENGINE_POOL;
    return 0;
  }
  if (fstat(s->fd, &st) < 0) return -errno;
  if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) {
    s->engine = ENGINE_DIRECT;
    return 0;
  }
  s->socket = S_ISSOCK(st.st_mode);
  s->terminal = S_ISCHR(st.st_mode) && isatty(s->fd);
  if (s->flags & STREAM_SHARED && !s->socket) s->blocking = !reopen(s);
  return open_poll(s);
}

static bool wants_input(const Stream *s)
{
  if (s->eof || !s->base.open || !(s->flags & STREAM_READ)) return false;
  if (s->readers.head) return true;
  return (s->capture || s->flowing) && buf_size(&s->in) < s->in_limit;
}

void stream_set_ref(Stream *s)
{
  if (s->engine != ENGINE_POLL || !s->base.open) return;
  bool held = s->readers.head || buf_size(&s->out) > 0 || ((s->flowing || s->capture) && !s->eof);
  if (held)
    uv_ref((uv_handle_t *)&s->poll);
  else
    uv_unref((uv_handle_t *)&s->poll);
}

void stream_update(Stream *s)
{
  if (!s->base.open) return;
  if (s->engine == ENGINE_POOL) stream_pool_start(s, wants_input(s));
  if (s->engine != ENGINE_POLL) return;
  int events = (wants_input(s) ? UV_READABLE : 0) | (buf_size(&s->out) > 0 ? UV_WRITABLE : 0);
  if (events != s->events) {
    s->events = events;
    if (events)
      uv_poll_start(&s->poll, events, on_poll);
    else
      uv_poll_stop(&s->poll);
  }
  stream_set_ref(s);
}

static bool is_ready(const Stream *s, short events)
{
  struct pollfd p = {.fd = s->fd, .events = events};
  return poll(&p, 1, 0) > 0;
}

/* One read into `in`: bytes, 0 at the end of file, or a libuv code (UV_EAGAIN: nothing now). */
static ssize_t read_once(Stream *s)
{
  char *room = buf_reserve(&s->in, STREAM_CHUNK);
  if (room == NULL) return UV_ENOMEM;
  ssize_t n;
  do {
    if (s->blocking && !is_ready(s, POLLIN)) return UV_EAGAIN;
    n = s->socket ? recv(s->fd, room, STREAM_CHUNK, MSG_DONTWAIT) : read(s->fd, room, STREAM_CHUNK);
  } while (n < 0 && errno == EINTR);
  if (n > 0) buf_commit(&s->in, (size_t)n);
  return n < 0 ? -errno : n;
}

void stream_at_end(Stream *s, int error)
{
  s->eof = true;
  s->read_error = error;
  s->base.rt->progress++;
  wait_wake_all(&s->readers);
  bell_ring(s->bell);
}

/* Looks at what a read gave; false when there is no point in another one now. */
static bool take(Stream *s, ssize_t n)
{
  if (n > 0) {
    s->base.rt->progress += (uint64_t)n;
    if (s->capture && buf_size(&s->in) >= s->in_limit) {
      s->overflow = true;
      bell_ring(s->bell);
    }
    return n == STREAM_CHUNK;
  }
  if (n == UV_EAGAIN) return false;
  /* A peer that died with our bytes unread, or a terminal that hung up: an end like any other. */
  bool plain = n == 0 || n == UV_ECONNRESET || (n == UV_EIO && s->terminal);
  stream_at_end(s, plain ? 0 : (int)n);
  return false;
}

static void fill(Stream *s)
{
  for (int i = 0; i < READS_PER_TURN && !s->eof; i++) {
    if (!take(s, read_once(s))) break;
    if (s->readers.head == NULL && buf_size(&s->in) >= s->in_limit) break;
  }
  wait_wake(&s->readers);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Stream *s = poll->data;
  if (status < 0) { /* EPOLLERR: libuv has stopped watching; the calls below find out what it is */
    s->events = 0;
    events = UV_READABLE | UV_WRITABLE;
  }
  if (events & UV_READABLE && wants_input(s)) fill(s);
  if (events & UV_WRITABLE && buf_size(&s->out) > 0) stream_flush(s, false);
  stream_update(s);
}

void stream_want(Stream *s)
{
  int r = stream_prepare(s);
  if (s->eof) return;
  if (r < 0)
    stream_at_end(s, r);
  else if (s->engine != ENGINE_POOL && !(s->flags & STREAM_READ))
    stream_at_end(s, UV_EBADF);
  else if (s->engine != ENGINE_POOL)
    fill(s);
}

void stream_pull(Stream *s)
{
  enum { MOST = 64 }; /* no pipe or socket buffer holds more; a grandchild may go on writing */
  if (!s->base.open || s->eof || stream_prepare(s) < 0 || s->engine == ENGINE_POOL) return;
  for (int i = 0; i < MOST && !s->eof; i++) {
    ssize_t n = read_once(s);
    take(s, n);
    if (n <= 0) break;
  }
  wait_wake(&s->readers);
  stream_update(s);
}

void stream_pull_more(Stream *s)
{
  if (s->base.open && !s->eof) stream_update(s);
}

void stream_capture(Stream *s, size_t limit)
{
  s->capture = true;
  s->in_limit = limit;
  if (s->eof) return;
  int r = stream_prepare(s);
  if (r < 0) stream_at_end(s, r);
  if (s->engine == ENGINE_DIRECT)
    while (!s->eof && !s->overflow) fill(s);
  stream_update(s);
}

static void on_readers_changed(WaitList *list)
{
  stream_update((Stream *)((char *)list - offsetof(Stream, readers)));
}

static void on_turn(Turn *turn)
{
  stream_flush((Stream *)((char *)turn - offsetof(Stream, turn)), false);
}

static void close_stream(Handle *h)
{
  Stream *s = (Stream *)h;
  turn_forget(h->rt, &s->turn);
  if (s->engine == ENGINE_POLL) uv_poll_stop(&s->poll);
  stream_pool_detach(s);
  if (s->fd > 2) close(s->fd);
  s->fd = -1;
  s->eof = s->ended = true;
  wait_wake_all(&s->readers);
  wait_wake_all(&s->writers);
  bell_ring(s->bell);
}

/* Unsent bytes go out even though Lua has dropped the stream. */
static bool linger(Handle *h)
{
  Stream *s = (Stream *)h;
  if (buf_size(&s->out) > 0) stream_flush(s, false);
  s->lingering =
      (buf_size(&s->out) > 0 || s->job) && s->write_error == 0 && s->engine != ENGINE_NONE;
  s->capture = s->flowing = false;
  if (s->lingering) stream_update(s);
  return s->lingering;
}

static void release(Handle *h)
{
  Stream *s = (Stream *)h;
  bell_unref(s->bell);
  buf_free(&s->in);
  buf_free(&s->out);
}

static bool unsent(Handle *h)
{
  Stream *s = (Stream *)h;
  return s->write_error == 0 && (buf_size(&s->out) > 0 || (s->job && s->queued != s->sent));
}

const HandleType stream_type = {"procrun.stream", close_stream, linger, release, unsent};

Stream *stream_new(lua_State *L, int fd, int flags)
{
  Stream *s = handle_new(L, sizeof *s, &stream_type);
  s->fd = fd;
  s->flags = flags;
  s->in_limit = STREAM_IN_LIMIT;
  s->readers.changed = on_readers_changed;
  s->turn.flush = on_turn;
  s->eof = !(flags & STREAM_READ);
  s->ended = !(flags & STREAM_WRITE);
  handle_open(&s->base, NULL);
  return s;
}
