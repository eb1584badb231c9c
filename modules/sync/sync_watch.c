/* sync_watch.c - the ends of other processes, seen as the end of the FIFO that they hold open. */
#include <stdlib.h>
#include <unistd.h>

#include "modules/sync/sync_object.h"
#include "modules/sync/sync_place.h"

enum {
  KEPT = 4
}; /* two processes that hand a mutex back and forth watch each other again and again */

static void on_closed(uv_handle_t *uv)
{
  SyncWatch *w = uv->data;
  close(w->fd);
  free(w);
}

static void close_watch(SyncWatch *w)
{
  w->object = NULL;
  uv_close((uv_handle_t *)&w->poll, on_closed);
}

/* Nothing is ever written there: it can be read because it is at its end. */
static void on_ended(uv_poll_t *poll, int status, int events)
{
  SyncWatch *w = poll->data;
  (void)status, (void)events;
  uv_poll_stop(poll);
  w->ended = true;
  sync_due(w->object);
  sync_run_due();
}

static int open_watch(SyncObject *s, uint64_t peer)
{
  int fd = sync_place_find(peer);
  if (fd < 0) return fd;
  SyncWatch *w = calloc(1, sizeof *w);
  int r = w ? uv_poll_init(&s->base.rt->loop, &w->poll, fd) : UV_ENOMEM;
  if (r < 0) {
    free(w);
    close(fd);
    return r;
  }
  w->object = s;
  w->next = s->watches;
  w->peer = peer;
  w->fd = fd;
  w->needed = true;
  w->poll.data = w;
  uv_poll_start(&w->poll, UV_READABLE, on_ended);
  uv_unref((uv_handle_t *)&w->poll);
  s->watches = w;
  return 0;
}

int sync_watch_need(SyncObject *s, uint64_t peer)
{
  for (SyncWatch *w = s->watches; w; w = w->next) {
    if (w->peer != peer) continue;
    w->needed = true;
    return w->ended ? UV_ESRCH : 0;
  }
  return open_watch(s, peer);
}

void sync_watch_begin(SyncObject *s)
{
  for (SyncWatch *w = s->watches; w; w = w->next) w->needed = false;
}

void sync_watch_end(SyncObject *s)
{
  int kept = 0;
  for (SyncWatch **link = &s->watches; *link;) {
    SyncWatch *w = *link;
    if (!w->ended && (w->needed || kept++ < KEPT)) {
      link = &w->next;
      continue;
    }
    *link = w->next;
    close_watch(w);
  }
}

void sync_watch_close(SyncObject *s)
{
  while (s->watches) {
    SyncWatch *w = s->watches;
    s->watches = w->next;
    close_watch(w);
  }
}
