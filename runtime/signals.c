/* signals.c - signals as recorded facts: the handler counts, the loop tells the watchers. */
#include "runtime/signals.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/alarm.h"
#include "runtime/dump.h"
#include "runtime/exit.h"
#include "runtime/protect.h"
#include "runtime/signame.h"
#include "runtime/task.h"
#include "runtime/tick.h"
#include "runtime/trace.h"

/* Instructions that a script may still run after TERM or HUP before it is broken off: far more than
   lie between two waits of one that does not compute for ever. */
enum { PATIENCE = 10000000 };

/* The same signal twice within this time is one: `timeout` tells the process and then its group. Only a
   later one is of somebody who has lost patience. */
enum { ONE_SIGNAL_NS = 5000000 };

static Runtime *the_runtime; /* signals belong to the process; NULL: record nothing */
static volatile sig_atomic_t pending[SIGNALS_MAX];
static volatile sig_atomic_t unread;               /* some of them is not zero */
static volatile sig_atomic_t watched[SIGNALS_MAX]; /* how many watches want it */
static volatile sig_atomic_t ending; /* the signal whose default action is under way, or 0 */
static volatile uint64_t ending_since;
static volatile sig_atomic_t forcing;         /* a second one has come: that one, or 0 */
static struct sigaction *before[SIGNALS_MAX]; /* what we have replaced; NULL: nothing */
static SignalWatch *watches;
static void (*undos[3])(void);
static void (*at_interrupt)(Runtime *rt);
static void (*at_force)(void);
static volatile sig_atomic_t holders, held; /* see signals_hold */

static bool ends_program(int signum)
{
  return signum == SIGINT || signum == SIGTERM || signum == SIGHUP;
}

void signals_at_death(void (*undo)(void))
{
  for (size_t i = 0; i < sizeof undos / sizeof *undos; i++) {
    if (undos[i] != NULL && undos[i] != undo) continue;
    undos[i] = undo;
    return;
  }
}

void signals_die(int signum)
{
  sigset_t set;
  for (size_t i = 0; i < sizeof undos / sizeof *undos; i++)
    if (undos[i]) undos[i]();
  signal(signum, SIG_DFL);
  sigemptyset(&set);
  sigaddset(&set, signum);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  kill(getpid(), signum);
}

void signals_at_force(void (*hook)(void))
{
  at_force = hook;
}

/* Outside of the handler: looking for processes is nothing for it. */
static void force(void)
{
  if (at_force) at_force();
  signals_die(forcing);
}

void signals_at_interrupt(void (*hook)(Runtime *rt))
{
  at_interrupt = hook;
}

/* Runs in the script at one of its next instructions: it is to end, and did not wait until now. Our
   modules are not broken off, between the start of a child and its first owner for one: they end where
   they wait. */
static void on_interrupt(lua_State *L, lua_Debug *ar)
{
  (void)ar;
  Runtime *rt = rt_get(L);
  int signum = ending;
  if (forcing) force();
  if (protect_in_own_code(L)) return;
  lua_sethook(L, NULL, 0, 0);
  exit_begin(rt, 128 + signum, signum);
  if (rt->current) scope_check(L, rt->current, false);
}

/* Each coroutine of the running task: the innermost may end before it comes to an instruction. */
static void interrupt(const Runtime *rt, int signum)
{
  bool now = signum == SIGINT;
  int mask = now ? LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT : LUA_MASKCOUNT;
  for (Frame *f = rt->frames; f; f = f->up)
    lua_sethook(f->L, on_interrupt, mask, now ? 1 : PATIENCE);
  tick_missed = 1;
}

/* A task runs; the signal may have come before it did, and is not yet taken. */
static void interrupt_again(Runtime *rt)
{
  bool taken = pending[ending] == 0 || rt->exiting;
  if (forcing || (ending && !taken)) interrupt(rt, forcing ? SIGINT : ending);
}

/* Others may have had a use for the signal: libuv for SIGCHLD, a C library. */
static void call_before(int signum)
{
  const struct sigaction *old = before[signum];
  if (old == NULL || old->sa_flags & SA_SIGINFO || old->sa_handler == SIG_DFL ||
      old->sa_handler == SIG_IGN)
    return;
  old->sa_handler(signum);
}

static void on_too_late(int signum)
{
  (void)signum;
  signals_die(forcing ? forcing : ending);
}

/* A C function that blocks comes neither to an instruction nor to the loop: it has the time that an
   exit has without progress. */
static void limit_blocking(const Runtime *rt)
{
  if (rt->current) alarm_set(rt->exit_timeout < 1 ? 1 : rt->exit_timeout, on_too_late);
}

/* Somebody has lost patience: the end comes at the next instruction, or turn of the loop, with what was
   started; where C code keeps us from both, after a short while without. */
static void force_soon(Runtime *rt, int signum)
{
  bool limited = !forcing && at_force && alarm_set(0.3, on_too_late);
  if (!limited) return signals_die(signum);
  forcing = signum;
  pending[signum]++;
  unread = 1;
  interrupt(rt, SIGINT);
  uv_async_send(&rt->wake);
}

/* Async-signal-safe: counters, lua_sethook (as lua.c does it), uv_async_send. */
static void on_signal(int signum)
{
  Runtime *rt = the_runtime;
  bool ends = false;
  call_before(signum);
  if (rt == NULL) return;
  if (signum == SIGINT && holders > 0 && watched[signum] == 0 && !ending) {
    held++;
    return;
  }
  if (ends_program(signum) && watched[signum] == 0) {
    uint64_t now = uv_hrtime(); /* that is clock_gettime: safe here */
    if (ending) {
      if (signum != ending || now - ending_since > ONE_SIGNAL_NS) force_soon(rt, signum);
      return;
    }
    ending = signum;
    ending_since = now;
    ends = true;
    tick_end(interrupt_again);
  } else if (signum == SIGINT && at_interrupt) {
    at_interrupt(rt);
  }
  if (signum == SIGUSR1 && watched[signum] == 0) dump_ask(rt);
  pending[signum]++; /* before `interrupt`: interrupt_again looks at it, maybe in another thread */
  unread = 1;
  if (ends) {
    interrupt(rt, signum);
    limit_blocking(rt);
  }
  uv_async_send(&rt->wake);
}

static void deliver(Runtime *rt, int signum, unsigned count)
{
  bool taken = false;
  for (SignalWatch *w = watches, *next; w; w = next) {
    next = w->next;
    if (!(w->set >> (signum - 1) & 1)) continue;
    w->arrived(w, signum, count);
    taken = true;
  }
  if (TRACING(TRACE_SIGNAL))
    trace_event(TRACE_SIGNAL, "arrive", "name=%s count=%d taken=%s", signame_of(signum), (int)count,
                taken ? "yes" : "no");
  if (!taken && ends_program(signum)) exit_begin(rt, 128 + signum, signum);
  if (!taken && signum == SIGUSR1) dump_write(rt);
}

/* Inside the loop no Lua code may run: what needs that is left for the next signals_take. */
static void take(Runtime *rt, bool in_loop)
{
  unread = 0;
  if (forcing) force();
  alarm_end();
  rt->woken(rt);
  for (int signum = 1; signum < SIGNALS_MAX; signum++) {
    if (pending[signum] == 0) continue;
    if (in_loop && signum == SIGUSR1 && watched[signum] == 0) {
      unread = 1;
      continue;
    }
    sigset_t one, old;
    sigemptyset(&one);
    sigaddset(&one, signum);
    sigprocmask(SIG_BLOCK, &one, &old);
    unsigned count = (unsigned)pending[signum];
    pending[signum] = 0;
    sigprocmask(SIG_SETMASK, &old, NULL);
    deliver(rt, signum, count);
  }
}

static void on_wake(uv_async_t *async)
{
  take(async->data, true);
}

void signals_take(Runtime *rt)
{
  if (unread) take(rt, false);
}

static int set_ours(int signum, struct sigaction *old)
{
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  return sigaction(signum, &action, old);
}

static void install(int signum)
{
  if (before[signum]) return;
  struct sigaction *old = calloc(1, sizeof *old);
  if (old == NULL) return;
  before[signum] = old; /* first: the signal may come at once */
  if (set_ours(signum, old) == 0) return;
  before[signum] = NULL;
  free(old);
}

void signals_lend(int signum, sigset_t *mask)
{
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signum);
  sigprocmask(SIG_BLOCK, &one, mask);
}

void signals_renew(int signum, const sigset_t *mask)
{
  struct sigaction now;
  if (before[signum] != NULL && sigaction(signum, NULL, &now) == 0 && now.sa_handler != on_signal) {
    *before[signum] = now;
    set_ours(signum, NULL);
  }
  sigprocmask(SIG_SETMASK, mask, NULL);
}

/* Nobody listens any more: back to what it was without us, ignored by nohup for example. INT, TERM
   and HUP otherwise stay with us, who end the program in order; USR1 does, who tells what it does. */
static void uninstall(int signum)
{
  struct sigaction *old = before[signum];
  if (old == NULL || signum == SIGUSR1) return;
  if (ends_program(signum) && old->sa_handler != SIG_IGN) return;
  sigaction(signum, old, NULL);
  before[signum] = NULL;
  free(old);
}

/* nohup and shells without job control start us with some ignored: that is respected. */
static bool is_ignored(int signum)
{
  struct sigaction action;
  return sigaction(signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void on_sigpipe(int signum)
{
  (void)signum; /* write says EPIPE; exec resets a handler, so children have the default */
}

static void on_nothing(int signum)
{
  (void)signum; /* as if ignored, but children have the default */
}

void signals_hold(void)
{
  struct sigaction old, quiet = {.sa_handler = on_nothing, .sa_flags = SA_RESTART};
  if (holders++ > 0) return;
  if (sigaction(SIGQUIT, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
    sigaction(SIGQUIT, &quiet, NULL);
}

/* Where somebody listens to QUIT by now, our handler is what stood before. */
void signals_unhold(void)
{
  struct sigaction now, *old = before[SIGQUIT];
  if (--holders > 0) return;
  if (old != NULL && old->sa_handler == on_nothing) old->sa_handler = SIG_DFL;
  if (sigaction(SIGQUIT, NULL, &now) == 0 && now.sa_handler == on_nothing) signal(SIGQUIT, SIG_DFL);
}

unsigned signals_held(void)
{
  return (unsigned)held;
}

uint64_t signals_ignored(void)
{
  uint64_t set = 0;
  for (int signum = 1; signum < SIGNALS_MAX; signum++)
    if (before[signum] != NULL && before[signum]->sa_handler == SIG_IGN)
      set |= UINT64_C(1) << (signum - 1);
  return set;
}

/* HUP and INT have handlers of ours from the start on, unless they were ignored; QUIT is left alone by
   then: so it is found out when it is asked for. */
uint64_t signals_unheard(void)
{
  static const int left[] = {SIGHUP, SIGINT, SIGQUIT};
  static uint64_t set;
  static bool known;
  for (size_t i = 0; !known && i < sizeof left / sizeof *left; i++) {
    int signum = left[i];
    if (before[signum] != NULL ? before[signum]->sa_handler == SIG_IGN : is_ignored(signum))
      set |= UINT64_C(1) << (signum - 1);
  }
  known = true;
  return set;
}

void signals_forget(void)
{
  the_runtime = NULL;
  for (int signum = 1; signum < SIGNALS_MAX; signum++)
    if (before[signum] != NULL) sigaction(signum, before[signum], NULL);
}

int signals_open(Runtime *rt)
{
  static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  struct sigaction quiet = {.sa_handler = on_sigpipe, .sa_flags = SA_RESTART};
  sigaction(SIGPIPE, &quiet, NULL);
  int r = uv_async_init(&rt->loop, &rt->wake, on_wake);
  if (r < 0) return r;
  rt->wake.data = rt;
  uv_unref((uv_handle_t *)&rt->wake);
  the_runtime = rt;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (!is_ignored(ends[i])) install(ends[i]);
  install(SIGUSR1);
  return 0;
}

void signals_close(Runtime *rt)
{
  the_runtime = NULL;
  if (ending) exit_begin(rt, 128 + ending, ending); /* it came after the last look */
  uv_close((uv_handle_t *)&rt->wake, NULL);
}

bool signals_is_watched(int signum)
{
  return watched[signum] > 0;
}

static void count(SignalWatch *watch, int change)
{
  for (int signum = 1; signum < SIGNALS_MAX; signum++) {
    if (!(watch->set >> (signum - 1) & 1)) continue;
    watched[signum] += change;
    if (change > 0) install(signum);
    if (watched[signum] == 0) uninstall(signum);
  }
}

void signals_watch(Runtime *rt, SignalWatch *watch)
{
  (void)rt;
  watch->prev = NULL;
  watch->next = watches;
  if (watches) watches->prev = watch;
  watches = watch;
  count(watch, 1);
}

void signals_unwatch(Runtime *rt, SignalWatch *watch)
{
  (void)rt;
  if (watch->prev)
    watch->prev->next = watch->next;
  else
    watches = watch->next;
  if (watch->next) watch->next->prev = watch->prev;
  count(watch, -1);
}
