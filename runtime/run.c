/* run.c - a runtime from its first to its last step; the order of shutting down is written here only. */
#include "runtime/run.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules/bundle/bundle.h"
#include "modules/process/launch.h"
#include "runtime/context.h"
#include "runtime/exit.h"
#include "runtime/file.h"
#include "runtime/forked.h"
#include "runtime/guest.h"
#include "runtime/handle.h"
#include "runtime/leaks.h"
#include "runtime/req.h"
#include "runtime/signals.h"
#include "runtime/stdio.h"
#include "runtime/stream.h"
#include "runtime/task.h"
#include "runtime/turn.h"
#include "runtime/vm.h"
#include <unistd.h>

static const double EXIT_TIMEOUT = 30;
static const double PATIENCE = 1; /* seconds that an exit leaves a peer that reads nothing */

/* What a stretch of turns is for; the loop is not waited on once it is reached. */
typedef bool (*Goal)(Runtime *rt, const void *object);

/* Waits for what happens next; false when nothing could. To fall asleep and to be woken costs more than
   the answer of a peer that is at work on it: where the last wait was as short as that, the loop looks
   for a while before it sleeps, and lets others run in between. */
static bool wait_loop(Runtime *rt)
{
  enum { SHORT = 50000 }; /* nanoseconds */
  uint64_t began = uv_hrtime();
  while (rt->quick) {
    if (uv_run(&rt->loop, UV_RUN_NOWAIT) == 0) return false;
    if (rt->ready_head) return true;
    sched_yield();
    rt->quick = uv_hrtime() - began < SHORT;
    if (!rt->quick) return true; /* what the looks have brought comes first: a flush, an end */
  }
  bool alive = uv_run(&rt->loop, UV_RUN_ONCE) != 0;
  rt->quick = uv_hrtime() - began < SHORT;
  return alive;
}

/* One turn of the loop; false when nothing is left that could happen. */
static bool turn(Runtime *rt, Goal reached, const void *object)
{
  rt->loop_turns++;
  signals_take(rt);
  task_drain(rt);
  if (rt->forked) forked_run(rt);
  turn_end(rt);
  if (rt->ready_head || reached(rt, object)) {
    uv_run(&rt->loop, UV_RUN_NOWAIT);
    return true;
  }
  bool alive = false;
  if (req_only_dropped(rt))
    uv_run(&rt->loop, UV_RUN_NOWAIT);
  else
    alive = wait_loop(rt);
  return alive || rt->ready_head;
}

static bool is_exiting(Runtime *rt, const void *object)
{
  (void)object;
  return rt->exiting;
}

static bool is_done(Runtime *rt, const void *task)
{
  (void)rt;
  return ((const Task *)task)->state == TASK_DONE;
}

static void on_uncaught(lua_State *L, Task *t)
{
  exit_begin(rt_get(L), task_report(L, t), 0);
}

static void on_out_of_time(Deadline *d)
{
  (void)d; /* its only use: the loop wakes up, and turn_until looks at the clock */
}

static bool no_tasks(Runtime *rt, const void *object)
{
  (void)object;
  return rt->tasks == NULL;
}

static bool all_sent(Runtime *rt, const void *object)
{
  (void)object;
  return !handle_unsent(rt);
}

/* From the first step of the exit to its last, whatever it waits for: who is to read has to. */
static void look_after_peers(Runtime *rt, Deadline *next)
{
  double most = rt->exit_timeout / 2, patience = most < PATIENCE ? most : PATIENCE;
  uint64_t now = uv_hrtime();
  if (now >= rt->peers_due) {
    stream_give_up(rt);
    rt->peers_due = now + (uint64_t)(patience / STREAM_LOOKS * 1e9);
  }
  if (next->index == 0) deadline_arm(rt, next, (double)(rt->peers_due - now) / 1e9);
}

/* Turns the loop until the goal is reached, as long as that makes progress; false when it gave up. */
static bool turn_until(Runtime *rt, Goal reached, const void *object)
{
  Deadline deadline = {.fire = on_out_of_time}, peers = deadline;
  uint64_t seen = rt->progress - 1, start = 0;
  bool alive = true;
  while (!reached(rt, object) && alive) {
    look_after_peers(rt, &peers);
    if (rt->progress + rt->task_count != seen) {
      seen = rt->progress + rt->task_count;
      start = uv_hrtime();
      deadline_arm(rt, &deadline, rt->exit_timeout);
    } else if ((double)(uv_hrtime() - start) > rt->exit_timeout * 1e9) {
      break;
    }
    alive = turn(rt, reached, object);
  }
  deadline_disarm(rt, &deadline);
  deadline_disarm(rt, &peers);
  return reached(rt, object);
}

static void give_up(Runtime *rt, const char *what)
{
  fprintf(stderr, "procrun: exit: %s: no progress for %g s\n", what, rt->exit_timeout);
  if (rt->exit_code == 0) rt->exit_code = 1;
}

static void unwind(Runtime *rt)
{
  exit_begin(rt, rt->exit_code, 0);
  task_cancel_all(rt); /* those that were started since, too */
  if (turn_until(rt, no_tasks, NULL)) return;
  if (rt->live > 0) give_up(rt, "tasks that did not end are closed by force");
  task_close_all(rt);
}

/* Starts a hook of Lua's as a task of its own, with the exit code and the signal (or nil); pushes
   the task, or nil where the module of that hook was not loaded. */
static Task *spawn_hook(Runtime *rt, const char *name)
{
  lua_State *L = rt->L;
  vm_push_hook(L, name);
  if (lua_isnil(L, -1)) return NULL;
  lua_pushinteger(L, rt->exit_code);
  if (rt->exit_signal)
    lua_pushinteger(L, rt->exit_signal);
  else
    lua_pushnil(L);
  return task_spawn(L, 2, false);
}

/* A hook that is a part of the run like any other: it may take its time. */
static void run_within(Runtime *rt, const char *name)
{
  Task *t = spawn_hook(rt, name);
  while (t && t->state != TASK_DONE && turn(rt, is_done, t)) continue;
  lua_pop(rt->L, 1);
}

/* The hooks of the end have the time that an exit has; who then still runs is cancelled. */
static void run_hook(Runtime *rt, const char *name, const char *what)
{
  Task *t = spawn_hook(rt, name);
  if (t && !turn_until(rt, is_done, t)) give_up(rt, what);
  lua_pop(rt->L, 1);
  if (rt->tasks) unwind(rt);
}

static bool is_alive(Runtime *rt)
{
  bool busy = uv_loop_alive(&rt->loop) && !req_only_dropped(rt);
  return rt->ready_head || rt->live > 0 || busy || rt->exiting;
}

static void run_tasks(Runtime *rt)
{
  while (!rt->exiting) {
    while (!rt->exiting && turn(rt, is_exiting, NULL)) continue;
    if (rt->exiting) return;
    if (rt->live > 0) {
      task_report_deadlock(rt);
      exit_begin(rt, 1, 0);
      return;
    }
    run_within(rt, "before_exit");
    if (is_alive(rt)) continue;
    run_within(rt, "close_pipes");
    if (!is_alive(rt)) return;
  }
}

static void flush(Runtime *rt)
{
  stdio_flush_all(rt);
  if (!turn_until(rt, all_sent, NULL)) give_up(rt, "not everything could be sent");
  int failure = stdio_failure(rt);
  if (failure == 0) return;
  fprintf(stderr, "procrun: cannot write to standard output: %s\n", strerror(-failure));
  rt->exit_code = 1;
}

/* Order: tasks unwind, `exit` listeners, children that are to end, flushes; then the state (its
   finalizers still find a loop), the handles that lingered, the loop. */
static void shut(Runtime *rt)
{
  unwind(rt);
  context_enter(rt, NULL);
  rt->unwound = true;
  run_hook(rt, "exit", "an 'exit' listener has not returned");
  run_hook(rt, "end_children", "children have not ended");
  flush(rt);
  leaks_note(rt);
  stdio_end(rt);
  vm_close(rt);
  handle_close_all(rt);
  bool outlived = launch_quit(&rt->loop) > 0;
  signals_close(rt);
  deadline_close(rt);
  turn_end(rt);
  while (!req_only_dropped(rt) && uv_run(&rt->loop, UV_RUN_ONCE) != 0) continue;
  buf_free(&rt->scratch);
  if (!req_settle(rt, 100)) { /* libuv's destructor would wait for the thread */
    if (rt->exit_signal) signals_die(rt->exit_signal);
    _exit(rt->exit_code);
  }
  context_quit(rt);
  int r = uv_loop_close(&rt->loop);
  leaks_report(rt, r, outlived);
}

/* The next word is this one's value. */
static bool takes_value(const char *option)
{
  if (option[1] == 'e' || option[1] == 'l') return option[2] == 0;
  bool looks = strncmp(option, "--profile", 9) == 0 || strncmp(option, "--trace", 7) == 0;
  return looks && strchr(option, '=') == NULL;
}

/* -E must be known before the libraries read LUA_PATH; boot_options.lua reads them in full. */
static bool has_no_env(int argc, char **argv)
{
  for (int i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
    if (strcmp(argv[i], "-E") == 0) return true;
    if (strcmp(argv[i], "--") == 0) break;
    if (takes_value(argv[i])) i++;
  }
  return false;
}

static int open_runtime(Runtime *rt, const luaL_Reg *core)
{
  int r = uv_loop_init(&rt->loop);
  if (r == 0) r = deadline_open(rt);
  if (r == 0) r = signals_open(rt);
  if (r < 0) return r;
  launch_open();
  stdio_install(rt);
  bool no_env = !bundle_takes_arguments() && has_no_env(rt->argc, rt->argv);
  if (!vm_open(rt, core, no_env)) return UV_ENOMEM;
  file_define(rt->L);
  guest_define(rt->L);
  return 0;
}

/* The main task: boot.lua with the arguments of the command line; a bundle, and `procrun bundle`, have
   steps before that. */
static void spawn_main(Runtime *rt)
{
  lua_State *L = rt->L;
  bool is_command = rt->argc > 1 && strcmp(rt->argv[1], "bundle") == 0;
  bool begins_there = is_command || bundle_is_here();
  vm_push_builtin(L, begins_there ? "procrun.bundle.start" : "procrun.runtime.boot");
  luaL_checkstack(L, rt->argc + 1, "too many arguments");
  for (int i = 0; i < rt->argc; i++) lua_pushstring(L, rt->argv[i]);
  task_spawn(L, rt->argc, false);
  lua_pop(L, 1);
}

int run_main(int argc, char **argv, const luaL_Reg *core)
{
  static Runtime rt; /* one a process; too large for the stack of a small thread */
  stdio_prepare();
  leaks_start();
  bundle_begin();
  rt = (Runtime){.started = uv_hrtime(),
                 .argc = argc,
                 .argv = argv,
                 .exit_timeout = EXIT_TIMEOUT,
                 .uncaught = on_uncaught};
  int r = open_runtime(&rt, core);
  if (r < 0) {
    fprintf(stderr, "procrun: cannot start: %s\n", uv_strerror(r));
    return 1;
  }
  spawn_main(&rt);
  run_tasks(&rt);
  shut(&rt);
  if (rt.exit_signal) signals_die(rt.exit_signal);
  return rt.exit_code;
}
