/* launch_pidfd.c - children watched by their pidfds: one epoll set, one handle of libuv, however many
   there are, and however many of them end at once.

   A pidfd is told once (EPOLLONESHOT) and leaves the set when it is closed. Where somebody has forked
   without exec there is a copy of it, and it would stay in the set and be told for ever. For the same
   reason an event names a pid: whom it was meant for may be gone. */
#include "modules/process/launch_impl.h"
#include "modules/process/launch_watch.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BATCH = 256 };

/* One for each loop, from the first child to the end of the run. */
typedef struct Set {
  uv_poll_t poll;
  int fd;
  unsigned children;
  unsigned refs; /* children that keep the loop alive */
  struct Set *next;
} Set;

static Set *sets;

static Set *set_of(uv_loop_t *loop)
{
  for (Set *set = sets; set != NULL; set = set->next)
    if (set->poll.loop == loop) return set;
  return NULL;
}

static int watch(const Set *set, const Launched *p, int operation)
{
  struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = (uint64_t)p->pid};
  return epoll_ctl(set->fd, operation, p->pidfd, &event) == 0 ? 0 : -errno;
}

/* One that is traced, too, may have ended for everybody but its parent. */
static void on_ended(const Set *set, pid_t pid)
{
  Launched *p = launch_find(pid);
  if (p == NULL || p->loop != set->poll.loop || p->ops != &launch_linux_ops) return;
  if (!watch_reap(p) && p->polling) watch(set, p, EPOLL_CTL_MOD);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  (void)status;
  (void)events;
  const Set *set = poll->data;
  struct epoll_event ready[BATCH];
  int count;
  do {
    count = epoll_wait(set->fd, ready, BATCH, 0);
    for (int i = 0; i < count; i++) on_ended(set, (pid_t)ready[i].data.u64);
  } while (count == BATCH);
}

static Set *set_open(uv_loop_t *loop)
{
  Set *set = calloc(1, sizeof *set);
  if (set == NULL) return NULL;
  set->fd = epoll_create1(EPOLL_CLOEXEC);
  if (set->fd < 0 || uv_poll_init(loop, &set->poll, set->fd) != 0) {
    if (set->fd >= 0) close(set->fd);
    free(set);
    return NULL;
  }
  set->poll.data = set;
  uv_poll_start(&set->poll, UV_READABLE, on_poll);
  uv_unref((uv_handle_t *)&set->poll);
  set->next = sets;
  return sets = set;
}

int pidfds_add(Launched *p)
{
  Set *set = set_of(p->loop);
  if (set == NULL) set = set_open(p->loop);
  int code = set == NULL ? UV_ENOMEM : watch(set, p, EPOLL_CTL_ADD);
  if (code != 0) return code;
  set->children++;
  p->polling = true;
  launch_link(p);
  if (p->referenced) pidfds_ref(p, true);
  return 0;
}

void pidfds_remove(Launched *p)
{
  set_of(p->loop)->children--;
  p->polling = false;
  launch_unlink(p);
  if (p->referenced) pidfds_ref(p, false);
}

void pidfds_ref(Launched *p, bool ref)
{
  Set *set = set_of(p->loop);
  if (ref && set->refs++ == 0) uv_ref((uv_handle_t *)&set->poll);
  if (!ref && --set->refs == 0) uv_unref((uv_handle_t *)&set->poll);
}

static void on_closed(uv_handle_t *handle)
{
  free(handle->data);
}

void pidfds_quit(uv_loop_t *loop)
{
  Set **at = &sets;
  while (*at != NULL && (*at)->poll.loop != loop) at = &(*at)->next;
  Set *set = *at;
  if (set == NULL || set->children > 0) return;
  *at = set->next;
  uv_close((uv_handle_t *)&set->poll, on_closed);
  close(set->fd);
}
#endif
