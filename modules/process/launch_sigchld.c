/* launch_sigchld.c - children that have no pidfd: SIGCHLD says that somebody has ended, and we look who.

   Only pids of our own children are reaped, one by one: other parts of the process may have children
   too. Nobody else may take ours, or LAUNCH_LOST is all there is to tell. */
#include "modules/process/launch_impl.h"
#include "modules/process/launch_watch.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "runtime/signals.h"

/* After a look the next one is put off by this many times what it has taken, for each child it has
   found: with ten thousand children the kernel needs half a millisecond to go through them. */
enum { NS_PER_MS = 1000000, PUT_OFF = 8, MOST_PUT_OFF_NS = 20 * NS_PER_MS };

enum { LAST_LOOK_MS = 1000 }; /* after one that has found somebody */

/* One for each loop with children that have no pidfd; closed with the last of them, so that the
   loop can be closed. */
typedef struct Watcher {
  uv_loop_t *loop;
  uv_signal_t signal;
  uv_timer_t timer;    /* the next look that no signal leads to */
  uint64_t not_before; /* uv_hrtime */
  unsigned children;
  unsigned refs; /* children that keep the loop alive */
  int handles;   /* of libuv, not yet closed */
  struct Watcher *next;
} Watcher;

static void on_timer(uv_timer_t *timer);

static Watcher *watchers;

static Watcher *watcher_of(uv_loop_t *loop)
{
  for (Watcher *w = watchers; w != NULL; w = w->next)
    if (w->loop == loop) return w;
  return NULL;
}

static void on_watcher_closed(uv_handle_t *handle)
{
  Watcher *w = handle->data;
  if (--w->handles == 0) free(w);
}

static void watcher_close(Watcher *w)
{
  Watcher **at = &watchers;
  while (*at != w) at = &(*at)->next;
  *at = w->next;
  sigset_t mask;
  signals_lend(SIGCHLD, &mask);
  uv_close((uv_handle_t *)&w->signal, on_watcher_closed);
  signals_renew(SIGCHLD, &mask);
  uv_close((uv_handle_t *)&w->timer, on_watcher_closed);
}

static bool is_signalled(const Launched *p, const uv_loop_t *loop)
{
  return p->loop == loop && p->ops == &launch_linux_ops && !p->polling;
}

static void visit_signalled(Launched *p, void *loop)
{
  if (is_signalled(p, loop)) watch_reap(p);
}

/* A child of ours that has ended and waits to be reaped, one with a pidfd included; NULL with
   *stranger: one of somebody else's hides what stands behind it. */
static Launched *peek(const uv_loop_t *loop, bool *stranger)
{
  siginfo_t info = {0};
  while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
    if (errno != EINTR) return NULL;
  if (info.si_pid == 0) return NULL;
  Launched *p = launch_find(info.si_pid);
  *stranger = p == NULL || p->loop != loop || p->ops != &launch_linux_ops;
  return *stranger ? NULL : p;
}

/* The kernel names who has ended. One by one they are asked only where it cannot: a stranger is
   first, or there was nobody, so that somebody else may have reaped one of ours. That may also be so
   where somebody was found, hence a last look when it has become quiet. */
static void look(Watcher *w)
{
  uint64_t start = uv_hrtime();
  bool stranger = false;
  unsigned found = 0;
  for (Launched *p; (p = peek(w->loop, &stranger)) != NULL && watch_reap(p);) found++;
  if (w->children > 0 && (stranger || found == 0)) launch_each(visit_signalled, w->loop);
  if (w->children == 0) return;
  uint64_t now = uv_hrtime(), put_off = (now - start) / (found + 1) * PUT_OFF;
  w->not_before = now + (put_off < MOST_PUT_OFF_NS ? put_off : MOST_PUT_OFF_NS);
  if (found > 0) uv_timer_start(&w->timer, on_timer, LAST_LOOK_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
  look(timer->data);
}

static void on_sigchld(uv_signal_t *signal, int signum)
{
  (void)signum;
  Watcher *w = signal->data;
  uint64_t now = uv_hrtime();
  if (now + NS_PER_MS > w->not_before)
    look(w);
  else
    uv_timer_start(&w->timer, on_timer, (w->not_before - now) / NS_PER_MS, 0);
}

static Watcher *watcher_open(uv_loop_t *loop, int *code)
{
  Watcher *w = calloc(1, sizeof *w);
  *code = w == NULL ? UV_ENOMEM : uv_signal_init(loop, &w->signal);
  if (*code != 0) {
    free(w);
    return NULL;
  }
  uv_timer_init(loop, &w->timer);
  w->loop = loop;
  w->signal.data = w->timer.data = w;
  w->handles = 2;
  w->next = watchers;
  watchers = w;
  sigset_t mask;
  signals_lend(SIGCHLD, &mask);
  *code = uv_signal_start(&w->signal, on_sigchld, SIGCHLD);
  signals_renew(SIGCHLD, &mask);
  if (*code != 0) {
    watcher_close(w);
    return NULL;
  }
  uv_unref((uv_handle_t *)&w->signal);
  uv_unref((uv_handle_t *)&w->timer);
  return w;
}

static Watcher *watcher_ready(uv_loop_t *loop, int *code)
{
  Watcher *w = watcher_of(loop);
  *code = 0;
  return w != NULL ? w : watcher_open(loop, code);
}

int sigchld_look(uv_loop_t *loop)
{
  int code;
  Watcher *w = watcher_ready(loop, &code);
  if (w != NULL) uv_timer_start(&w->timer, on_timer, 0, 0);
  return code;
}

int sigchld_add(Launched *p)
{
  Watcher *w = watcher_of(p->loop);
  int code = w != NULL ? 0 : sigchld_look(p->loop);
  if (code != 0) return code;
  if (w == NULL) w = watcher_of(p->loop);
  launch_link(p);
  w->children++;
  if (p->referenced) sigchld_ref(p, true);
  return 0;
}

void sigchld_remove(Launched *p)
{
  Watcher *w = watcher_of(p->loop);
  launch_unlink(p);
  if (p->referenced) sigchld_ref(p, false);
  if (--w->children == 0) watcher_close(w);
}

void sigchld_ref(Launched *p, bool ref)
{
  Watcher *w = watcher_of(p->loop);
  if (ref && w->refs++ == 0) uv_ref((uv_handle_t *)&w->signal);
  if (!ref && --w->refs == 0) uv_unref((uv_handle_t *)&w->signal);
}
#endif
