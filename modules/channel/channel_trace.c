/* channel_trace.c - events of channels for procrun --trace. */
#include "modules/channel/channel.h"
#include "runtime/trace.h"

/* Of a JSON text. */
static const char *type_of(const char *line, size_t size)
{
  switch (size ? *line : 0) {
  case '{': return "object";
  case '[': return "array";
  case '"': return "string";
  case 't':
  case 'f': return "boolean";
  case 'n': return "null";
  default: return "number";
  }
}

void channel_trace_message(const Channel *c, const char *event, const char *line, size_t size)
{
  bool out = event[0] == 's';
  trace_event(TRACE_CHANNEL, event, "fd=%d type=%s bytes=%l queue=%l", c->fd_in,
              type_of(line, size), (int64_t)size,
              (int64_t)(out ? wire_unsent(c) : buf_size(&c->in) - size));
}

void channel_trace(const Channel *c, const char *event)
{
  trace_event(TRACE_CHANNEL, event, "fd=%d unread=%l unsent=%l", c->fd_in,
              (int64_t)buf_size(&c->in), (int64_t)wire_unsent(c));
}
