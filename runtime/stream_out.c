/* stream_out.c - writing to a stream: at once as far as the kernel takes it, the rest queued. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/stream_impl.h"
#include "runtime/trace.h"

enum { SMALL_WRITE = 4096 }; /* PIPE_BUF: a pipe that polls writable takes this much at once */

static ssize_t write_once(Stream *s, const char *bytes, size_t n)
{
  ssize_t r;
  if (s->watch && !s->watch->before(s)) return UV_EAGAIN;
  do {
    if (s->blocking) {
      struct pollfd p = {.fd = s->fd, .events = POLLOUT};
      if (poll(&p, 1, 0) <= 0) return UV_EAGAIN;
      if (n > SMALL_WRITE) n = SMALL_WRITE;
    }
    r = s->socket ? send(s->fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL) : write(s->fd, bytes, n);
  } while (r < 0 && errno == EINTR);
  if (r < 0) return -errno;
  if (s->watch) s->watch->after(s, bytes, (size_t)r);
  return r;
}

static void end_writing(Stream *s)
{
  s->ended = true;
  if (!(s->flags & STREAM_READ))
    handle_close(&s->base);
  else if (s->socket)
    shutdown(s->fd, SHUT_WR);
  if (s->peer) stream_set_ref(s->peer);
}

void stream_sent(Stream *s, size_t n)
{
  buf_consume(&s->out, n);
  s->sent += n;
  s->base.rt->progress += n;
}

void stream_fail(Stream *s, int error)
{
  if (TRACING(TRACE_STREAM)) stream_trace(s, "fail", error);
  s->write_error = error;
  s->ended = true;
  buf_free(&s->out);
  wait_wake_all(&s->writers);
  if (s->failed) s->failed(s);
}

/* Writers stand in the order of their bytes: who leaves wakes the next. */
bool stream_settle(Stream *s)
{
  wait_wake(&s->writers);
  if (buf_size(&s->out) > 0 || s->job) return true;
  if (s->lingering) {
    handle_close(&s->base);
    return false;
  }
  if (!s->ending || s->ended) return true;
  end_writing(s);
  return s->base.open;
}

static void wait_writable(Stream *s)
{
  struct pollfd p = {.fd = s->fd, .events = POLLOUT};
  poll(&p, 1, -1);
}

void stream_flush(Stream *s, bool wait)
{
  if (!s->base.open) return;
  turn_forget(s->base.rt, &s->turn);
  if (s->engine == ENGINE_POOL) {
    stream_update(s);
    return;
  }
  wait = wait || s->engine == ENGINE_DIRECT; /* nothing would tell that it can go on */
  while (buf_size(&s->out) > 0) {
    size_t size = buf_size(&s->out);
    ssize_t n = write_once(s, buf_head(&s->out), size);
    if (n >= 0) {
      stream_sent(s, (size_t)n);
      if ((size_t)n < size && s->engine == ENGINE_POLL && !s->blocking && !wait) break; /* full */
    } else if (n == UV_EAGAIN) {
      if (!wait) break;
      wait_writable(s);
    } else {
      stream_fail(s, (int)n);
    }
  }
  if (stream_settle(s)) stream_update(s);
}

/* Are both descriptors the same pipe, terminal or file? */
static bool is_same(int a, int b)
{
  struct stat x, y;
  if (fstat(a, &x) < 0 || fstat(b, &y) < 0) return false;
  return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

Stream *stream_sink(Stream *s)
{
  Stream *out = s->base.rt->stdio[1];
  if (s->standard == 2 && s->engine == ENGINE_NONE && !s->via && out && out->base.open) {
    s->via = is_same(1, 2) ? out : NULL;
    if (s->via == NULL) stream_prepare(s);
  }
  return s->via && s->via->base.open ? s->via : s;
}

/* Small pieces are gathered; a line on a terminal, or a lot, goes at once. */
static void write_lazily(Stream *s, const char *bytes, size_t n)
{
  bool by_line = s->by_line ? s->by_line == 2 : s->terminal;
  bool line = by_line && memchr(bytes, '\n', n);
  if (line || buf_size(&s->out) >= STREAM_HIGH)
    stream_flush(s, false);
  else
    turn_later(s->base.rt, &s->turn);
}

static int fail_again(Stream *s)
{
  if (s->failed) s->failed(s);
  return s->write_error;
}

int stream_write(Stream *s, const char *bytes, size_t n)
{
  if (s->write_error) return fail_again(s);
  if (!(s->flags & STREAM_WRITE)) return UV_EBADF;
  if (s->ended || s->ending || !s->base.open) return UV_EPIPE;
  int r = stream_prepare(s);
  if (r < 0) return r;
  s->queued += n;
  if (TRACING(TRACE_ALL)) stream_trace_write(s, bytes, n);
  bool direct = buf_size(&s->out) == 0 && !(s->flags & STREAM_LAZY) && s->engine != ENGINE_POOL;
  while (direct && n > 0) {
    ssize_t sent = write_once(s, bytes, n);
    if (sent == UV_EAGAIN) break;
    if (sent < 0) {
      stream_fail(s, (int)sent);
      return (int)sent;
    }
    s->sent += (uint64_t)sent;
    bytes += sent;
    n -= (size_t)sent;
    if (s->engine == ENGINE_POLL && !s->blocking) break; /* it is full, or all is sent */
  }
  if (n == 0) {
    if (s->peer) stream_set_ref(s->peer);
    return 0;
  }
  if (!buf_append(&s->out, bytes, n)) {
    s->queued -= n;
    return UV_ENOMEM;
  }
  if (s->flags & STREAM_LAZY)
    write_lazily(s, bytes, n);
  else if (s->engine == ENGINE_DIRECT)
    stream_flush(s, true);
  else
    stream_update(s);
  if (s->peer) stream_set_ref(s->peer);
  return 0;
}

static void give_up_idle(Stream *s)
{
  uint64_t moved = s->queued + s->sent;
  s->idle = s->looked == moved ? s->idle + 1 : 0;
  s->looked = moved;
  if (s->idle < STREAM_LOOKS) return;
  s->base.rt->progress++; /* its writer can go on */
  stream_fail(s, UV_ETIMEDOUT);
  if (stream_settle(s)) stream_update(s);
}

void stream_give_up(Runtime *rt)
{
  for (Handle *h = rt->handles, *next; h; h = next) {
    next = h->next;
    Stream *s = h->type == &stream_type ? (Stream *)h : NULL;
    if (s && s->flags & STREAM_CONNECTION && buf_size(&s->out) > 0) give_up_idle(s);
  }
}

void stream_finish(Stream *s)
{
  if (s->ended || s->ending) return;
  s->ending = true;
  if (stream_prepare(s) < 0 || (buf_size(&s->out) == 0 && s->job == NULL))
    end_writing(s);
  else
    stream_flush(s, false);
}
