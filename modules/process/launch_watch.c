/* launch_watch.c - the end of a child told to the loop and reaped; see launch_watch.h.

   Only pids of our own children are waited for, one by one: other parts of the process may have
   children too. Nobody else may take ours, or LAUNCH_LOST is all there is to tell. */
#include "modules/process/launch_watch.h"

#include "modules/process/launch_impl.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* One for each loop with children that have no pidfd; closed with the last of them, so that the
   loop can be closed. */
typedef struct Watcher {
  uv_signal_t signal;
  Launched *children;
  Launched *cursor; /* the next one to be looked at by a scan under way */
  unsigned refs;    /* children that keep the loop alive */
  struct Watcher *next;
} Watcher;

static Watcher *watchers;
static bool pidfd_fails;

bool watch_has_pidfd(void)
{
  return !pidfd_fails;
}

void watch_no_pidfd(void)
{
  pidfd_fails = true;
}

static Watcher *watcher_of(uv_loop_t *loop)
{
  for (Watcher *w = watchers; w != NULL; w = w->next)
    if (w->signal.loop == loop) return w;
  return NULL;
}

Launched *watch_signalled(uv_loop_t *loop)
{
  Watcher *w = watcher_of(loop);
  return w == NULL ? NULL : w->children;
}

static void on_watcher_closed(uv_handle_t *handle)
{
  free(handle->data);
}

static void watcher_close(Watcher *w)
{
  Watcher **at = &watchers;
  while (*at != w) at = &(*at)->next;
  *at = w->next;
  uv_close((uv_handle_t *)&w->signal, on_watcher_closed);
}

/* Takes a child off its watcher. */
static void leave_watcher(Launched *p)
{
  Watcher *w = watcher_of(p->loop);
  if (w->cursor == p) w->cursor = p->next;
  launch_unlink(p);
  if (p->referenced && --w->refs == 0) uv_unref((uv_handle_t *)&w->signal);
  if (w->children == NULL) watcher_close(w);
}

static void on_poll_closed(uv_handle_t *handle)
{
  launch_idle(handle->data);
}

static void stop_polling(Launched *p)
{
  p->polling = false;
  launch_unlink(p);
  uv_close((uv_handle_t *)&p->uv.poll, on_poll_closed);
}

void watch_stop(Launched *p)
{
  if (p->polling)
    stop_polling(p);
  else
    leave_watcher(p);
  if (p->pidfd >= 0) close(p->pidfd);
  p->pidfd = -1;
}

/* Reaps a child if it has ended. Afterwards p may be gone. */
static bool reap(Launched *p)
{
  int status;
  struct rusage usage;
  pid_t pid;
  do pid = wait4(p->pid, &status, WNOHANG, &usage);
  while (pid < 0 && errno == EINTR);
  if (pid == 0) return false;
  if (pid < 0) {
    status = LAUNCH_LOST;
    usage = (struct rusage){0};
  }
  watch_stop(p);
  launch_ended(p, status, &usage);
  return true;
}

/* The callbacks of one child may start, close or give up others. */
static void on_sigchld(uv_signal_t *signal, int signum)
{
  (void)signum;
  Watcher *w = signal->data;
  w->cursor = w->children;
  while (w->cursor != NULL) {
    Launched *p = w->cursor;
    w->cursor = p->next;
    reap(p);
  }
}

static Watcher *watcher_open(uv_loop_t *loop, int *code)
{
  Watcher *w = calloc(1, sizeof *w);
  *code = w == NULL ? UV_ENOMEM : uv_signal_init(loop, &w->signal);
  if (*code != 0) {
    free(w);
    return NULL;
  }
  w->signal.data = w;
  *code = uv_signal_start(&w->signal, on_sigchld, SIGCHLD);
  if (*code != 0) {
    uv_close((uv_handle_t *)&w->signal, on_watcher_closed);
    return NULL;
  }
  uv_unref((uv_handle_t *)&w->signal);
  w->next = watchers;
  watchers = w;
  return w;
}

static int watch_by_signal(Launched *p, bool look)
{
  int code = 0;
  Watcher *w = watcher_of(p->loop);
  if (w == NULL) {
    w = watcher_open(p->loop, &code);
    look = true;
  }
  if (w == NULL) return code;
  launch_link(&w->children, p);
  if (p->referenced && w->refs++ == 0) uv_ref((uv_handle_t *)&w->signal);
  if (look) raise(SIGCHLD); /* it may have ended before anybody listened */
  return 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  (void)events;
  Launched *p = poll->data;
  if (reap(p) || status >= 0) return;
  stop_polling(p); /* libuv has given up this descriptor; it still serves for signals */
  if (watch_by_signal(p, true) != 0) abort();
}

static int watch_by_pidfd(Launched *p)
{
  int code = uv_poll_init(p->loop, &p->uv.poll, p->pidfd);
  if (code != 0) return code;
  p->uv.poll.data = p;
  p->busy = p->polling = true;
  launch_link(&launch_running, p);
  return uv_poll_start(&p->uv.poll, UV_READABLE, on_poll);
}

int watch_start(Launched *p)
{
  if (p->pidfd >= 0 && watch_by_pidfd(p) == 0) return 0;
  if (p->polling) stop_polling(p);
  return watch_by_signal(p, false);
}

void watch_ref(Launched *p, bool ref)
{
  uv_handle_t *handle = (uv_handle_t *)&p->uv.poll;
  if (!p->polling) {
    Watcher *w = watcher_of(p->loop);
    if (ref ? w->refs++ != 0 : --w->refs != 0) return;
    handle = (uv_handle_t *)&w->signal;
  }
  if (ref)
    uv_ref(handle);
  else
    uv_unref(handle);
}
#endif
