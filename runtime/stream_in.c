/* stream_in.c - reading from a stream: only what is wanted, in pieces that grow with the flow. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/heap.h"
#include "runtime/stream_impl.h"
#include "runtime/trace.h"

enum { READS_PER_TURN = 4 };

bool stream_wants_input(const Stream *s)
{
  if (s->eof || !s->base.open) return false;
  size_t size = buf_size(&s->in);
  if (s->readers.head && size < s->need) return true;
  return (s->readers.head || s->capture || s->flowing) && size < s->in_limit;
}

static bool is_ready(const Stream *s)
{
  struct pollfd p = {.fd = s->fd, .events = POLLIN};
  return poll(&p, 1, 0) > 0;
}

static ssize_t read_into(Stream *s, char *room, size_t size)
{
  ssize_t n;
  do {
    if (s->blocking && !is_ready(s)) return UV_EAGAIN;
    n = s->socket ? recv(s->fd, room, size, MSG_DONTWAIT) : read(s->fd, room, size);
  } while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : n;
}

__attribute__((common)) char stream_first[STREAM_FIRST_CHUNK]; /* common: as in heap.c */

/* How much to ask for: a chunk. A reader of many bytes gets them alone in the buffer, which then
   becomes its string as it is (adopt.h). */
static size_t next_size(const Stream *s)
{
  size_t size = buf_size(&s->in), missing = s->need > size ? s->need - size : 0;
  return missing >= STREAM_FIRST_CHUNK && missing < s->chunk ? missing : s->chunk;
}

/* One read into `in`: bytes, 0 at the end of file, or a libuv code (UV_EAGAIN: nothing now). Until
   reads are full, what comes is mostly short: `in` grows by that, and not at all at the end. */
static ssize_t read_once(Stream *s, size_t size)
{
  bool direct = size > sizeof stream_first || s->in.cap - s->in.tail >= size;
  char *room = direct ? buf_reserve(&s->in, size) : stream_first;
  if (room == NULL) return UV_ENOMEM;
  ssize_t n = read_into(s, room, size);
  if (n <= 0) return n;
  if (direct)
    buf_commit(&s->in, (size_t)n);
  else if (!buf_append(&s->in, stream_first, (size_t)n))
    return UV_ENOMEM;
  s->received += (uint64_t)n;
  if (TRACING(TRACE_STREAM)) stream_trace(s, "read", n);
  return n;
}

void stream_at_end(Stream *s, int error)
{
  s->eof = true;
  s->read_error = error;
  if (TRACING(TRACE_STREAM)) {
    if (error)
      stream_trace(s, "end", error);
    else
      stream_trace_plain(s, "end");
  }
  s->base.rt->progress++;
  wait_wake_all(&s->readers);
  bell_end(s->bell);
}

void stream_look_anew(Stream *s)
{
  bool ended = s->eof && s->base.open && buf_size(&s->in) == 0;
  if (!ended || !(s->flags & STREAM_READ) || s->flowing || s->capture) return;
  s->eof = s->drained = false;
  s->read_error = 0;
}

/* The last read was full: larger ones from now on, and in the end a larger pipe. */
static void read_more(Stream *s)
{
  enum { BUSY = 4 }; /* full reads in a row */
  if (s->chunk < STREAM_BLOCK)
    s->chunk *= 2;
  else if (s->chunk < STREAM_CHUNK && ++s->full == BUSY) {
    s->chunk = STREAM_CHUNK;
    heap_expect_blocks();
    stream_widen(s);
  }
}

/* Looks at what a read of `size` gave; false when there is no point in another one now. */
static bool take(Stream *s, ssize_t n, size_t size)
{
  bool full = n == (ssize_t)size;
  s->drained = s->engine == ENGINE_POLL && !full;
  if (n > 0) {
    s->base.rt->progress += (uint64_t)n;
    if (s->capture && buf_size(&s->in) >= s->in_limit) {
      s->overflow = true;
      bell_ring(s->bell);
    }
    if (full && size == s->chunk)
      read_more(s);
    else if (!full)
      s->full = 0;
    return full;
  }
  if (n == UV_EAGAIN) return false;
  /* A peer that died with our bytes unread, or a terminal that hung up: an end like any other. */
  bool reset = n == UV_ECONNRESET && !(s->flags & STREAM_CONNECTION);
  bool plain = n == 0 || reset || (n == UV_EIO && s->terminal);
  stream_at_end(s, plain ? 0 : (int)n);
  return false;
}

/* With a reader: no more than it takes at once. */
static void fill(Stream *s, bool reader)
{
  for (int i = 0; i < READS_PER_TURN && !s->eof; i++) {
    size_t size = next_size(s);
    if (!take(s, read_once(s, size), size)) break;
    size_t stored = buf_size(&s->in);
    if (reader ? stored >= STREAM_BLOCK && stored >= s->need : stored >= s->in_limit) break;
  }
  wait_wake(&s->readers);
}

void stream_fill(Stream *s)
{
  fill(s, s->readers.head != NULL);
}

void stream_want(Stream *s)
{
  int r = stream_prepare(s);
  if (s->eof || s->engine == ENGINE_POOL) return;
  if (r < 0) {
    stream_at_end(s, r);
    return;
  }
  fill(s, true);
  if (s->engine == ENGINE_DIRECT && !s->eof) turn_later(s->base.rt, &s->more);
}

static void capture_now(Stream *s)
{
  int r = stream_prepare(s);
  if (r < 0) stream_at_end(s, r);
  if (s->engine == ENGINE_DIRECT)
    while (!s->eof && !s->overflow) stream_fill(s);
  stream_update(s);
}

/* Most children have ended before their patience does: all they wrote is then pulled in at once, and
   their pipes are never watched. One that has filled its pipe meanwhile stands still: from then on
   nobody is made to wait. */
static const double PATIENCE = 0.003;
static bool impatient;

static void on_patience(Deadline *d)
{
  enum { MUCH = 32 * 1024 };
  Stream *s = (Stream *)((char *)d - offsetof(Stream, patience));
  int size;
  if (ioctl(s->fd, FIONREAD, &size) == 0 && size >= MUCH) impatient = true;
  capture_now(s);
}

void stream_capture(Stream *s, size_t limit)
{
  s->capture = true;
  s->in_limit = limit;
  if (s->eof) return;
  if (s->engine == ENGINE_NONE && s->flags & STREAM_CHILD && !impatient) {
    s->patience.fire = on_patience;
    deadline_arm(s->base.rt, &s->patience, PATIENCE);
  } else {
    capture_now(s);
  }
}

/* Ready for reads that do not block: without an engine, if nobody has needed one so far. */
static bool can_pull(Stream *s)
{
  int on = 1;
  if (!s->base.open || s->eof) return false;
  if (s->patience.index == 0) return stream_prepare(s) == 0 && s->engine != ENGINE_POOL;
  deadline_disarm(s->base.rt, &s->patience);
  return ioctl(s->fd, FIONBIO, &on) == 0;
}

void stream_pull(Stream *s)
{
  enum { MOST = 64 }; /* no pipe or socket buffer holds more; a grandchild may go on writing */
  if (!can_pull(s)) return;
  for (int i = 0; i < MOST && !s->eof; i++) {
    ssize_t n = read_once(s, s->chunk);
    take(s, n, s->chunk);
    if (n <= 0) break;
  }
  wait_wake(&s->readers);
  if (s->engine == ENGINE_NONE && !s->eof) capture_now(s);
  stream_update(s);
}

void stream_pull_more(Stream *s)
{
  if (s->base.open && !s->eof) stream_update(s);
}
