/* handles_self.c - the other end of a channel, sent over it: whoever kept it would never hear the end of the
   channel, and wait for it for ever. */
#include "modules/channel/handles.h"

#ifdef __linux__

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <sys/stat.h>
#include <unistd.h>

/* The inode of a socket; 0: it is none. */
static ino_t inode(int fd)
{
  struct stat s;
  return fstat(fd, &s) == 0 && S_ISSOCK(s.st_mode) ? s.st_ino : 0;
}

static ino_t read_peer(const struct nlmsghdr *head, size_t size)
{
  if (!NLMSG_OK(head, size) || head->nlmsg_type != SOCK_DIAG_BY_FAMILY) return 0;
  const struct unix_diag_msg *answer = NLMSG_DATA(head);
  size_t left = head->nlmsg_len - NLMSG_LENGTH(sizeof *answer);
  const struct rtattr *a = (const struct rtattr *)(answer + 1);
  for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
    if (a->rta_type == UNIX_DIAG_PEER) return *(const uint32_t *)RTA_DATA(a);
  return 0;
}

/* The inode of the other end, as the kernel tells it; 0: it does not. */
static ino_t ask_peer(int fd)
{
  struct {
    struct nlmsghdr head;
    struct unix_diag_req request;
  } question = {.head = {sizeof question, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 0, 0},
                .request = {.sdiag_family = AF_UNIX,
                            .udiag_states = UINT32_MAX,
                            .udiag_ino = (uint32_t)inode(fd),
                            .udiag_show = UDIAG_SHOW_PEER,
                            .udiag_cookie = {UINT32_MAX, UINT32_MAX}}};
  union {
    struct nlmsghdr head;
    char bytes[1024];
  } answer;
  int diag = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (diag < 0) return 0;
  ssize_t n = send(diag, &question, sizeof question, MSG_DONTWAIT);
  if (n > 0) n = recv(diag, &answer, sizeof answer, MSG_DONTWAIT);
  close(diag);
  return n > 0 ? read_peer(&answer.head, (size_t)n) : 0;
}

bool handles_is_self(Channel *c, int fd)
{
  Handles *h = c->handles;
  if (!h->peer_known) h->peer = ask_peer(c->fd_in);
  h->peer_known = true;
  return h->peer != 0 && inode(fd) == h->peer;
}

#else

bool handles_is_self(Channel *c, int fd)
{
  (void)c;
  (void)fd;
  return false;
}

#endif
