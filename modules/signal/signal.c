/* signal.c - subscriptions to signals, which count what arrives; names and numbers of signals.
   local core = require "procrun.core.signal" */
#include <signal.h>

#include "modules/modules.h"
#include "runtime/deadline.h"
#include "runtime/err.h"
#include "runtime/exit.h"
#include "runtime/handle.h"
#include "runtime/look.h"
#include "runtime/opt.h"
#include "runtime/signals.h"
#include "runtime/signame.h"
#include "runtime/task.h"

enum { PENDING_MAX = 1024 }; /* of one number; the kernel itself merges all but real-time signals */
static const double FAR_AWAY = 1e9;

struct Subscription;

typedef struct Slot {
  SignalWatch watch;
  struct Subscription *owner;
} Slot;

typedef struct Subscription {
  Handle base;
  Slot
      slots[2]; /* one is registered; a change of the set registers the other one before it goes, */
  int active;   /* so that a signal of both sets never meets its default action */
  bool hold;    /* a task that waits here keeps the process alive, by `held`, */
  Deadline held; /* which is armed, far away, while one does */
  unsigned pending[SIGNALS_MAX];
  int order[SIGNALS_MAX]; /* the signals with pending > 0, as they came */
  int arrived;            /* how many of them */
  WaitList waiters;
} Subscription;

static void on_arrived(SignalWatch *watch, int signum, unsigned count)
{
  Subscription *s = ((Slot *)watch)->owner;
  if (s->pending[signum] == 0) s->order[s->arrived++] = signum;
  unsigned room = PENDING_MAX - s->pending[signum];
  s->pending[signum] += count < room ? count : room;
  wait_wake(&s->waiters);
}

static void drop_first(Subscription *s)
{
  s->arrived--;
  for (int i = 0; i < s->arrived; i++) s->order[i] = s->order[i + 1];
}

/* The next signal, or 0. One that came more than once goes to the end: a storm hides no other. */
static int take(Subscription *s)
{
  if (s->arrived == 0) return 0;
  int signum = s->order[0];
  drop_first(s);
  if (--s->pending[signum] > 0) s->order[s->arrived++] = signum;
  return signum;
}

/* Signals that nobody subscribes to any more are forgotten. */
static void forget(Subscription *s, uint64_t set)
{
  int n = 0;
  for (int i = 0; i < s->arrived; i++) {
    int signum = s->order[i];
    if (set >> (signum - 1) & 1)
      s->order[n++] = signum;
    else
      s->pending[signum] = 0;
  }
  s->arrived = n;
}

static void change_set(Subscription *s, uint64_t set)
{
  SignalWatch *old = &s->slots[s->active].watch;
  s->active = !s->active;
  s->slots[s->active].watch.set = set;
  signals_watch(s->base.rt, &s->slots[s->active].watch);
  signals_unwatch(s->base.rt, old);
  forget(s, set);
}

static void on_held(Deadline *d)
{
  (void)d; /* decades later: whoever waits goes on waiting */
}

static void on_waiters_changed(WaitList *list)
{
  Subscription *s = (Subscription *)((char *)list - offsetof(Subscription, waiters));
  if (s->hold && s->base.open && list->head)
    deadline_arm(s->base.rt, &s->held, FAR_AWAY);
  else
    deadline_disarm(s->base.rt, &s->held);
}

static void close_subscription(Handle *h)
{
  Subscription *s = (Subscription *)h;
  signals_unwatch(h->rt, &s->slots[s->active].watch);
  deadline_disarm(h->rt, &s->held);
  wait_wake_all(&s->waiters);
}

static void look_at(Handle *h, lua_State *L)
{
  Subscription *s = (Subscription *)h;
  uint64_t set = s->slots[s->active].watch.set;
  lua_Integer n = 0;
  lua_newtable(L);
  for (int signum = 1; signum < SIGNALS_MAX; signum++) {
    if (!(set >> (signum - 1) & 1)) continue;
    lua_pushstring(L, signame_of(signum));
    lua_rawseti(L, -2, ++n);
  }
  lua_setfield(L, -2, "signals");
  look_integer(L, "pending", s->arrived);
  look_waiters(L, "waiters", &s->waiters);
  look_flag(L, "alive", s->held.index != 0);
}

static const HandleType subscription_type = {"procrun.signal", close_subscription, NULL, NULL, NULL,
                                             look_at};

static Subscription *check(lua_State *L)
{
  return handle_check(L, 1, &subscription_type);
}

static uint64_t bit(int signum)
{
  return (uint64_t)1 << (signum - 1);
}

/* KILL and STOP cannot be caught, the numbers without a name belong to the C library, and a fault
   whose handler returns would happen again at once, for ever. */
static bool can_be_caught(int signum)
{
  switch (signum) {
  case SIGKILL:
  case SIGSTOP:
  case SIGSEGV:
  case SIGBUS:
  case SIGFPE:
  case SIGILL: return false;
  default: return signum > 0 && signame_of(signum) != NULL;
  }
}

/* The bit of argument arg, or 0 if that signal cannot be caught. */
static uint64_t check_bit(lua_State *L, int arg)
{
  int signum = opt_signal(L, arg);
  luaL_argcheck(L, signum != 0, arg, "signal expected, got 0");
  return can_be_caught(signum) ? bit(signum) : 0;
}

static int refuse(lua_State *L, int arg)
{
  int signum = opt_signal(L, arg);
  const char *name = signame_of(signum);
  lua_pushnil(L);
  if (name)
    lua_pushfstring(L, "signal: %s cannot be caught", name);
  else
    lua_pushfstring(L, "signal: %d cannot be caught", signum);
  lua_pushliteral(L, "EINVAL");
  return 3;
}

/* open(hold, signal, …) -> subscription | nil, message, code */
static int l_open(lua_State *L)
{
  int n = lua_gettop(L);
  uint64_t set = 0;
  luaL_checktype(L, 1, LUA_TBOOLEAN);
  for (int i = 2; i <= n; i++) {
    uint64_t one = check_bit(L, i);
    if (one == 0) return refuse(L, i);
    set |= one;
  }
  Subscription *s = handle_new(L, sizeof *s, &subscription_type);
  s->hold = lua_toboolean(L, 1);
  s->held.fire = on_held;
  s->waiters.changed = on_waiters_changed;
  for (int i = 0; i < 2; i++) s->slots[i] = (Slot){.watch.arrived = on_arrived, .owner = s};
  s->slots[0].watch.set = set;
  signals_watch(s->base.rt, &s->slots[0].watch);
  handle_open(&s->base, NULL);
  return 1;
}

/* s:add(signal) -> true | nil, message, code */
static int l_add(lua_State *L)
{
  Subscription *s = check(L);
  uint64_t one = check_bit(L, 2);
  if (one == 0) return refuse(L, 2);
  change_set(s, s->slots[s->active].watch.set | one);
  lua_pushboolean(L, 1);
  return 1;
}

/* s:remove(signal) -> any left */
static int l_remove(lua_State *L)
{
  Subscription *s = check(L);
  change_set(s, s->slots[s->active].watch.set & ~check_bit(L, 2));
  lua_pushboolean(L, s->slots[s->active].watch.set != 0);
  return 1;
}

static int try_take(lua_State *L, void *object)
{
  Subscription *s = object;
  if (!s->base.open) return err_push(L, UV_ECANCELED, "signal");
  int signum = take(s);
  if (signum == 0) return WAIT_MORE;
  lua_pushinteger(L, signum);
  return 1;
}

/* s:wait([timeout]) -> signum | nil, message, code; "ECANCELED" when it is closed meanwhile */
static int l_wait(lua_State *L)
{
  Subscription *s = check(L);
  return task_wait(L, &(Wait){&s->waiters, try_take, s, opt_timeout(L, 2), "a signal", false});
}

/* number(name) -> signum | nil */
static int l_number(lua_State *L)
{
  int signum = signame_number(luaL_checkstring(L, 1));
  if (signum == 0) return 0;
  lua_pushinteger(L, signum);
  return 1;
}

/* name(signum) -> "SIGTERM" | nil */
static int l_name(lua_State *L)
{
  lua_Integer signum = luaL_checkinteger(L, 1);
  lua_pushstring(L, signum > 0 && signum < SIGNALS_MAX ? signame_of((int)signum) : NULL);
  return 1;
}

/* What hold() returns; closing it ends it. */
typedef struct Hold {
  bool on;
  unsigned before; /* signals_held at its start */
} Hold;

static const char HOLD[] = "procrun.signal.hold";

static int l_unhold(lua_State *L)
{
  Hold *hold = luaL_checkudata(L, 1, HOLD);
  if (hold->on) signals_unhold();
  hold->on = false;
  return 0;
}

/* hold:struck(signum): that ended the child which had the terminal meanwhile. If it was an INT that
   came to us as well, it was for both. */
static int l_struck(lua_State *L)
{
  Hold *hold = luaL_checkudata(L, 1, HOLD);
  Runtime *rt = rt_get(L);
  if (luaL_checkinteger(L, 2) != SIGINT || signals_held() == hold->before) return 0;
  exit_begin(rt, 128 + SIGINT, SIGINT);
  scope_check(L, rt->current, false);
  return 0;
}

/* hold() -> a guard; until it is closed INT and QUIT are a child's (signals.h) */
static int l_hold(lua_State *L)
{
  static const luaL_Reg methods[] = {{"struck", l_struck}, {NULL, NULL}};
  Hold *hold = lua_newuserdatauv(L, sizeof *hold, 0);
  *hold = (Hold){false, signals_held()};
  if (luaL_newmetatable(L, HOLD)) {
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, l_unhold);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, l_unhold);
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
  hold->on = true;
  signals_hold();
  return 1;
}

int luaopen_procrun_core_signal(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"add", l_add}, {"remove", l_remove}, {"wait", l_wait}, {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"open", l_open}, {"number", l_number}, {"name", l_name}, {"hold", l_hold}, {NULL, NULL}};
  handle_type(L, &subscription_type, methods);
  luaL_newlib(L, functions);
  lua_pushinteger(L, SIGNALS_MAX - 1);
  lua_setfield(L, -2, "last");
  return 1;
}
