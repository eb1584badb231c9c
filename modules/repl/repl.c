/* repl.c - what the REPL needs of C: the editor, Ctrl-C for what runs, how a task has ended.
   local core = require "procrun.core.repl" */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/repl/edit.h"
#include "modules/repl/edit_tty.h"
#include "runtime/err.h"
#include "runtime/protect.h"

/* Interrupts --------------------------------------------------------------------------------- */

/* Instructions that a task which is not the statement's may still run after Ctrl-C: only one that
   computes for ever is meant. */
enum { PATIENCE = 10000000, MOST = 3 };

static Task *own;                   /* the task of the REPL itself: never broken */
static Task *statement;             /* the one that Ctrl-C is for, or NULL */
static volatile sig_atomic_t count; /* INTs that the loop has not taken yet */
static bool broken;                 /* one of them has ended another task than the statement's */

static void on_break(lua_State *L, lua_Debug *ar)
{
  Task *t = rt_get(L)->current;
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  if (count == 0 || t == NULL || t == own) return;
  if (t != statement) broken = true;
  bool again = t->root.cancelled; /* its __close handlers do not come to their end either */
  task_cancel(t);
  if (again)
    scope_raise(L, &t->root);
  else
    scope_check(L, t, false);
}

/* In the signal handler. One that runs C code for ever does not even see the hook. */
static void on_interrupt(Runtime *rt)
{
  if (++count > MOST) signals_die(SIGINT);
  bool now = rt->current == statement;
  int mask = now ? LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT : LUA_MASKCOUNT;
  for (Frame *f = rt->frames; f; f = f->up) lua_sethook(f->L, on_break, mask, now ? 1 : PATIENCE);
}

/* interrupts(on): INT breaks what runs; the caller's task is the REPL's */
static int l_interrupts(lua_State *L)
{
  own = lua_toboolean(L, 1) ? rt_get(L)->current : NULL;
  signals_at_interrupt(own ? on_interrupt : NULL);
  return 0;
}

/* interrupted() -> how many INTs there were since the last call, whether they have ended a task */
static int l_interrupted(lua_State *L)
{
  lua_pushinteger(L, count);
  lua_pushboolean(L, broken);
  count = 0;
  broken = false;
  return 2;
}

/* What the prompt waits for. Its error is the prompt's to tell. */
static Watch watch;
static WaitList waiter;
static bool left; /* it is not waited for any more */

static void on_ended(Watch *w, lua_State *L, Task *t)
{
  (void)w, (void)L, (void)t;
  statement = NULL;
  wait_wake_all(&waiter);
}

static int try_over(lua_State *L, void *object)
{
  (void)object;
  if (watch.task && !left) return WAIT_MORE;
  lua_pushboolean(L, !left);
  return 1;
}

/* wait(task, is_statement) -> true: it has ended | false: it was left */
static int l_wait(lua_State *L)
{
  Task *t = task_check(L, 1);
  task_unwatch(&watch);
  statement = NULL;
  left = false;
  if (t->state != TASK_DONE) {
    watch.ended = on_ended;
    task_watch(t, &watch);
    if (lua_toboolean(L, 2)) statement = t;
  }
  return task_wait(L, &(Wait){&waiter, try_over, NULL, -1, "the line that runs", false});
}

/* leave(): what the prompt waits for goes on by itself */
static int l_leave(lua_State *L)
{
  (void)L;
  task_unwatch(&watch);
  statement = NULL;
  left = true;
  wait_wake_all(&waiter);
  return 0;
}

/* Errors ------------------------------------------------------------------------------------- */

static void (*uncaught)(lua_State *L, Task *t); /* what it does outside of the REPL */

static void report_only(lua_State *L, Task *t)
{
  task_report(L, t);
}

/* keep_going(on): an error that nobody waits for is told, and that is all */
static int l_keep_going(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (uncaught == NULL) uncaught = rt->uncaught;
  rt->uncaught = lua_toboolean(L, 1) ? report_only : uncaught;
  return 0;
}

/* outcome(task) -> "done", results… | "cancelled" | "failed", error, traceback | "running" */
static int l_outcome(lua_State *L)
{
  Task *t = task_check(L, 1);
  const char *how = t->state != TASK_DONE ? "running"
                    : t->failed           ? "failed"
                    : t->cancelled        ? "cancelled"
                                          : "done";
  lua_settop(L, 1);
  lua_pushstring(L, how);
  if (t->state != TASK_DONE || t->cancelled) return 1;
  int n = t->nresults, top = lua_gettop(t->co);
  if (!lua_checkstack(t->co, 1) || !lua_checkstack(L, n + 1))
    return luaL_error(L, "too many results");
  for (int i = 1; i <= n; i++) {
    lua_pushvalue(t->co, top - n + i);
    lua_xmove(t->co, L, 1);
  }
  if (!t->failed) return 1 + n;
  if (t->traced)
    lua_getiuservalue(L, 1, TASK_TRACE);
  else
    lua_pushnil(L);
  return 3;
}

/* The editor --------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *uv)
{
  Editor *e = uv->data;
  if (--e->closing == 0) handle_closed(&e->base);
}

static void close_editor(Handle *h)
{
  Editor *e = (Editor *)h;
  uv_handle_t *all[] = {(uv_handle_t *)&e->poll, (uv_handle_t *)&e->before,
                        (uv_handle_t *)&e->after};
  edit_close(e);
  h->closing = true;
  for (size_t i = 0; i < 3; i++) {
    e->closing++;
    uv_close(all[i], on_closed);
  }
  close(e->poll_fd);
  fclose(e->in);
  fclose(e->out);
}

const HandleType edit_type = {.name = "procrun.repl.editor", .close = close_editor};

Editor *edit_check(lua_State *L)
{
  return handle_check(L, 1, &edit_type);
}

static FILE *open_file(int fd, const char *mode)
{
  int own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  FILE *f = own_fd >= 0 ? fdopen(own_fd, mode) : NULL;
  if (f == NULL && own_fd >= 0) close(own_fd);
  return f;
}

/* uv_poll_init sets O_NONBLOCK, which the terminal's other users must not see: it is given a pipe,
   and its number is made to mean the terminal afterwards. */
static int open_poll(Editor *e)
{
  uv_file pipe[2];
  int r = uv_pipe(pipe, 0, 0);
  if (r < 0) return r;
  close(pipe[1]);
  r = uv_poll_init(&e->base.rt->loop, &e->poll, pipe[0]);
  if (r < 0) {
    close(pipe[0]);
    return r;
  }
  dup3(0, pipe[0], O_CLOEXEC);
  e->poll_fd = pipe[0];
  return 0;
}

static int open_files(Editor *e)
{
  e->in = open_file(0, "r");
  e->out = open_file(1, "w");
  int r = e->in && e->out ? open_poll(e) : -errno;
  if (r == 0) return 0;
  if (e->in) fclose(e->in);
  if (e->out) fclose(e->out);
  return r;
}

/* open([library]) -> editor | nil, message, code; library: "readline", "libedit" */
static int l_open(lua_State *L)
{
  const char *wanted = luaL_optstring(L, 1, NULL);
  const EditLib *lib = edit_lib_load(wanted);
  if (lib == NULL) return err_push(L, UV_ENOENT, "no library that edits lines");
  Editor *e = handle_new(L, sizeof *e, &edit_type);
  int r = open_files(e);
  if (r < 0) return err_push(L, r, "terminal");
  e->lib = lib;
  uv_loop_t *loop = &e->base.rt->loop;
  uv_prepare_init(loop, &e->before);
  uv_check_init(loop, &e->after);
  uv_unref((uv_handle_t *)&e->before);
  uv_unref((uv_handle_t *)&e->after);
  e->poll.data = e->before.data = e->after.data = e;
  handle_open(&e->base, NULL);
  edit_open(e);
  return 1;
}

/* e:add_history(line) */
static int l_add_history(lua_State *L)
{
  edit_check(L)->lib->add_history(luaL_checkstring(L, 2));
  return 0;
}

/* e:library() -> "libreadline" | "libedit" */
static int l_library(lua_State *L)
{
  lua_pushstring(L, edit_check(L)->lib->name);
  return 1;
}

int luaopen_procrun_core_repl(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"read", edit_read}, {"add_history", l_add_history}, {"library", l_library}, {NULL, NULL}};
  static const luaL_Reg functions[] = {{"open", l_open},
                                       {"interrupts", l_interrupts},
                                       {"interrupted", l_interrupted},
                                       {"wait", l_wait},
                                       {"leave", l_leave},
                                       {"keep_going", l_keep_going},
                                       {"outcome", l_outcome},
                                       {NULL, NULL}};
  handle_type(L, &edit_type, methods);
  luaL_newlib(L, functions);
  return 1;
}
