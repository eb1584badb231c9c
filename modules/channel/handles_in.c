/* handles_in.c - handles that come: descriptors taken off the socket, matched with their lines, checked
   and acknowledged at once, whether or not anybody takes the message. What belongs to the protocol alone
   never stands in the inbox. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/channel/handles.h"
#include "runtime/nofile.h"

#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif

static const char MARK[] = "NODE_";

static void fault(Channel *c, unsigned what)
{
  Handles *h = c->handles;
  if (h) {
    if (h->told & what) return;
    h->told |= what;
  }
  c->faults |= what;
}

/* Descriptors ------------------------------------------------------------------------------------- */

static void add_pending(Channel *c, int fd)
{
  Handles *h = handles_need(c);
  if (MSG_CMSG_CLOEXEC == 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
  if (h && h->pending_count < HANDLES_PENDING) {
    if (handles_is_self(c, fd)) {
      close(fd);
      fd = -1;
    } else {
      nofile_note(fd);
    }
    h->pending[h->pending_count++] = fd;
  } else {
    close(fd);
    c->faults |= FAULT_UNCLAIMED;
  }
}

/* A message that brought descriptors, or for one of which there was no room. */
static void take_control(Channel *c, struct msghdr *message)
{
  for (struct cmsghdr *m = CMSG_FIRSTHDR(message); m; m = CMSG_NXTHDR(message, m)) {
    if (m->cmsg_level != SOL_SOCKET || m->cmsg_type != SCM_RIGHTS) continue;
    size_t count = (m->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(m) + i * sizeof fd, sizeof fd);
      add_pending(c, fd);
    }
  }
  if (!(message->msg_flags & MSG_CTRUNC)) return;
  Handles *h = handles_need(c);
  if (h) h->truncated = true;
  if (h == NULL) c->faults |= FAULT_UNCLAIMED;
  nofile_raise(); /* the next one may find room */
}

ssize_t handles_receive(Channel *c, char *room, size_t size)
{
  union {
    char bytes[CMSG_SPACE(HANDLES_PENDING * sizeof(int))];
    struct cmsghdr align;
  } control;
  struct iovec part = {room, size};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t n = recvmsg(c->fd_in, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && errno == ENOTSOCK) return read(c->fd_in, room, size);
  if (n > 0 && (message.msg_controllen > 0 || message.msg_flags & MSG_CTRUNC))
    take_control(c, &message);
  return n;
}

/* The first `count` belong to no line that has come since. */
static void drop_pending(Channel *c, int count)
{
  Handles *h = c->handles;
  if (count > 0) c->faults |= FAULT_UNCLAIMED;
  for (int i = 0; i < count; i++)
    if (h->pending[i] >= 0) close(h->pending[i]);
  h->pending_count -= count;
  memmove(h->pending, h->pending + count, (size_t)h->pending_count * sizeof *h->pending);
}

static int claim(Handles *h)
{
  int fd = h->pending[0];
  h->pending_count--;
  memmove(h->pending, h->pending + 1, (size_t)h->pending_count * sizeof *h->pending);
  return fd;
}

/* Lines ------------------------------------------------------------------------------------------- */

static void refuse(Channel *c, unsigned what)
{
  handles_answer(c, "{\"cmd\":\"NODE_HANDLE_NACK\"}\n");
  fault(c, what);
}

/* Does the line stay, to be taken as a message with this descriptor? */
static bool accept_handle(Channel *c, const Line *line, uint64_t at)
{
  Handles *h = c->handles;
  if (h->pending_count == 0) {
    refuse(c, h->truncated ? FAULT_NO_ROOM : FAULT_NO_DESCRIPTOR);
    h->truncated = false;
    return false;
  }
  int fd = claim(h);
  HandleKind kind = handles_kind(fd, line, h->wrong, sizeof h->wrong);
  Incoming *one = kind == KIND_NONE || c->base.dropped ? NULL : malloc(sizeof *one);
  if (one == NULL) {
    if (fd >= 0) close(fd);
    if (kind == KIND_NONE || !c->base.dropped)
      refuse(c, kind == KIND_NONE ? FAULT_WRONG : FAULT_NO_ROOM);
    else
      handles_answer(c, "{\"cmd\":\"NODE_HANDLE_ACK\"}\n");
    return false;
  }
  handles_answer(c, "{\"cmd\":\"NODE_HANDLE_ACK\"}\n");
  Key *key = kind == KIND_SOCKET ? handles_key(h, line->key, line->key_size) : NULL;
  *one = (Incoming){.at = at, .fd = fd, .kind = kind, .key = key};
  if (h->in_last)
    h->in_last->next = one;
  else
    h->in_first = one;
  h->in_last = one;
  h->untaken++;
  h->told = 0;
  return true;
}

static void answer_count(Channel *c, const Line *line)
{
  Key *key = c->handles->keys;
  size_t size = line->key_size;
  if (line->key == NULL || size > HANDLES_KEY) return;
  while (key && !(key->size == size && memcmp(key->text, line->key, size) == 0)) key = key->next;
  if (line->kind == LINE_GET_COUNT)
    handles_answer(c, "{\"cmd\":\"NODE_SOCKET_COUNT\",\"key\":\"%.*s\",\"count\":%u}\n", (int)size,
                   line->key, key ? key->count : 0);
  else if (key)
    key->notify = true;
  else
    handles_answer(c, "{\"cmd\":\"NODE_SOCKET_ALL_CLOSED\",\"key\":\"%.*s\"}\n", (int)size,
                   line->key);
}

static void take_reply(Channel *c, const Line *line)
{
  if (line->key == NULL) return;
  Ask *ask = handles_ask(c->handles, line->key, line->key_size, false);
  if (ask == NULL) return;
  if (line->kind == LINE_ALL_CLOSED) {
    ask->closed = true;
  } else if (ask->answered < ask->asked) {
    ask->answered++;
    ask->count = line->count;
  }
  wait_wake_all(&c->handles->askers);
}

/* An answer to a line that is not wholly out answers nothing: it is a stray one, as is a second. */
static void take_verdict(Channel *c, Verdict verdict)
{
  Handles *h = c->handles;
  Outgoing *one = h->out_first;
  bool awaited = one && c->sent == one->start && one->offset == one->end - one->start;
  if (awaited && !one->resting && h->verdict == VERDICT_NONE) h->verdict = verdict;
}

/* Does the line stay in the inbox? */
static bool look_at(Channel *c, const char *text, size_t size, uint64_t at)
{
  Line line;
  if (memmem(text, size, MARK, sizeof MARK - 1) == NULL) return true;
  handles_read_line(text, size, &line);
  switch (line.kind) {
  case LINE_OTHER: return true;
  case LINE_HANDLE: return accept_handle(c, &line, at);
  case LINE_ACK: take_verdict(c, VERDICT_TAKEN); return false;
  case LINE_NACK: take_verdict(c, VERDICT_REFUSED); return false;
  case LINE_GET_COUNT:
  case LINE_NOTIFY_CLOSE: answer_count(c, &line); return false;
  case LINE_COUNT:
  case LINE_ALL_CLOSED: take_reply(c, &line); return false;
  }
  return true;
}

/* Most reads hold no line of the protocol. */
static bool nothing_to_see(Handles *h, const char *start, const char *fresh, const char *end)
{
  if (h->pending_count > 0 || h->truncated) return false;
  if (memchr(fresh, '\n', (size_t)(end - fresh)) == NULL) { /* a long line is looked at once */
    h->partial = (size_t)(end - start);
    return true;
  }
  if (memmem(start, (size_t)(end - start), MARK, sizeof MARK - 1) != NULL) return false;
  const char *line = end;
  while (line > fresh && line[-1] != '\n') line--;
  h->partial = (size_t)(end - (line > fresh ? line : start));
  return true;
}

/* The lines that the latest read has completed; those that do not stay are taken out. A descriptor
   may belong to any line that the read that brought it has a part of. */
static void look_at_lines(Channel *c, char *start, const char *from, const char *end)
{
  Handles *h = c->handles;
  int old = h->pending_old;
  uint64_t at = c->received - (uint64_t)(end - start);
  char *to = start;
  const char *line = start, *newline;
  while ((newline = memchr(from, '\n', (size_t)(end - from))) != NULL) {
    size_t size = (size_t)(newline - line) + 1;
    int before = h->pending_count;
    bool stays = look_at(c, line, size - 1, at + (uint64_t)(to - start));
    int claimed = before - h->pending_count;
    drop_pending(c, old > claimed ? old - claimed : 0);
    old = 0;
    if (stays && to != line) memmove(to, line, size);
    if (stays) to += size;
    line = from = newline + 1;
  }
  h->partial = (size_t)(end - line);
  if (h->partial > 0 && to != line) memmove(to, line, h->partial);
  size_t removed = (size_t)(line - to);
  c->in.tail -= removed;
  c->received -= removed;
  size_t offset = (size_t)(start - buf_head(&c->in));
  if (removed > 0 && c->lines.scanned > offset) c->lines.scanned = offset;
}

static void look(Channel *c, size_t fresh)
{
  char *end = buf_head(&c->in) + buf_size(&c->in), *start = end - fresh - c->handles->partial;
  if (!nothing_to_see(c->handles, start, end - fresh, end))
    look_at_lines(c, start, end - fresh, end);
}

void handles_scan(Channel *c, size_t fresh)
{
  Handles *h = c->handles;
  size_t size = buf_size(&c->in);
  if (fresh > size) fresh = size;
  if (h->partial > size - fresh) h->partial = size - fresh; /* it was too long, and dropped */
  if (size > 0) look(c, fresh);
  if (h->partial == 0) {
    drop_pending(c, h->pending_count);
    if (h->truncated) c->faults |= FAULT_UNCLAIMED;
    h->truncated = false;
  }
  h->pending_old = h->pending_count;
}

void handles_skipped(Channel *c)
{
  if (c->handles->owing) handles_answer(c, "{\"cmd\":\"NODE_HANDLE_NACK\"}\n");
  c->handles->owing = false;
}

/* A line that is too long is not waited for. Whoever sends a handle by it waits for an answer, but not
   before its end. */
void handles_too_long(Channel *c)
{
  static const char head[] = "{\"cmd\":\"NODE_HANDLE\"";
  Handles *h = c->handles;
  if (buf_size(&c->in) >= sizeof head && memcmp(buf_head(&c->in), head, sizeof head - 1) == 0) {
    int fd = h->pending_count > 0 ? claim(h) : -1;
    if (fd >= 0) close(fd);
    h->owing = true;
  }
  if (!c->skipping) handles_skipped(c);
  drop_pending(c, h->pending_count);
  h->truncated = false;
}

/* The peer has closed its end. If it is gone, nothing is answered any more; if it still reads, what is
   queued goes without. */
void handles_at_eof(Channel *c)
{
  Handles *h = c->handles;
  struct pollfd peer = {.fd = c->fd_out, .events = POLLOUT};
  drop_pending(c, h->pending_count);
  wire_flush(c); /* the last answers */
  h->unanswered = true;
  if (h->out_first && h->verdict == VERDICT_NONE && poll(&peer, 1, 0) > 0 && peer.revents & POLLHUP)
    h->verdict = VERDICT_DEAD;
  wait_wake_all(&h->askers);
  wire_flush(c);
}
