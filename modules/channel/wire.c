/* wire.c - the descriptors of a channel: opened, watched by uv_poll, half-closed, closed.

   libuv's own pipes lose what stands behind a descriptor when the peer dies, and drop queued writes
   at close; so this reads until 0, steps over ECONNRESET, and drains before it closes. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "modules/channel/channel.h"
#include "runtime/trace.h"

static const double WARN_AFTER = 1;
enum { DISCARDS = 64 };

static void on_poll(uv_poll_t *poll, int status, int events);

static bool is_split(const Channel *c)
{
  return c->poll_out.data != NULL;
}

static void set_ref(uv_poll_t *poll, bool held)
{
  if (held)
    uv_ref((uv_handle_t *)poll);
  else
    uv_unref((uv_handle_t *)poll);
}

static void watch(uv_poll_t *poll, int *current, int wanted)
{
  if (*current == wanted) return;
  *current = wanted;
  if (wanted)
    uv_poll_start(poll, wanted, on_poll);
  else
    uv_poll_stop(poll);
}

/* Has the kernel, or the peer, still to take something? */
static bool has_unsent(const Channel *c)
{
  return wire_unsent(c) > 0 || (c->handles && handles_busy(c));
}

void wire_update(Channel *c)
{
  if (!c->base.open) return;
  bool unsent = has_unsent(c);
  bool hold = c->hold && !c->half_closed;
  bool waited_for = c->readers.head || (c->handles && handles_awaited(c));
  bool listening = !c->eof && (waited_for || hold);
  int in = wire_wants_input(c) ? UV_READABLE : 0;
  int out = unsent && !c->turn.listed && wire_can_write(c) ? UV_WRITABLE : 0;
  if (is_split(c)) {
    watch(&c->poll, &c->events, in);
    if (c->fd_out >= 0) watch(&c->poll_out, &c->events_out, out);
    set_ref(&c->poll, listening);
    if (c->fd_out >= 0) set_ref(&c->poll_out, unsent);
  } else {
    watch(&c->poll, &c->events, in | out);
    set_ref(&c->poll, listening || unsent);
  }
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Channel *c = poll->data;
  if (status < 0) { /* libuv has stopped watching; what it is, the calls below find out */
    if (poll == &c->poll)
      c->events = 0;
    else
      c->events_out = 0;
    events = UV_READABLE | UV_WRITABLE;
  }
  if (events & UV_WRITABLE) {
    c->blocked = false;
    wire_flush(c);
  }
  if (events & UV_READABLE && poll == &c->poll && c->base.open) wire_read(c);
  wire_update(c);
}

static void on_poll_closed(uv_handle_t *handle)
{
  Channel *c = handle->data;
  if (--c->polls == 0 && !c->base.open) handle_closed(&c->base);
}

/* EOF for the peer, while its own last messages may still come. */
static void half_close(Channel *c)
{
  c->half_closed = true;
  if (!is_split(c)) {
    shutdown(c->fd_out, SHUT_WR);
  } else {
    uv_close((uv_handle_t *)&c->poll_out, on_poll_closed);
    close(c->fd_out);
    c->fd_out = -1;
  }
  deadline_arm(c->base.rt, &c->drain, CHANNEL_LINGER);
}

void wire_drained(Channel *c)
{
  if (!c->base.open || has_unsent(c)) return;
  if (c->ending && !c->half_closed) half_close(c);
  if (c->half_closed && c->eof) handle_close(&c->base);
}

void wire_end(Channel *c)
{
  if (c->ending || !c->base.open) return;
  c->ending = true;
  if (TRACING(TRACE_CHANNEL)) channel_trace(c, "disconnect");
  deadline_arm(c->base.rt, &c->drain, CHANNEL_DRAIN);
  wire_flush(c);
  wire_drained(c);
}

/* The peer neither reads what is left, nor closes its end. */
static void on_drain(Deadline *d)
{
  Channel *c = (Channel *)((char *)d - offsetof(Channel, drain));
  if (c->half_closed)
    handle_close(&c->base);
  else
    wire_fail(c, UV_ETIMEDOUT);
}

/* Whoever waits to send for a second while the inbox is full may wait for ever. */
static void on_patience(Deadline *d)
{
  Channel *c = (Channel *)((char *)d - offsetof(Channel, patience));
  if (c->writers.head == NULL || c->warned) return;
  if (wire_wants_input(c)) {
    deadline_arm(c->base.rt, &c->patience, WARN_AFTER);
    return;
  }
  c->warned = c->warning = true; /* only a task can say its name */
  wait_wake(&c->writers);
}

/* After the end, whoever is to tell of it waits for those who take what is left. */
static void on_readers_changed(WaitList *list)
{
  Channel *c = (Channel *)((char *)list - offsetof(Channel, readers));
  wire_update(c);
  if (c->eof && list->head == NULL) bell_ring(c->bell);
}

static void on_writers_changed(WaitList *list)
{
  Channel *c = (Channel *)((char *)list - offsetof(Channel, writers));
  if (c->base.open && list->head && !c->warned)
    deadline_arm(c->base.rt, &c->patience, WARN_AFTER);
  else
    deadline_disarm(c->base.rt, &c->patience);
}

/* A socket may be shared with others, who expect it to block; our calls say MSG_DONTWAIT. */
static int init_poll(Channel *c, uv_poll_t *poll, int fd)
{
  int flags = fcntl(fd, F_GETFL);
  int r = uv_poll_init(&c->base.rt->loop, poll, fd);
  if (r < 0) return r;
  int type;
  if (!(flags & O_NONBLOCK) &&
      getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &(socklen_t){sizeof type}) == 0)
    fcntl(fd, F_SETFL, flags);
  poll->data = c;
  c->polls++;
  return 0;
}

int wire_open(Channel *c, int fd_in, int fd_out)
{
  c->turn.flush = wire_turn;
  c->readers.changed = on_readers_changed;
  c->writers.changed = on_writers_changed;
  c->drain = (Deadline){.fire = on_drain, .unref = true};
  c->patience = (Deadline){.fire = on_patience, .unref = true};
  c->fd_in = c->fd_out = -1;
  c->chunk = CHANNEL_KEEP;
  int r = init_poll(c, &c->poll, fd_in);
  if (r < 0) return r;
  handle_open(&c->base, NULL);
  if (fd_out != fd_in && (r = init_poll(c, &c->poll_out, fd_out)) < 0) {
    handle_close(&c->base);
    return r;
  }
  c->fd_in = fd_in;
  c->fd_out = fd_out;
  wire_update(c);
  return 0;
}

/* Closing while bytes of the peer are unread would reset the connection under its reads. */
static void discard_unread(Channel *c)
{
  char waste[4096];
  for (int i = 0; i < DISCARDS; i++)
    if (recv(c->fd_in, waste, sizeof waste, MSG_DONTWAIT) <= 0) break;
}

static void close_channel(Handle *h)
{
  Channel *c = (Channel *)h;
  turn_forget(h->rt, &c->turn);
  deadline_disarm(h->rt, &c->drain);
  deadline_disarm(h->rt, &c->patience);
  h->closing = true;
  if (is_split(c) && !uv_is_closing((uv_handle_t *)&c->poll_out))
    uv_close((uv_handle_t *)&c->poll_out, on_poll_closed);
  uv_close((uv_handle_t *)&c->poll, on_poll_closed);
  if (!c->eof && c->fd_in >= 0) discard_unread(c);
  if (c->handles) handles_close(c);
  if (c->fd_out >= 0 && c->fd_out != c->fd_in) close(c->fd_out);
  if (c->fd_in >= 0) close(c->fd_in);
  c->fd_in = c->fd_out = -1;
  c->eof = c->ending = true;
  if (!c->write_error) c->write_error = UV_EPIPE;
  wait_wake_all(&c->readers);
  wait_wake_all(&c->writers);
  bell_ring(c->bell);
}

/* The collector closes no channel of a living peer: it is read, and what comes goes nowhere. That of a
   dead one goes: nobody is left who could answer its last messages. */
static bool linger(Handle *h)
{
  Channel *c = (Channel *)h;
  c->hold = c->asked = false;
  c->skipping = true;
  wire_drop(c);
  if (c->eof) wire_end(c);
  wire_flush(c);
  wire_update(c);
  return h->open;
}

static void release(Handle *h)
{
  Channel *c = (Channel *)h;
  handles_free(c);
  bell_unref(c->bell);
  buf_free(&c->in);
  buf_free(&c->out);
  buf_free(&c->late);
}

static bool unsent(Handle *h)
{
  return has_unsent((Channel *)h);
}

const HandleType channel_type = {"procrun.channel", close_channel, linger,
                                 release,           unsent,        channel_look};
