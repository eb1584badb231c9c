/* stream.h - bytes over any descriptor: pipes, terminals, sockets, files; buffered both ways.

   Three engines: POLL (uv_poll and non-blocking reads), DIRECT (a regular file or device that always
   answers at once: plain system calls), POOL (a file opened by fs: libuv's thread pool).
   Reading fills `in` only while somebody wants bytes, and never beyond its limit. Writing goes to the
   kernel at once as far as it takes it; the rest is copied to `out`, and the writer waits.

   Rule: descriptors 0 to 2 belong to others as well, so O_NONBLOCK is never set on what they refer
   to. A pipe or terminal is opened anew through /proc; a socket is used with MSG_DONTWAIT; where
   neither is possible, poll(2) is asked first and little is written at once. */
#ifndef PROCRUN_STREAM_H
#define PROCRUN_STREAM_H

#include <string.h>

#include "runtime/bell.h"
#include "runtime/handle.h"
#include "runtime/turn.h"

enum {
  STREAM_READ = 1,   /* may be read */
  STREAM_WRITE = 2,  /* may be written */
  STREAM_SHARED = 4, /* others hold the open file description: O_NONBLOCK must not be set */
  STREAM_POOL = 8,   /* a file of fs: use the thread pool */
  STREAM_LAZY = 16,  /* small writes are gathered until the end of the turn (standard output) */
  STREAM_CHILD = 32, /* our end of a pipe(2) from a child: what is captured can wait for its exit */
  STREAM_CONNECTION = 64 /* of net: once the other side has reset it, it has failed, not ended;
                            and an exit does not wait for long until that side reads */
};

/* STREAM_HIGH: how much may wait in `out` before a writer of standard output has to wait. */
enum { STREAM_HIGH = 64 * 1024, STREAM_IN_LIMIT = 256 * 1024, STREAM_MAX_LINE = 1024 * 1024 };

typedef enum StreamEngine { ENGINE_NONE, ENGINE_POLL, ENGINE_DIRECT, ENGINE_POOL } StreamEngine;

typedef struct Stream {
  Handle base;
  uv_poll_t poll;
  int fd;
  int standard; /* 0 to 2: the inherited descriptor it stands for; else -1 */
  int flags;
  StreamEngine engine; /* NONE until first used */
  bool socket;         /* recv and send with MSG_DONTWAIT */
  bool terminal;
  bool blocking; /* O_NONBLOCK is not set: poll(2) first, and write little */
  bool wide;     /* it is a pipe that was made larger */
  int events;    /* what uv_poll watches now; may hold more than is wanted */

  Buf in;
  size_t in_limit;   /* stop reading at this many unread bytes */
  size_t max_line;   /* a longer line is an error */
  size_t chunk;      /* how much is read at once: grows while reads are full */
  size_t need;       /* how much must be there for the reader that looked last; 0: no more */
  uint64_t received; /* bytes ever read */
  unsigned full;     /* reads of STREAM_BLOCK that were full, in a row */
  bool drained;      /* the last read took everything; the next news comes from the poll */
  bool eof;          /* nothing comes any more: end of file, or read_error */
  bool capture;      /* read on without a reader, up to in_limit */
  bool flowing;      /* a reader task listens: keeps the process alive until the end */
  bool loose;        /* not this one: unref */
  bool overflow;     /* in_limit was reached while capturing */
  int read_error;    /* libuv code; 0: none */
  Deadline patience; /* until which a captured output of a child is left alone */
  WaitList readers;
  Bell *bell;     /* also rung at the end, and on overflow; may be NULL */
  size_t scanned; /* bytes of `in` known to hold no newline */
  Turn more;      /* DIRECT: the reader looks again in the next turn */

  Buf out;
  uint64_t queued, sent;            /* bytes ever accepted and ever handed to the kernel */
  uint64_t looked;                  /* their sum when stream_give_up looked last */
  unsigned idle;                    /* how often in a row it had not changed then */
  int write_error;                  /* libuv code; everything unsent was dropped */
  bool told;                        /* a call has returned write_error */
  void (*failed)(struct Stream *s); /* may be NULL: told when writing fails */
  void (*closed)(struct Stream *s); /* may be NULL: told when it closes */
  const struct StreamWatch *watch;  /* may be NULL: told of each write to the kernel */
  bool ending;                      /* half-close (or close) once `out` is empty */
  bool ended;                       /* nothing more can be written */
  bool lingering;                   /* Lua has dropped it; closes itself when `out` is empty */
  WaitList writers;
  Turn turn;
  struct StreamJob *job; /* POOL: the request in flight */
  int by_line;           /* LAZY: 2: a line goes out at once; 1: not; 0: only on a terminal */

  struct Stream *via;  /* standard error where standard output goes, too: on its queue */
  struct Stream *peer; /* the other end, where it was made here and is still open */
  bool exposed;        /* the descriptor was given out: others may hold it, too */
} Stream;

/* Who shares the screen of a terminal with what is written. */
typedef struct StreamWatch {
  bool (*before)(Stream *s); /* false: not now, as if the kernel took nothing */
  void (*after)(Stream *s, const char *bytes, size_t n); /* these have gone */
} StreamWatch;

extern const HandleType stream_type;

Stream *stream_new(lua_State *L, int fd, int flags); /* pushes the userdata; takes the fd over */
Stream *stream_new_in(lua_State *L, size_t size, int fd, int flags); /* a struct that begins so */
void stream_pair(Stream *a, Stream *b); /* the two ends of one pipe or socket pair, just made */

/* Makes the engine ready; 0 or a libuv code. Called by whatever reads or writes. */
int stream_prepare(Stream *s);

/* Asks for more bytes in `in`: reads at once what is there, else arms the poll. */
void stream_want(Stream *s);

/* Forgets an end that was met: the next read asks the kernel again. */
void stream_look_anew(Stream *s);

/* Reads what the kernel holds, beyond the limit if need be (a child has ended). */
void stream_pull(Stream *s);

void stream_pull_more(Stream *s); /* room has come about in `in`: read on if it was full */

/* Goes on reading with nobody waiting, up to limit unread bytes. */
void stream_capture(Stream *s, size_t limit);

/* Accepts n bytes, in order; 0 or a libuv code. Copies only what the kernel does not take now. */
int stream_write(Stream *s, const char *bytes, size_t n);

/* The same for a little more of what waits for the end of the turn already; false: stream_write it. */
static inline bool stream_gather(Stream *s, const char *bytes, size_t n)
{
  Buf *out = &s->out;
  if (!s->turn.listed || s->by_line == 2 || (s->terminal && !s->by_line)) return false;
  if (n > out->cap - out->tail || buf_size(out) + n >= STREAM_HIGH) return false;
  memcpy(out->data + out->tail, bytes, n);
  buf_commit(out, n);
  s->queued += n;
  return true;
}

/* Hands `out` to the kernel as far as it goes; with wait, however long it takes (poll(2)). */
void stream_flush(Stream *s, bool wait);

/* Half-closes (closes) the writing side as soon as everything is out. */
void stream_finish(Stream *s);

/* Closes without waiting: what is unsent goes out by itself. Where nothing is, or it is not for a
   poll to send it, nothing happens. */
void stream_leave(lua_State *L, Stream *s);

/* Connections whose other side has taken nothing for STREAM_LOOKS calls lose what is unsent. An exit
   calls it from time to time: such bytes are of a write that has not returned. */
enum { STREAM_LOOKS = 4 };
void stream_give_up(Runtime *rt);

/* The stream in whose queue what is written to s stands: s, nearly always. */
Stream *stream_sink(Stream *s);

/* A file: where reading and writing go on, or a libuv code; whence as of lseek. Not while a request is
   under way. */
enum { STREAM_UNREAD = 100 }; /* whence: where reading has got to */
int64_t stream_seek(Stream *s, int64_t offset, int whence);

/* The descriptor for a child or another library: what it refers to blocks from now on. */
int stream_give(Stream *s);

void stream_set_ref(Stream *s); /* after a change of flowing: who keeps the process alive */

#endif
