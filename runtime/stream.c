/* stream.c - bytes over any descriptor: opening, polling, closing. stream_in.c reads, stream_out.c
   writes. */
#include "runtime/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/nofile.h"
#include "runtime/stream_impl.h"
#include "runtime/trace.h"

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Stream *s = poll->data;
  if (status < 0) { /* EPOLLERR: libuv has stopped watching; the calls below find out what it is */
    s->events = 0;
    events = UV_READABLE | UV_WRITABLE;
  }
  bool read = events & UV_READABLE && stream_wants_input(s);
  bool write = events & UV_WRITABLE && buf_size(&s->out) > 0;
  if (read) stream_fill(s);
  if (write) stream_flush(s, false);
  if (!s->base.open) return;
  bool over = s->eof && buf_size(&s->out) == 0;   /* a hang-up would be told again and again */
  if (s->events && (over || (!read && !write))) { /* what nobody wants any more */
    s->events = 0;
    uv_poll_stop(&s->poll);
  }
  stream_update(s);
}

/* Replaces our descriptor by another one for the same thing. */
static void take_over(Stream *s, int fd)
{
  if (s->fd > 2) close(s->fd);
  s->fd = fd;
}

static bool is_hung_up(int fd)
{
  struct pollfd p = {.fd = fd};
  return poll(&p, 1, 0) > 0 && (p.revents & POLLHUP);
}

/* Not where the last writer of a FIFO has gone: the new descriptor would wait for another one. */
static bool reopen(Stream *s)
{
  char path[40];
  int mode = s->flags & STREAM_WRITE ? (s->flags & STREAM_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
  snprintf(path, sizeof path, "/proc/self/fd/%d", s->fd);
  int fd = open(path, mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd >= 0 && mode == O_RDONLY && is_hung_up(s->fd) && !is_hung_up(fd)) {
    close(fd);
    return false;
  }
  if (fd >= 0) take_over(s, fd);
  return fd >= 0;
}

/* uv_poll_init sets O_NONBLOCK on its descriptor. So it is given one of a pipe, and the number is
   made to mean ours afterwards: all that libuv keeps is the number. */
static int init_quietly(Stream *s)
{
  uv_file pipe[2];
  int r = uv_pipe(pipe, 0, 0);
  if (r < 0) return r;
  r = uv_poll_init(&s->base.rt->loop, &s->poll, pipe[0]);
  close(pipe[1]);
  if (r == 0 && dup3(s->fd, pipe[0], O_CLOEXEC) < 0) r = -errno;
  if (r < 0)
    close(pipe[0]);
  else
    take_over(s, pipe[0]);
  return r;
}

/* A device that could not be opened anew: only epoll knows whether it can be watched. */
static int init_device(Stream *s)
{
  int old = fcntl(s->fd, F_GETFL);
  int r = uv_poll_init(&s->base.rt->loop, &s->poll, s->fd);
  if (r == 0 && old >= 0 && !(old & O_NONBLOCK)) fcntl(s->fd, F_SETFL, old);
  return r;
}

static int open_poll(Stream *s, const struct stat *st)
{
  bool shared = s->flags & STREAM_SHARED && (s->socket || s->blocking);
  bool known = s->socket || s->terminal || S_ISFIFO(st->st_mode);
  int r = shared && known       ? init_quietly(s)
          : shared || s->socket ? init_device(s)
                                : uv_poll_init(&s->base.rt->loop, &s->poll, s->fd);
  bool none_left = (r == UV_EMFILE || r == UV_ENFILE) && shared && !(s->flags & STREAM_READ);
  if (r == UV_EPERM || none_left) { /* epoll refuses what never blocks: /dev/null, regular files.
                                       And what is printed must go out without a descriptor, too */
    s->engine = ENGINE_DIRECT;
    return 0;
  }
  if (r < 0) return r;
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
  return open_poll(s, &st);
}

/* Where both ends are ours alone, nothing moves unless a task of ours reads and another has written:
   such a wait does not keep the process alive. */
static bool is_internal(const Stream *s)
{
  return s->peer && !s->exposed && !s->peer->exposed;
}

static bool keeps_alive(const Stream *s)
{
  if (buf_size(&s->out) > 0 && !is_internal(s)) return true;
  if (s->flowing && !s->eof) return !s->loose; /* its reader is the task that dispatches */
  if (s->capture && !s->eof && !s->loose) return true;
  bool idle = is_internal(s) && !s->peer->ended && s->peer->queued == s->received;
  return s->readers.head && !idle;
}

void stream_set_ref(Stream *s)
{
  if (s->engine != ENGINE_POLL || !s->base.open) return;
  if (keeps_alive(s))
    uv_ref((uv_handle_t *)&s->poll);
  else
    uv_unref((uv_handle_t *)&s->poll);
}

/* Events that are watched and no longer wanted stay until they come: most readers are back soon. */
void stream_update(Stream *s)
{
  if (!s->base.open) return;
  if (s->engine == ENGINE_POOL) stream_pool_start(s, stream_wants_input(s));
  if (s->engine != ENGINE_POLL) return;
  int events =
      (stream_wants_input(s) ? UV_READABLE : 0) | (buf_size(&s->out) > 0 ? UV_WRITABLE : 0);
  if (events & ~s->events) {
    s->events = events;
    uv_poll_start(&s->poll, events, on_poll);
  }
  stream_set_ref(s);
}

/* A pipe of 256 KiB spares a busy pair of processes most of the turns that one waits for the other.
   What a user's pipes may take in all is limited, and who comes after that gets tiny ones: so only a
   few are widened at a time. A refusal does no harm. */
void stream_widen(Stream *s)
{
  enum { WIDE = 256 * 1024, MOST = 16 };
  Runtime *rt = s->base.rt;
  if (s->wide || s->socket || rt->wide_pipes == MOST) return;
  int size = fcntl(s->fd, F_GETPIPE_SZ);
  if (size <= 0 || size >= WIDE || fcntl(s->fd, F_SETPIPE_SZ, WIDE) < 0) return;
  s->wide = true;
  rt->wide_pipes++;
}

int stream_give(Stream *s)
{
  s->exposed = true;
  if (s->standard >= 0) return s->standard;
  int flags = s->fd >= 0 ? fcntl(s->fd, F_GETFL) : 0;
  bool unused = s->engine == ENGINE_NONE;
  if (unused) s->flags |= STREAM_SHARED;
  if (flags >= 0 && flags & O_NONBLOCK && (unused || s->engine == ENGINE_POLL)) {
    fcntl(s->fd, F_SETFL, flags & ~O_NONBLOCK);
    s->blocking = !unused && !s->socket;
  }
  return s->fd;
}

static void on_readers_changed(WaitList *list)
{
  stream_update((Stream *)((char *)list - offsetof(Stream, readers)));
}

static void on_turn(Turn *turn)
{
  stream_flush((Stream *)((char *)turn - offsetof(Stream, turn)), false);
}

static void on_more(Turn *turn)
{
  wait_wake(&((Stream *)((char *)turn - offsetof(Stream, more)))->readers);
}

void stream_pair(Stream *a, Stream *b)
{
  a->peer = b;
  b->peer = a;
}

static void close_stream(Handle *h)
{
  Stream *s = (Stream *)h;
  if (TRACING(TRACE_STREAM)) stream_trace_plain(s, "close");
  turn_forget(h->rt, &s->turn);
  turn_forget(h->rt, &s->more);
  deadline_disarm(h->rt, &s->patience);
  if (s->engine == ENGINE_POLL && s->events) uv_poll_stop(&s->poll);
  stream_pool_detach(s);
  if (s->wide) h->rt->wide_pipes--;
  if (s->fd > 2) close(s->fd);
  s->fd = -1;
  s->eof = s->ended = true;
  if (s->closed) s->closed(s);
  if (s->peer) {
    Stream *peer = s->peer;
    s->peer = peer->peer = NULL;
    stream_set_ref(peer);
  }
  wait_wake_all(&s->readers);
  wait_wake_all(&s->writers);
  bell_ring(s->bell);
}

/* Unsent bytes go out even though Lua has dropped the stream. */
static bool linger(Handle *h)
{
  Stream *s = (Stream *)h;
  s->ending = false; /* the caller, or the lingering, closes */
  if (buf_size(&s->out) > 0) stream_flush(s, s->standard >= 0);
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
  if (s->write_error || is_internal(s)) return false;
  return buf_size(&s->out) > 0 || (s->job && s->queued != s->sent);
}

const HandleType stream_type = {"procrun.stream", close_stream, linger,
                                release,          unsent,       stream_look};

Stream *stream_new_in(lua_State *L, size_t size, int fd, int flags)
{
  Stream *s = handle_new(L, size, &stream_type);
  nofile_note(fd);
  s->fd = fd;
  s->standard = -1;
  s->flags = flags;
  s->in_limit = STREAM_IN_LIMIT;
  s->max_line = STREAM_MAX_LINE;
  s->chunk = STREAM_FIRST_CHUNK;
  s->readers.changed = on_readers_changed;
  s->turn.flush = on_turn;
  s->more.flush = on_more;
  s->eof = !(flags & STREAM_READ);
  s->read_error = s->eof ? UV_EBADF : 0;
  s->ended = !(flags & STREAM_WRITE);
  handle_open(&s->base, NULL);
  if (TRACING(TRACE_STREAM) && fd >= 0) stream_trace_plain(s, "open");
  return s;
}

Stream *stream_new(lua_State *L, int fd, int flags)
{
  return stream_new_in(L, sizeof(Stream), fd, flags);
}

/* The heir can only write, so it closes itself when everything is out; Lua never sees it. */
void stream_leave(lua_State *L, Stream *s)
{
  enum { KEPT = STREAM_SHARED | STREAM_CONNECTION };
  bool movable = s->engine == ENGINE_POLL && s->standard < 0 && s->write_error == 0;
  if (!s->base.open || !movable || buf_size(&s->out) == 0) return;
  int flags = s->flags | (s->blocking ? STREAM_SHARED : 0);
  Stream *heir = stream_new(L, -1, STREAM_WRITE | (flags & KEPT)), *peer = s->peer;
  heir->fd = s->fd;
  heir->out = s->out;
  heir->queued = s->queued;
  heir->sent = s->sent;
  heir->exposed = s->exposed;
  s->out = (Buf){0};
  s->fd = -1;
  s->peer = NULL;
  handle_close(&s->base); /* first: libuv knows one watcher for each descriptor */
  if (peer) stream_pair(heir, peer);
  stream_finish(heir);
  lua_pop(L, 1);
}
