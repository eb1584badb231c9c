/* handles_out.c - handles that go: their lines stand in the outbox among all others, and stay there until
   they are answered. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/channel/handles.h"

/* Seconds before a refused line goes again: most often the peer had no descriptor left. */
static const double PAUSES[HANDLES_RETRIES] = {0.01, 0.1, 0.5};

bool handles_queue(Channel *c, int fd, uint64_t start, uint64_t end)
{
  Handles *h = c->handles;
  Outgoing *one = malloc(sizeof *one);
  if (one == NULL) return false;
  *one = (Outgoing){.start = start, .end = end, .fd = fd};
  if (h->out_last)
    h->out_last->next = one;
  else
    h->out_first = one;
  h->out_last = one;
  return true;
}

static bool is_whole(const Outgoing *one)
{
  return one->offset == one->end - one->start;
}

/* What the peer has sent in front of its answer is read, then, though nobody takes it: most often a line
   that it had begun. Whoever takes messages may be waiting in send, for that very answer. */
bool handles_unanswered(const Channel *c)
{
  const Outgoing *one = c->handles->out_first;
  return one && !one->resting && c->sent == one->start && is_whole(one);
}

/* The first one has been answered, or has been refused too often. */
static void settle(Channel *c, bool taken)
{
  Handles *h = c->handles;
  Outgoing *one = h->out_first;
  h->out_first = one->next;
  if (one->next == NULL) h->out_last = NULL;
  close(one->fd);
  one->fd = -1;
  wire_wrote(c, (size_t)(one->end - one->start));
  if (taken) {
    free(one);
    return;
  }
  one->next = h->refused;
  h->refused = one;
}

static void rest(Channel *c, Outgoing *one)
{
  if (one->refusals == HANDLES_RETRIES) {
    settle(c, false);
    return;
  }
  one->offset = 0;
  one->resting = true;
  deadline_arm(c->base.rt, &c->handles->retry, PAUSES[one->refusals++]);
}

bool handles_settle(Channel *c)
{
  Handles *h = c->handles;
  Verdict verdict = h->verdict;
  h->verdict = VERDICT_NONE;
  if (verdict == VERDICT_DEAD) {
    wire_fail(c, UV_EPIPE);
    return false;
  }
  Outgoing *one = h->out_first;
  if (one == NULL) return true;
  if (verdict == VERDICT_REFUSED && h->unanswered)
    settle(c, false);
  else if (verdict == VERDICT_REFUSED)
    rest(c, one);
  else if (verdict != VERDICT_NONE || (h->unanswered && is_whole(one)))
    settle(c, true);
  return true;
}

/* Answers go as soon as a line has ended, in front of all that is queued. */
bool handles_piece(Channel *c, Piece *p)
{
  Handles *h = c->handles;
  Outgoing *one = h->out_first;
  size_t answers = buf_size(&h->answers), size = wire_unsent(c);
  if (answers > 0 && (h->answering || !c->inside)) {
    *p = (Piece){.bytes = buf_head(&h->answers), .size = answers, .fd = -1, .answer = true};
    return true;
  }
  if (size == 0) return false;
  const char *head = buf_head(&c->out);
  if (one && c->sent == one->start) {
    if (one->resting || is_whole(one)) return false;
    size = (size_t)(one->end - one->start) - one->offset;
    *p = (Piece){.bytes = head + one->offset, .size = size, .fd = one->offset ? -1 : one->fd};
    return true;
  }
  if (one && size > one->start - c->sent) size = (size_t)(one->start - c->sent);
  if (answers > 0) size = (size_t)((const char *)memchr(head, '\n', size) - head) + 1;
  *p = (Piece){.bytes = head, .size = size, .fd = -1};
  return true;
}

void handles_wrote(Channel *c, const Piece *p, size_t n)
{
  Handles *h = c->handles;
  Outgoing *one = h->out_first;
  if (p->answer) {
    buf_consume(&h->answers, n);
    h->answering = c->inside;
  } else if (one && c->sent == one->start) {
    one->offset += n;
    if (h->unanswered && is_whole(one)) settle(c, true);
  } else {
    wire_wrote(c, n);
  }
}

/* The line's first bytes, and the descriptor with them. */
ssize_t handles_transmit(Channel *c, const Piece *p)
{
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
  } control = {{0}};
  struct iovec part = {(char *)p->bytes, p->size};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  struct cmsghdr *m = CMSG_FIRSTHDR(&message);
  m->cmsg_level = SOL_SOCKET;
  m->cmsg_type = SCM_RIGHTS;
  m->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(m), &p->fd, sizeof p->fd);
  ssize_t n = sendmsg(c->fd_out, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n < 0 && errno == ETOOMANYREFS) { /* too many are underway: those that read have to go on */
    rest(c, c->handles->out_first);
    errno = EINTR;
  }
  return n;
}
