/* stream_trace.c - events of streams for procrun --trace. Standard output and error are not told of:
   the trace may go there itself. */
#include "runtime/stream_impl.h"
#include "runtime/trace.h"

static bool is_told(const Stream *s)
{
  return trace_on & TRACE_STREAM && s->standard <= 0;
}

void stream_trace(const Stream *s, const char *event, ssize_t n)
{
  if (!is_told(s)) return;
  if (n < 0)
    trace_event(TRACE_STREAM, event, "fd=%d error=%s", s->fd, uv_err_name((int)n));
  else
    trace_event(TRACE_STREAM, event, "fd=%d bytes=%l unread=%l unsent=%l", s->fd, (int64_t)n,
                (int64_t)buf_size(&s->in), (int64_t)buf_size(&s->out));
}

/* Standard error may go where standard output goes, on its queue. */
void stream_trace_write(const Stream *s, const char *bytes, size_t n)
{
  const Stream *err = s->base.rt->stdio[2];
  if (s->standard == 2 || (s->standard == 1 && err && err->via == s)) trace_note_text(bytes, n);
  stream_trace(s, "write", (ssize_t)n);
}

void stream_trace_plain(const Stream *s, const char *event)
{
  if (is_told(s)) trace_event(TRACE_STREAM, event, "fd=%d", s->fd);
}
