/* stream_pool.c - files of fs as streams: one libuv request at a time in the thread pool.
   The request owns its buffer, so a stream may be closed while one is under way. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/stream_impl.h"
#include "runtime/trace.h"

typedef struct StreamJob {
  uv_fs_t req;
  Stream *stream; /* NULL once the stream has been closed */
  int fd;
  bool writing;
  Buf bytes; /* being written, or room to read into */
} StreamJob;

static void settle_write(Stream *s, StreamJob *job, ssize_t n)
{
  if (n < 0) {
    stream_fail(s, (int)n);
  } else {
    s->sent += (uint64_t)n;
    s->base.rt->progress += (uint64_t)n;
    buf_consume(&job->bytes, (size_t)n);
    if (buf_size(&job->bytes) > 0) { /* a short write: the rest goes in front of what came since */
      if (!buf_append(&job->bytes, buf_head(&s->out), buf_size(&s->out))) {
        stream_fail(s, UV_ENOMEM);
        return;
      }
      buf_free(&s->out);
      s->out = job->bytes;
      job->bytes = (Buf){0};
    }
  }
}

static void settle_read(Stream *s, StreamJob *job, ssize_t n)
{
  if (n <= 0)
    stream_at_end(s, (int)n);
  else if (!buf_append(&s->in, job->bytes.data, (size_t)n))
    stream_at_end(s, UV_ENOMEM);
  else
    s->base.rt->progress += (uint64_t)n;
  wait_wake(&s->readers);
}

static void on_done(uv_fs_t *req)
{
  StreamJob *job = req->data;
  ssize_t n = req->result;
  Stream *s = job->stream;
  if (s) {
    s->job = NULL;
    if (TRACING(TRACE_STREAM) && n > 0) stream_trace(s, job->writing ? "sent" : "read", n);
    if (job->writing)
      settle_write(s, job, n);
    else
      settle_read(s, job, n);
    if (stream_settle(s)) stream_update(s);
  } else {
    close(job->fd);
  }
  uv_fs_req_cleanup(req);
  buf_free(&job->bytes);
  free(job);
}

/* What was read ahead is forgotten, and an end that was met may not be one any more. */
static void forget_input(Stream *s)
{
  if (!(s->flags & STREAM_READ)) return;
  buf_free(&s->in);
  s->scanned = 0;
  s->eof = false;
  s->read_error = 0;
}

int64_t stream_seek(Stream *s, int64_t offset, int whence)
{
  int64_t ahead = (int64_t)buf_size(&s->in);
  bool tell = whence == SEEK_CUR && offset == 0;
  if (whence == STREAM_UNREAD) whence = SEEK_CUR;
  int64_t at = lseek(s->fd, tell || whence != SEEK_CUR ? offset : offset - ahead, whence);
  if (at < 0) return -errno;
  if (tell) return at - ahead;
  forget_input(s);
  return at;
}

/* As C's files: what is written stands behind what the script has read, not behind what was read
   ahead. */
static void leave_reading(Stream *s)
{
  if (s->flags & STREAM_READ && (s->eof || buf_size(&s->in) > 0)) stream_seek(s, 0, STREAM_UNREAD);
}

void stream_pool_start(Stream *s, bool read)
{
  enum { MOST = 1 << 30 }; /* a length that any system call takes */
  bool writing = buf_size(&s->out) > 0;
  if (s->job || (!writing && !read)) return;
  if (writing) leave_reading(s);
  StreamJob *job = calloc(1, sizeof *job);
  if (job == NULL || (!writing && buf_reserve(&job->bytes, STREAM_CHUNK) == NULL)) {
    free(job);
    if (writing)
      stream_fail(s, UV_ENOMEM);
    else
      stream_at_end(s, UV_ENOMEM);
    return;
  }
  job->req.data = job;
  job->stream = s;
  job->fd = s->fd;
  job->writing = writing;
  s->job = job;
  uv_loop_t *loop = &s->base.rt->loop;
  if (writing) {
    job->bytes = s->out;
    s->out = (Buf){0};
    size_t size = buf_size(&job->bytes);
    uv_buf_t buf = uv_buf_init(buf_head(&job->bytes), (unsigned)(size < MOST ? size : MOST));
    uv_fs_write(loop, &job->req, s->fd, &buf, 1, -1, on_done);
  } else {
    uv_buf_t buf = uv_buf_init(job->bytes.data, STREAM_CHUNK);
    uv_fs_read(loop, &job->req, s->fd, &buf, 1, -1, on_done);
  }
}

/* The descriptor is closed by the request when it ends; until then its number must not be reused. */
void stream_pool_detach(Stream *s)
{
  if (s->job == NULL) return;
  s->job->stream = NULL;
  s->job = NULL;
  s->fd = -1;
}
