/* wire_out.c - what goes over a channel: messages gathered into few sends, as the kernel takes them. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "modules/channel/channel.h"

size_t wire_unsent(const Channel *c)
{
  return c->write_error ? 0 : (size_t)(c->queued - c->sent);
}

void wire_fail(Channel *c, int error)
{
  c->write_error = error;
  buf_free(&c->out);
  buf_free(&c->late);
  if (c->handles) handles_fail(c);
  wait_wake_all(&c->writers);
  bell_ring(c->bell);
  wire_drained(c);
}

/* What goes next; false: nothing can, or may, go now. */
static bool next_piece(Channel *c, Piece *p)
{
  if (c->handles) return handles_piece(c, p);
  *p = (Piece){.bytes = buf_head(&c->out), .size = wire_unsent(c), .fd = -1};
  return p->size > 0;
}

bool wire_can_write(Channel *c)
{
  Piece p;
  return next_piece(c, &p);
}

static ssize_t write_some(Channel *c, const Piece *p)
{
  if (p->fd >= 0) return handles_transmit(c, p);
  ssize_t n = send(c->fd_out, p->bytes, p->size, MSG_DONTWAIT | MSG_NOSIGNAL);
  return n < 0 && errno == ENOTSOCK ? write(c->fd_out, p->bytes, p->size) : n;
}

/* Behind the whole messages stands the one being encoded: its text must not move now. Outside of any
   task nothing is being encoded: the mark was left over by an error. */
static bool is_busy(Channel *c)
{
  if (!c->encoding) return false;
  if (c->base.rt->current) return true;
  c->encoding = false;
  buf_truncate(&c->out, wire_unsent(c));
  return false;
}

void wire_wrote(Channel *c, size_t n)
{
  buf_consume(&c->out, n);
  if (buf_size(&c->out) == 0 && c->out.cap > CHANNEL_KEEP) buf_free(&c->out);
  c->sent += n;
  c->base.rt->progress++;
  if (c->ending) deadline_arm(c->base.rt, &c->drain, CHANNEL_DRAIN);
}

static void wrote(Channel *c, const Piece *p, size_t n)
{
  c->inside = p->bytes[n - 1] != '\n';
  if (c->handles)
    handles_wrote(c, p, n);
  else
    wire_wrote(c, n);
}

void wire_flush(Channel *c)
{
  if (!c->base.open || c->half_closed || c->write_error || is_busy(c)) return;
  if (c->handles && !handles_settle(c)) return;
  Piece p;
  while (!c->blocked && next_piece(c, &p)) {
    ssize_t n = write_some(c, &p);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {
      c->blocked = true;
    } else if (n < 0) {
      wire_fail(c, -errno);
      return;
    } else {
      wrote(c, &p, (size_t)n);
    }
  }
  wait_wake_all(&c->writers);
  wire_drained(c);
  wire_update(c);
}

/* The first message of a turn goes at once, the others at its end, or when they are many. */
void wire_send(Channel *c)
{
  bool first = !c->turn.listed;
  if (c->blocked) return;
  if (first) turn_later(c->base.rt, &c->turn);
  if (first || wire_unsent(c) >= CHANNEL_GATHER) wire_flush(c);
}

void wire_turn(Turn *turn)
{
  Channel *c = (Channel *)((char *)turn - offsetof(Channel, turn));
  wire_flush(c);
  wire_update(c);
}
