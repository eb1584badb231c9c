/* wire.c - the bytes of a channel: recvmsg and sendmsg on the socket, woken by uv_poll.

   libuv's own pipes lose what stands behind a descriptor when the peer dies, and drop queued
   writes at close; so this reads until 0, steps over ECONNRESET, and drains before it closes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "modules/channel/channel.h"

enum { READS_PER_TURN = 8, DRAIN_READS = 64 };
static const double WARN_AFTER = 1, LINGER = 5;

static void on_poll(uv_poll_t *poll, int status, int events);

bool wire_has_line(Channel *c)
{
  const char *line;
  size_t size;
  return lines_next(&c->lines, &c->in, &line, &size);
}

static bool wants_input(Channel *c)
{
  if (c->eof || !c->base.open) return false;
  if (buf_size(&c->in) < CHANNEL_INBOX || c->base.rt->exiting) return true;
  return !wire_has_line(c);
}

static void set_ref(Channel *c)
{
  bool held = buf_size(&c->out) > 0 || (!c->eof && (c->readers.head || c->hold));
  if (held)
    uv_ref((uv_handle_t *)&c->poll);
  else
    uv_unref((uv_handle_t *)&c->poll);
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

void wire_update(Channel *c)
{
  if (!c->base.open) return;
  int in = wants_input(c) ? UV_READABLE : 0;
  int out = buf_size(&c->out) > 0 && !c->turn.listed ? UV_WRITABLE : 0;
  if (c->fd_in == c->fd_out) {
    watch(&c->poll, &c->events, in | out);
  } else {
    watch(&c->poll, &c->events, in);
    watch(&c->poll_out, &c->events_out, out);
  }
  set_ref(c);
}

static void arrived(Channel *c)
{
  c->base.rt->progress++;
  wait_wake(&c->readers);
  bell_ring(c->bell);
}

/* Half of a line that is too long is dropped, and the rest of it as it comes. */
static void check_length(Channel *c)
{
  if (c->skipping) {
    const char *line;
    size_t size;
    if (!lines_next(&c->lines, &c->in, &line, &size)) {
      lines_consume(&c->lines, &c->in, buf_size(&c->in));
      return;
    }
    lines_consume(&c->lines, &c->in, size + 1);
    c->skipping = false;
  }
  if (wire_has_line(c) || c->lines.scanned <= c->max_message) return;
  lines_consume(&c->lines, &c->in, buf_size(&c->in));
  c->skipping = true;
  c->fault = FAULT_TOO_LONG;
}

/* Descriptors are not asked for, so the kernel drops them; that it had to is told. */
static ssize_t receive(Channel *c, char *room)
{
  struct iovec part = {room, CHANNEL_CHUNK};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  ssize_t n = recvmsg(c->fd_in, &message, MSG_DONTWAIT);
  if (n < 0 && errno == ENOTSOCK) return read(c->fd_in, room, CHANNEL_CHUNK);
  if (n > 0 && message.msg_flags & MSG_CTRUNC) c->fault = FAULT_DESCRIPTOR;
  return n;
}

/* One read: 1 when there may be more, 0 when not now, or at the end. */
static int read_once(Channel *c)
{
  char *room = buf_reserve(&c->in, CHANNEL_CHUNK);
  if (room == NULL) return 0;
  ssize_t n = receive(c, room);
  if (n > 0) {
    buf_commit(&c->in, (size_t)n);
    check_length(c);
    if (c->base.rt->exiting && buf_size(&c->in) > CHANNEL_INBOX) /* nobody will take these */
      lines_consume(&c->lines, &c->in, buf_size(&c->in));
    return 1;
  }
  if (n < 0 && (errno == EINTR || errno == ECONNRESET)) return 1;
  if (n < 0 && errno == EAGAIN) return 0;
  c->eof = true;
  return 0;
}

static void drain(Channel *c, int reads)
{
  size_t before = buf_size(&c->in);
  ChannelFault fault = c->fault;
  for (int i = 0; i < reads && wants_input(c); i++)
    if (read_once(c) == 0) break;
  if (c->eof || c->fault != fault || (buf_size(&c->in) != before && wire_has_line(c))) arrived(c);
  if (c->eof && c->ending) handle_close(&c->base);
}

void wire_pull(Channel *c)
{
  if (!c->base.open || c->eof) return;
  for (int i = 0; i < DRAIN_READS && !c->eof; i++)
    if (read_once(c) == 0) break;
  arrived(c);
  wire_update(c);
}

static void half_close(Channel *c)
{
  if (c->half_closed) return;
  c->half_closed = true;
  if (shutdown(c->fd_out, SHUT_WR) < 0 && errno == ENOTSOCK) {
    uv_poll_stop(&c->poll_out);
    c->events_out = 0;
    close(c->fd_out);
    c->fd_out = -1;
  }
  deadline_arm(c->base.rt, &c->patience, LINGER);
  if (c->eof || c->write_error) handle_close(&c->base);
}

static void fail(Channel *c, int error)
{
  c->write_error = error;
  c->sent = c->queued;
  buf_free(&c->out);
  bell_ring(c->bell);
}

void wire_flush(Channel *c)
{
  if (!c->base.open) return;
  while (buf_size(&c->out) > 0) {
    ssize_t n = send(c->fd_out, buf_head(&c->out), buf_size(&c->out), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == ENOTSOCK) n = write(c->fd_out, buf_head(&c->out), buf_size(&c->out));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) {
      fail(c, -errno);
      break;
    }
    buf_consume(&c->out, (size_t)n);
    c->sent += (uint64_t)n;
    c->base.rt->progress++;
  }
  wait_wake_all(&c->writers);
  if (buf_size(&c->out) == 0 && c->ending) half_close(c);
  if (c->base.open && c->base.dropped && buf_size(&c->out) == 0) handle_close(&c->base);
  if (c->base.open) wire_update(c);
}

void wire_send(Channel *c)
{
  bool first = !c->turn.listed;
  if (first) turn_later(c->base.rt, &c->turn);
  if (first || buf_size(&c->out) >= CHANNEL_GATHER) {
    wire_flush(c);
    if (c->base.open && c->writers.head && !c->warned) deadline_arm(c->base.rt, &c->patience, WARN_AFTER);
  }
}

static void on_turn(Turn *turn)
{
  Channel *c = (Channel *)((char *)turn - offsetof(Channel, turn));
  if (buf_size(&c->out) > 0) wire_flush(c);
}

void wire_end(Channel *c)
{
  if (c->ending || !c->base.open) return;
  c->ending = true;
  deadline_disarm(c->base.rt, &c->patience);
  wire_flush(c);
}

/* Whoever waits to send for a second while the inbox is full may wait for ever. */
static void on_patience(Deadline *d)
{
  Channel *c = (Channel *)((char *)d - offsetof(Channel, patience));
  if (c->half_closed) {
    handle_close(&c->base);
    return;
  }
  if (c->writers.head == NULL || wants_input(c) || c->warned) return;
  c->warned = true;
  fprintf(stderr,
          "procrun: task %llu has waited %g s in send: the peer does not read, and its own messages "
          "fill the inbox here; a task on either side has to receive\n",
          (unsigned long long)c->writers.head->id, WARN_AFTER);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Channel *c = poll->data;
  if (status < 0) { /* libuv has stopped watching; what it is, the calls below find out */
    if (poll == &c->poll) c->events = 0;
    else c->events_out = 0;
    events = poll == &c->poll ? UV_READABLE | UV_WRITABLE : UV_WRITABLE;
  }
  if (events & UV_WRITABLE && buf_size(&c->out) > 0) wire_flush(c);
  if (events & UV_READABLE && c->base.open && !c->eof) drain(c, READS_PER_TURN);
  if (c->base.open) wire_update(c);
}

static void on_list_changed(WaitList *list)
{
  wire_update((Channel *)((char *)list - offsetof(Channel, readers)));
}

static void on_writers_changed(WaitList *list)
{
  Channel *c = (Channel *)((char *)list - offsetof(Channel, writers));
  if (!c->base.open || c->half_closed) return;
  if (list->head && !c->warned)
    deadline_arm(c->base.rt, &c->patience, WARN_AFTER);
  else
    deadline_disarm(c->base.rt, &c->patience);
}

static int init_poll(Channel *c, uv_poll_t *poll, int fd)
{
  int r = uv_poll_init(&c->base.rt->loop, poll, fd);
  if (r == 0) poll->data = c;
  return r;
}

int wire_open(Channel *c, int fd_in, int fd_out)
{
  c->fd_in = fd_in;
  c->fd_out = fd_out;
  c->turn.flush = on_turn;
  c->readers.changed = on_list_changed;
  c->writers.changed = on_writers_changed;
  c->patience = (Deadline){.fire = on_patience, .unref = true};
  int r = init_poll(c, &c->poll, fd_in);
  if (r < 0) return r;
  handle_open(&c->base, (uv_handle_t *)&c->poll);
  if (fd_out != fd_in) {
    r = init_poll(c, &c->poll_out, fd_out);
    if (r < 0) return r;
    uv_unref((uv_handle_t *)&c->poll_out);
  }
  wire_update(c);
  return 0;
}

/* Closing while bytes of the peer are unread would reset the connection under its reads. */
static void discard_unread(Channel *c)
{
  char waste[4096];
  for (int i = 0; i < DRAIN_READS; i++)
    if (recv(c->fd_in, waste, sizeof waste, MSG_DONTWAIT) <= 0) break;
}

static void on_out_closed(uv_handle_t *handle)
{
  (void)handle;
}

static void close_channel(Handle *h)
{
  Channel *c = (Channel *)h;
  turn_forget(h->rt, &c->turn);
  deadline_disarm(h->rt, &c->patience);
  uv_poll_stop(&c->poll);
  if (!c->eof) discard_unread(c);
  if (c->fd_out != c->fd_in) {
    if (c->poll_out.data) uv_close((uv_handle_t *)&c->poll_out, on_out_closed);
    if (c->fd_out >= 0) close(c->fd_out);
  }
  close(c->fd_in);
  c->eof = true;
  if (!c->write_error) c->write_error = UV_EPIPE;
  wait_wake_all(&c->readers);
  wait_wake_all(&c->writers);
  bell_ring(c->bell);
}

static bool linger(Handle *h)
{
  Channel *c = (Channel *)h;
  c->hold = false;
  if (buf_size(&c->out) > 0) wire_flush(c);
  return h->open && buf_size(&c->out) > 0;
}

static void release(Handle *h)
{
  Channel *c = (Channel *)h;
  bell_unref(c->bell);
  buf_free(&c->in);
  buf_free(&c->out);
}

static bool unsent(Handle *h)
{
  Channel *c = (Channel *)h;
  return buf_size(&c->out) > 0;
}

const HandleType channel_type = {"procrun.channel", close_channel, linger, release, unsent};
