/* timer.c - points in time at which a script wants something done, and the queue of those that are due.
   local core = require "procrun.core.timer"; a dispatch task of timer.lua takes them with due(). */
#include "runtime/deadline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "modules/modules.h"
#include "runtime/handle.h"
#include "runtime/look.h"
#include "runtime/opt.h"
#include "runtime/task.h"
#include "runtime/trace.h"

typedef struct Timer {
  Handle base;
  Deadline deadline;
  double at;     /* when it is due next, on the clock of now() */
  double repeat; /* 0: only once */
  bool due;      /* stands in the queue: reached, and not yet taken by due() */
  struct Timer *prev, *next;
} Timer;

/* Timers that were reached, in that order. A timer stands in it once, however late the task is that
   takes them. One runtime a process. */
static struct {
  Timer *head, *tail;
  WaitList takers;
} queue;

/* The loop's clock has whole milliseconds; a shorter period could not be kept. */
static const double SHORTEST = 0.001;

static char pins; /* its address is the registry key of a table: Timer -> its object, while armed */

static double now(void)
{
  return (double)uv_hrtime() / 1e9;
}

/* Loop time lags behind the clock by up to a millisecond; measured from there no timer is early. */
static void arm(Timer *t)
{
  uv_loop_t *loop = &t->base.rt->loop;
  uv_update_time(loop);
  deadline_arm(t->base.rt, &t->deadline, t->at - (double)uv_now(loop) / 1000);
}

static void enqueue(Timer *t)
{
  if (t->due) return;
  t->due = true;
  t->next = NULL;
  t->prev = queue.tail;
  if (queue.tail)
    queue.tail->next = t;
  else
    queue.head = t;
  queue.tail = t;
}

static void dequeue(Timer *t)
{
  if (!t->due) return;
  t->due = false;
  if (t->prev)
    t->prev->next = t->next;
  else
    queue.head = t->next;
  if (t->next)
    t->next->prev = t->prev;
  else
    queue.tail = t->prev;
  t->prev = t->next = NULL;
}

/* A repeating timer goes on in phase: periods that have gone by already are left out. */
static void on_deadline(Deadline *d)
{
  Timer *t = (Timer *)((char *)d - offsetof(Timer, deadline));
  if (t->repeat > 0) {
    double late = now() - t->at;
    t->at += t->repeat * (late > 0 ? floor(late / t->repeat) + 1 : 1);
    arm(t);
  }
  enqueue(t);
  wait_wake(&queue.takers);
}

static void stop(Timer *t)
{
  deadline_disarm(t->base.rt, &t->deadline);
  dequeue(t);
}

static void close_timer(Handle *h)
{
  stop((Timer *)h);
}

/* Where the function stands that the object at index calls; NULL: it has none. */
static const char *place_of(lua_State *L, int index, char place[LUA_IDSIZE + 16])
{
  lua_Debug ar;
  if (!lua_istable(L, index)) return NULL;
  lua_pushvalue(L, index);
  lua_pushliteral(L, "fn");
  bool found = lua_rawget(L, -2) == LUA_TFUNCTION;
  if (found) {
    lua_getinfo(L, ">S", &ar);
    if (ar.linedefined > 0)
      snprintf(place, LUA_IDSIZE + 16, "%s:%d", ar.short_src, ar.linedefined);
    else
      strcpy(place, ar.what[0] == 'C' ? "a C function" : ar.short_src);
  }
  lua_pop(L, found ? 1 : 2);
  return found ? place : NULL;
}

static void trace(lua_State *L, const char *event, const Timer *t, int index)
{
  char place[LUA_IDSIZE + 16];
  double left = t->at - now();
  trace_event(TRACE_TIMER, event, "in=%f every=%f calls=%s", left > 0 ? left : 0, t->repeat,
              place_of(L, index, place));
}

static void look_at(Handle *h, lua_State *L)
{
  Timer *t = (Timer *)h;
  char place[LUA_IDSIZE + 16];
  look_flag(L, "active", t->due || t->deadline.index != 0);
  look_flag(L, "alive", t->deadline.index != 0 && !t->deadline.unref);
  look_number(L, "due_in", t->due ? 0 : t->at - now());
  if (t->repeat > 0) look_number(L, "every", t->repeat);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &pins);
  lua_rawgetp(L, -1, t);
  const char *text = place_of(L, lua_gettop(L), place);
  lua_pop(L, 2);
  look_string(L, "place", text);
}

static const HandleType timer_type = {"procrun.timer", close_timer, NULL, NULL, NULL, look_at};

static Timer *check(lua_State *L)
{
  return handle_check(L, 1, &timer_type);
}

/* pins[t] = the value on top, which is popped: what lives on though the script dropped it */
static void pin(lua_State *L, Timer *t)
{
  lua_rawgetp(L, LUA_REGISTRYINDEX, &pins);
  lua_insert(L, -2);
  lua_rawsetp(L, -2, t);
  lua_pop(L, 1);
}

/* new() -> timer */
static int l_new(lua_State *L)
{
  Timer *t = handle_new(L, sizeof *t, &timer_type);
  t->deadline.fire = on_deadline;
  handle_open(&t->base, NULL);
  return 1;
}

/* t:start(object, seconds, [repeat]): due() will answer object; armed anew if it was */
static int l_start(lua_State *L)
{
  Timer *t = check(L);
  luaL_checkany(L, 2);
  double seconds = opt_seconds(L, 3);
  bool repeats = !lua_isnoneornil(L, 4);
  double repeat = repeats ? opt_seconds(L, 4) : 0;
  if (repeats && repeat < SHORTEST) repeat = SHORTEST;
  lua_pushvalue(L, 2);
  pin(L, t);
  stop(t);
  t->at = now() + seconds;
  t->repeat = repeat;
  arm(t);
  if (TRACING(TRACE_TIMER)) trace(L, "start", t, 2);
  return 0;
}

/* t:stop(): due() will not answer it any more */
static int l_stop(lua_State *L)
{
  Timer *t = check(L);
  if (TRACING(TRACE_TIMER) && t->deadline.index != 0)
    trace_event(TRACE_TIMER, "stop", "in=%f", t->at - now());
  stop(t);
  lua_pushnil(L);
  pin(L, t);
  return 0;
}

/* t:ref(on): does it keep the process alive while it is armed? */
static int l_ref(lua_State *L)
{
  Timer *t = check(L);
  luaL_checktype(L, 2, LUA_TBOOLEAN);
  deadline_ref(t->base.rt, &t->deadline, lua_toboolean(L, 2));
  return 0;
}

/* t:active() -> boolean: will due() answer it (again)? */
static int l_active(lua_State *L)
{
  Timer *t = check(L);
  lua_pushboolean(L, t->due || t->deadline.index != 0);
  return 1;
}

static int try_due(lua_State *L, void *object)
{
  (void)object;
  Timer *t = queue.head;
  if (t == NULL) return WAIT_MORE;
  dequeue(t);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &pins);
  lua_rawgetp(L, -1, t);
  if (TRACING(TRACE_TIMER)) trace(L, "fire", t, lua_gettop(L));
  if (t->deadline.index != 0) return 1;
  lua_pushnil(L);
  lua_rawsetp(L, -3, t);
  return 1;
}

/* due() -> the object of a timer that was reached, in the order in which they were */
static int l_due(lua_State *L)
{
  return task_wait(L, &(Wait){&queue.takers, try_due, NULL, -1, "a timer", false});
}

/* now() -> seconds on a clock that only goes forward */
static int l_now(lua_State *L)
{
  lua_pushnumber(L, now());
  return 1;
}

int luaopen_procrun_core_timer(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"start", l_start}, {"stop", l_stop}, {"ref", l_ref}, {"active", l_active}, {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"new", l_new}, {"due", l_due}, {"now", l_now}, {NULL, NULL}};
  handle_type(L, &timer_type, methods);
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &pins);
  luaL_newlib(L, functions);
  return 1;
}
