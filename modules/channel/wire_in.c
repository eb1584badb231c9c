/* wire_in.c - what comes over a channel: recvmsg into the inbox, up to its limit. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "modules/channel/channel.h"

enum { READS_PER_TURN = 8, PULL_READS = 64 };

bool wire_has_line(Channel *c)
{
  const char *line;
  size_t size;
  return lines_next(&c->lines, &c->in, &line, &size);
}

/* Whoever exits goes on reading, so that a peer that waits for us can read what we flush. */
bool wire_wants_input(Channel *c)
{
  if (c->eof || !c->base.open) return false;
  if (buf_size(&c->in) < CHANNEL_INBOX || c->base.rt->exiting || c->base.dropped) return true;
  return !wire_has_line(c);
}

static void clear(Channel *c)
{
  lines_consume(&c->lines, &c->in, buf_size(&c->in));
}

/* Drops what belongs to the line that is being skipped. */
static void skip(Channel *c)
{
  const char *line;
  size_t size;
  if (c->base.dropped || !lines_next(&c->lines, &c->in, &line, &size)) {
    clear(c);
    return;
  }
  lines_consume(&c->lines, &c->in, size + 1);
  c->skipping = false;
}

/* Half of a line that is too long is dropped at once, and the rest of it as it comes. When the
   program exits, what goes beyond the limit has no taker. */
static void check_length(Channel *c)
{
  if (c->skipping) skip(c);
  bool too_long = !wire_has_line(c) && c->lines.scanned > c->max_message;
  bool nobody = c->base.rt->exiting && buf_size(&c->in) > CHANNEL_INBOX && !c->taking;
  if (!too_long && !nobody) return;
  c->skipping = buf_head(&c->in)[buf_size(&c->in) - 1] != '\n';
  c->too_long += too_long;
  clear(c);
}

/* Descriptors are not asked for, so the kernel drops them; that it had to is told. */
static ssize_t receive(Channel *c, char *room)
{
  struct iovec part = {room, CHANNEL_CHUNK};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  ssize_t n = recvmsg(c->fd_in, &message, MSG_DONTWAIT);
  if (n < 0 && errno == ENOTSOCK) return read(c->fd_in, room, CHANNEL_CHUNK);
  if (n > 0 && message.msg_flags & MSG_CTRUNC) c->descriptors++;
  return n;
}

/* One read: false when there is nothing more now, or ever. */
static bool read_once(Channel *c)
{
  char *room = buf_reserve(&c->in, CHANNEL_CHUNK);
  if (room == NULL) return false;
  ssize_t n = receive(c, room);
  if (n > 0) {
    buf_commit(&c->in, (size_t)n);
    check_length(c);
    return true;
  }
  if (n < 0 && (errno == EINTR || errno == ECONNRESET)) return true;
  if (n == 0 || errno != EAGAIN) c->eof = true;
  return false;
}

/* Who has been taking messages may still answer the last ones, until told of the end. */
static void at_eof(Channel *c)
{
  wait_wake_all(&c->readers);
  if (!c->asked && !c->one_way && !wire_has_line(c)) wire_end(c);
  wire_drained(c);
}

static void arrived(Channel *c)
{
  wait_wake(&c->readers);
  if (c->eof) at_eof(c);
  bell_ring(c->bell);
}

void wire_read(Channel *c)
{
  unsigned faults = c->descriptors + c->too_long;
  bool moved = false;
  for (int i = 0; i < READS_PER_TURN && wire_wants_input(c); i++) {
    if (!read_once(c)) break;
    moved = true;
  }
  if (moved && c->half_closed) deadline_arm(c->base.rt, &c->drain, CHANNEL_LINGER);
  if (c->eof || c->descriptors + c->too_long != faults || (moved && wire_has_line(c))) arrived(c);
}

void wire_pull(Channel *c)
{
  for (int i = 0; i < PULL_READS && c->base.open && !c->eof; i++)
    if (!read_once(c)) break;
  if (c->base.open) arrived(c);
  wire_update(c);
}
