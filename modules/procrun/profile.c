/* profile.c - a sampling profiler: a timer of the main thread's processor time sends SIGPROF; where the
   script is then, is counted at its next instruction, or when the C function it is in returns.
   local core = require "procrun.core.profile"; core.start("out.txt", 0.001); core.stop() */
#include "modules/procrun/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/signals.h"
#include "runtime/tick.h"
#include "runtime/vm.h"

static struct {
  Runtime *rt; /* NULL: not running */
  FILE *file;
  Counts *counts;
  pid_t pid; /* a copy that a C library has forked writes nothing */
  struct sigaction before;
#ifdef __linux__
  timer_t timer;
#endif
} profile;

static volatile sig_atomic_t pending; /* ticks since the last look */
static volatile sig_atomic_t outside; /* ticks while no script ran */
static volatile sig_atomic_t unseen;  /* ticks after which there is no look */

/* Ticks that came while the signal was on its way count, too. */
static void on_tick(int signum, siginfo_t *info, void *context)
{
  (void)signum;
  (void)context;
  int n = 1;
#ifdef __linux__
  if (info->si_code == SI_TIMER && info->si_overrun > 0) n += info->si_overrun;
#else
  (void)info;
#endif
  Runtime *rt = profile.rt;
  if (rt == NULL) return;
  if (rt->frames == NULL) {
    outside += n;
    return;
  }
  if (tick_arm(rt, TICK_SAMPLE))
    pending += n;
  else
    unseen += n;
}

static void look(lua_State *L)
{
  static char text[STACK_TEXT];
  if (profile.rt == NULL) return;
  int n = pending;
  pending = 0;
  if (n > 0) counts_add(profile.counts, text, stack_text(L, text), (unsigned long)n);
}

#ifdef __linux__
static int start_timer(double seconds)
{
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &profile.timer) < 0) return -errno;
  struct timespec each = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  struct itimerspec spec = {each, each};
  timer_settime(profile.timer, 0, &spec, NULL);
  return 0;
}

static void stop_timer(void)
{
  timer_delete(profile.timer);
}
#else
static int start_timer(double seconds)
{
  struct timeval each = {(time_t)seconds, (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6)};
  struct itimerval spec = {each, each};
  return setitimer(ITIMER_PROF, &spec, NULL) < 0 ? -errno : 0;
}

static void stop_timer(void)
{
  setitimer(ITIMER_PROF, &(struct itimerval){0}, NULL);
}
#endif

static int start(Runtime *rt, double seconds)
{
  struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigfillset(&action.sa_mask);
  profile.counts = counts_new();
  if (profile.counts == NULL) return -ENOMEM;
  pending = outside = unseen = 0;
  tick_set(TICK_SAMPLE, look);
  sigaction(SIGPROF, &action, &profile.before);
  profile.pid = getpid();
  profile.rt = rt;
  int r = start_timer(seconds);
  if (r == 0) return 0;
  profile.rt = NULL;
  sigaction(SIGPROF, &profile.before, NULL);
  counts_free(profile.counts);
  return r;
}

static void count(const char *name, int n)
{
  if (n > 0) counts_add(profile.counts, name, strlen(name), (unsigned long)n);
}

/* A tick on its way arrives before the signal's action is what it was. */
static int stop(unsigned long *total)
{
  int r = 0;
  stop_timer();
  profile.rt = NULL;
  signal(SIGPROF, SIG_IGN);
  sigaction(SIGPROF, &profile.before, NULL);
  count("(the loop)", outside);
  count("(not seen)", pending + unseen);
  *total = counts_total(profile.counts);
  if (profile.pid == getpid()) r = counts_write(profile.counts, profile.file);
  if (fclose(profile.file) != 0 && r == 0) r = -EIO;
  profile.file = NULL;
  counts_free(profile.counts);
  return r;
}

/* __gc of a value in the registry: the end of the run. */
static int l_end(lua_State *L)
{
  unsigned long total;
  (void)L;
  if (profile.rt == NULL) return 0;
  int r = stop(&total);
  if (r < 0) fprintf(stderr, "procrun: the profile could not be written: %s\n", err_message(r));
  return 0;
}

/* start(path, seconds) -> true | nil, message, code */
static int l_start(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  double seconds = luaL_checknumber(L, 2);
  if (profile.rt) return err_push(L, UV_EBUSY, "profile: it runs already");
  if (signals_is_watched(SIGPROF))
    return err_push(L, UV_EBUSY, "profile: the script listens to SIGPROF");
  FILE *f = fopen(path, "we");
  if (f == NULL) return err_push(L, -errno, "profile: %s", path);
  profile.file = f;
  int r = start(rt_get(L), seconds);
  if (r < 0) {
    fclose(f);
    return err_push(L, r, "profile");
  }
  vm_at_close(L, l_end);
  lua_pushboolean(L, 1);
  return 1;
}

/* stop() -> number of samples | nil, message, code */
static int l_stop(lua_State *L)
{
  unsigned long total = 0;
  if (profile.rt == NULL) return err_push(L, UV_EINVAL, "profile: it does not run");
  int r = stop(&total);
  if (r < 0) return err_push(L, r, "profile");
  lua_pushinteger(L, (lua_Integer)total);
  return 1;
}

int luaopen_procrun_core_profile(lua_State *L)
{
  static const luaL_Reg functions[] = {{"start", l_start}, {"stop", l_stop}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
