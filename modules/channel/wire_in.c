/* wire_in.c - what comes over a channel: recvmsg into the inbox, up to its limit. */
#include <errno.h>

#include "modules/channel/channel.h"
#include "runtime/trace.h"

enum { READS_PER_TURN = 8, PULL_READS = 64 };

bool wire_has_line(Channel *c)
{
  const char *line;
  size_t size;
  return lines_next(&c->lines, &c->in, &line, &size);
}

size_t wire_rest(Channel *c)
{
  return wire_has_line(c) ? 0 : buf_size(&c->in);
}

/* A channel at rest keeps next to no memory. */
void wire_consume(Channel *c, size_t size)
{
  lines_consume(&c->lines, &c->in, size);
  if (buf_size(&c->in) == 0 && c->in.cap > CHANNEL_KEEP) buf_free(&c->in);
}

/* Whoever exits goes on reading, so that a peer that waits for us can read what we flush. */
bool wire_wants_input(Channel *c)
{
  if (c->eof || !c->base.open) return false;
  if (c->base.rt->exiting || c->base.dropped) return true;
  size_t limit = CHANNEL_INBOX;
  if (c->handles) {
    if (handles_full(c)) return false;
    if (handles_unanswered(c)) limit += c->max_message;
  }
  return buf_size(&c->in) < limit || !wire_has_line(c);
}

static void clear(Channel *c)
{
  wire_consume(c, buf_size(&c->in));
}

void wire_drop(Channel *c)
{
  if (c->handles)
    handles_drop(c);
  else
    clear(c);
}

/* Drops what belongs to the line that is being skipped. */
static void skip(Channel *c)
{
  const char *line;
  size_t size;
  if (!lines_next(&c->lines, &c->in, &line, &size)) {
    clear(c);
    return;
  }
  wire_consume(c, size + 1);
  c->skipping = false;
  if (c->handles) handles_skipped(c);
}

/* Half of a line that is too long is dropped at once, and the rest of it as it comes. When the
   program exits, what goes beyond the limit has no taker. */
static void check_length(Channel *c)
{
  if (c->base.dropped) {
    wire_drop(c);
    return;
  }
  bool too_long = !wire_has_line(c) && c->lines.scanned > c->max_message;
  bool nobody = c->base.rt->exiting && buf_size(&c->in) > CHANNEL_INBOX && !c->taking;
  if (!too_long && !nobody) return;
  if (!too_long && c->handles) {
    wire_drop(c);
    return;
  }
  c->skipping = buf_head(&c->in)[buf_size(&c->in) - 1] != '\n';
  c->too_long += too_long;
  if (too_long && c->handles) handles_too_long(c);
  clear(c);
}

static void came(Channel *c, size_t n)
{
  buf_commit(&c->in, n);
  c->received += n;
  if (c->skipping && !c->base.dropped) skip(c);
  if (c->handles) handles_scan(c, n);
  check_length(c);
}

/* Reads grow while they come back full, so that a quiet channel needs next to no memory. */
static void adapt(Channel *c, size_t size, size_t n)
{
  if (n == size && c->chunk < CHANNEL_CHUNK)
    c->chunk *= 2;
  else if (n < c->chunk / 4 && c->chunk > CHANNEL_KEEP)
    c->chunk /= 2;
}

typedef enum Reading { READ_ALL, READ_MORE, READ_NOTHING } Reading;

/* One read. READ_ALL: it was short, so there is most likely nothing behind it (a descriptor ends a
   read, too); READ_NOTHING: nothing now, or ever. */
static Reading read_once(Channel *c)
{
  char *room = buf_reserve(&c->in, c->chunk);
  if (room == NULL) return READ_NOTHING;
  size_t size = c->in.cap - c->in.tail;
  ssize_t n = handles_receive(c, room, size);
  if (n > 0) {
    adapt(c, size, (size_t)n);
    came(c, (size_t)n);
    return (size_t)n == size ? READ_MORE : READ_ALL;
  }
  if (n < 0 && (errno == EINTR || errno == ECONNRESET)) return READ_MORE;
  if (n == 0 || errno != EAGAIN) c->eof = true;
  return READ_NOTHING;
}

/* Who has been taking messages may still answer the last ones, until told of the end. */
static void at_eof(Channel *c)
{
  if (TRACING(TRACE_CHANNEL)) channel_trace(c, "end");
  wait_wake_all(&c->readers);
  if (c->handles) handles_at_eof(c);
  if (!c->asked && !c->one_way && !wire_has_line(c)) wire_end(c);
  wire_drained(c);
}

/* Whoever waits for other things than messages is not woken for them. */
static void arrived(Channel *c, bool faults)
{
  wait_wake(&c->readers);
  if (c->eof) at_eof(c);
  if (c->eof || faults)
    bell_ring(c->bell);
  else if (c->listened || c->peeked)
    bell_call(c->bell);
}

void wire_read(Channel *c)
{
  unsigned faults = c->faults + c->too_long;
  bool moved = false;
  for (int i = 0; i < READS_PER_TURN && wire_wants_input(c); i++) {
    Reading reading = read_once(c);
    if (reading != READ_NOTHING) moved = true;
    if (reading != READ_MORE) break;
  }
  if (moved && c->half_closed) deadline_arm(c->base.rt, &c->drain, CHANNEL_LINGER);
  if (moved && c->handles) wire_flush(c); /* answers: ours, or to ours */
  bool more_faults = c->faults + c->too_long != faults;
  if (c->eof || more_faults || (moved && wire_has_line(c))) arrived(c, more_faults);
}

void wire_pull(Channel *c)
{
  for (int i = 0; i < PULL_READS && c->base.open && !c->eof; i++)
    if (read_once(c) == READ_NOTHING) break;
  if (c->handles) wire_flush(c);
  if (c->base.open) arrived(c, true);
  wire_update(c);
}
