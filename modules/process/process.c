/* process.c - children for Lua: a plan becomes a process with its streams.
   local core = require "procrun.core.process"; what a script says is checked in the room proc. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "modules/modules.h"
#include "modules/process/cgroup.h"
#include "modules/process/launch.h"
#include "modules/process/limit.h"
#include "modules/process/plan.h"
#include "modules/process/process.h"
#include "modules/process/usage.h"
#include "runtime/bell.h"
#include "runtime/err.h"
#include "runtime/handle.h"
#include "runtime/opt.h"
#include "runtime/signals.h"
#include "runtime/signame.h"
#include "runtime/trace.h"

extern char **environ;

static void on_exit_seen(Launched *launched, int status, const struct rusage *usage)
{
  Process *p = launched->data;
  p->exited = true;
  p->status = status;
  p->usage = *usage;
  p->ended = uv_hrtime();
  if (TRACING(TRACE_PROC)) process_trace_exit(p);
  if (p->cgroup) cgroup_ended(p->cgroup);
  if (p->guarded) guard_forget(p->launched.pid);
  p->base.rt->progress++;
  p->bell->running = false;
  bell_ring(p->bell);
  if (p->base.dropped) handle_close(&p->base);
}

static void on_free(Launched *launched)
{
  Process *p = launched->data;
  if (p->closing_now)
    p->base.closing = false;
  else
    handle_closed(&p->base);
}

static void close_process(Handle *h)
{
  Process *p = (Process *)h;
  h->closing = true;
  p->closing_now = true;
  launch_close(&p->launched);
  p->closing_now = false;
  p->bell->running = false;
  bell_ring(p->bell);
}

static bool linger(Handle *h)
{
  return !((Process *)h)->exited;
}

static void release(Handle *h)
{
  Process *p = (Process *)h;
  if (p->tree) tree_free(p->tree);
  if (p->cgroup) cgroup_free(p->cgroup);
  bell_unref(p->bell);
}

static const HandleType process_type = {"procrun.process", close_process, linger,
                                        release,           NULL,          process_look};

static Process *check(lua_State *L)
{
  return handle_any(L, 1, &process_type);
}

static int fail(lua_State *L, int code, const char *step)
{
  err_push(L, code, NULL);
  lua_pushstring(L, step);
  return 4;
}

static Process *new_process(lua_State *L, Bell *bell)
{
  Process *p = handle_new(L, sizeof *p, &process_type);
  p->bell = bell;
  bell_ref(bell);
  p->launched = (Launched){.loop = &p->base.rt->loop,
                           .on_exit = on_exit_seen,
                           .on_free = on_free,
                           .data = p,
                           .pidfd = -1};
  p->started = uv_hrtime();
  return p;
}

static void trace_spawn(lua_State *L, int plan, const Process *p, const LaunchSpec *spec, int r,
                        const char *step)
{
  int top = lua_gettop(L);
  bool secret = lua_getfield(L, plan, "visible") != LUA_TNIL;
  process_trace_spawn(p, spec, secret ? opt_strings(L, plan, "visible") : spec->argv, r, step);
  lua_settop(L, top);
}

/* start(plan, list) -> process, streams by fd, channel's fd or nil | nil, message, code, step */
static int l_start(lua_State *L)
{
  enum { PLAN = 1, LIST, STREAMS };
  luaL_checktype(L, PLAN, LUA_TTABLE);
  Bell *bell = bell_check(L, LIST);
  LaunchSpec spec = {0};
  Confinement room;
  LaunchError error = {.step = "stdio"};
  if (rt_get(L)->forked)
    return luaL_error(L,
                      "cannot start a child here (in a process that a C module has made by fork)");
  lua_settop(L, LIST);
  lua_createtable(L, 2, 1);
  plan_read(L, PLAN, &spec);
  Ends *ends = plan_push_ends(L, PLAN);
  Process *p = new_process(L, bell);
  int r = plan_open(L, PLAN, ends, STREAMS, bell);
  if (r == 0) r = limit_read(L, PLAN, &spec, &room, &p->cgroup, &error.step);
  if (r == 0) {
    spec.fds = ends->fds;
    spec.fd_count = ends->count;
    if (spec.envp == NULL) spec.envp = environ;
    p->guarded = spec.guard != 0;
    p->own_session = spec.new_session;
    r = launch_start(&p->launched, &spec, &error);
    if (r == UV_EAGAIN && p->guarded && !p->launched.busy && guard_wait())
      r = launch_start(&p->launched, &spec, &error);
  }
  if (TRACING(TRACE_PROC)) trace_spawn(L, PLAN, p, &spec, r, error.step);
  bell->running = r == 0;
  int channel = ends->channel;
  ends->channel = r < 0 ? channel : -1;
  plan_close(ends);
  handle_open(&p->base, NULL);
  if (r < 0) {
    if (p->cgroup) cgroup_ended(p->cgroup);
    if (p->guarded) guard_forget((pid_t)room.record.pid);
    plan_close_streams(L, STREAMS);
    handle_close(&p->base);
    return fail(L, r, error.step);
  }
  lua_pushvalue(L, STREAMS);
  if (channel < 0) return 2;
  lua_pushinteger(L, channel);
  return 3;
}

/* p:pid() -> number */
static int l_pid(lua_State *L)
{
  lua_pushinteger(L, check(L)->launched.pid);
  return 1;
}

/* p:exited([look]) -> nil while it runs | true, code or nil, signal name or nil, core dumped.
   look: ask the kernel, for a script that never lets the loop turn */
static int l_exited(lua_State *L)
{
  Process *p = check(L);
  if (!p->exited && lua_toboolean(L, 2)) launch_look(&p->launched);
  if (!p->exited) return 0;
  lua_pushboolean(L, 1);
  if (WIFEXITED(p->status))
    lua_pushinteger(L, WEXITSTATUS(p->status));
  else
    lua_pushnil(L);
  if (WIFSIGNALED(p->status))
    lua_pushstring(L, signame_of(WTERMSIG(p->status)));
  else
    lua_pushnil(L);
  lua_pushboolean(L, WIFSIGNALED(p->status) && WCOREDUMP(p->status));
  return 4;
}

/* p:stopped() -> name of the signal that has stopped the child | nil */
static int l_stopped(lua_State *L)
{
  Process *p = check(L);
  siginfo_t info = {0};
  if (!p->launched.running) return 0;
  int r = waitid(P_PID, (id_t)p->launched.pid, &info, WSTOPPED | WNOHANG | WNOWAIT);
  if (r < 0 || info.si_pid == 0) return 0;
  lua_pushstring(L, signame_of(info.si_status));
  return 1;
}

/* p:kill(signal) -> true | nil, message, code */
static int l_kill(lua_State *L)
{
  Process *p = check(L);
  int signum = opt_signal(L, 2);
  int r = p->base.rt->forked ? UV_ESRCH : launch_kill(&p->launched, signum); /* no child of ours */
  if (TRACING(TRACE_PROC)) process_trace_kill("kill", p->launched.pid, signum, r == 0);
  if (r < 0) return err_push(L, r, "kill");
  lua_pushboolean(L, 1);
  return 1;
}

/* p:block(): stops everything until the child has ended. With libuv's way of launching it does nothing. */
static int l_block(lua_State *L)
{
  Process *p = check(L);
  siginfo_t info;
  if (!p->launched.running) return 0;
  while (waitid(P_PID, (id_t)p->launched.pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
    continue;
  launch_look(&p->launched);
  return 0;
}

/* p:ref(on): does the running child keep the process alive? */
static int l_ref(lua_State *L)
{
  Process *p = check(L);
  if (!p->exited && p->base.open) launch_ref(&p->launched, lua_toboolean(L, 2));
  return 0;
}

/* p:spare(): it is to live on when we are forced to end */
static int l_spare(lua_State *L)
{
  check(L)->spared = true;
  return 0;
}

/* The tree; once the child was reaped with those whom it has left in its group. */
static Tree *tree_of(lua_State *L, Process *p, bool group)
{
  if (p->tree == NULL) p->tree = tree_new();
  if (p->tree == NULL) luaL_error(L, "not enough memory");
  if (p->cgroup) tree_confine(p->tree, cgroup_path(p->cgroup));
  if (group && p->exited) tree_group(p->tree, p->launched.pid, p->own_session, p->ended);
  return p->tree;
}

/* p:tree(signal, with_root, group) -> how many were signalled; group: also the process group */
static int l_tree(lua_State *L)
{
  Process *p = check(L);
  int signum = opt_signal(L, 2);
  bool running = p->launched.running, group = lua_toboolean(L, 4);
  if (p->base.rt->forked) return lua_pushinteger(L, 0), 1;
  Tree *tree = tree_of(L, p, group);
  tree_lead(tree, group && running ? p->launched.pid : 0);
  int n = tree_signal(tree, running ? p->launched.pid : 0, running && lua_toboolean(L, 3), signum);
  if (TRACING(TRACE_PROC)) process_trace_kill("kill_tree", p->launched.pid, signum, n);
  lua_pushinteger(L, n);
  return 1;
}

/* p:tree_alive(group) -> how many of those signalled still live; group: or have been left in the
   child's own */
static int l_tree_alive(lua_State *L)
{
  Process *p = check(L);
  bool group = lua_toboolean(L, 2) && p->exited && kill(-p->launched.pid, 0) == 0;
  Tree *tree = group ? tree_of(L, p, true) : p->tree;
  lua_pushinteger(L, (tree ? tree_alive(tree) : 0) + p->launched.running);
  return 1;
}

static void push_usage(lua_State *L, const struct rusage *rusage)
{
  Usage usage = usage_of(rusage);
  lua_createtable(L, 0, USAGE_FIELDS);
  usage_set(L, &usage);
}

/* p:times() -> seconds since the start (until the exit), table of what it has used */
static int l_times(lua_State *L)
{
  Process *p = check(L);
  uint64_t end = p->exited ? p->ended : uv_hrtime();
  lua_pushnumber(L, (double)(end - p->started) / 1e9);
  push_usage(L, &p->usage);
  return 2;
}

/* no_usage() -> the table of what was never started */
static int l_no_usage(lua_State *L)
{
  push_usage(L, &(struct rusage){0});
  return 1;
}

/* p:limit(limits) -> true | nil, message, code, which: on the running child */
static int l_limit(lua_State *L)
{
  Process *p = check(L);
  const char *which = NULL;
  luaL_checktype(L, 2, LUA_TTABLE);
  int r = UV_ESRCH;
  if (p->launched.running) r = limit_apply(L, 2, p->launched.pid, p->cgroup, &which);
  if (r < 0) return fail(L, r, which);
  lua_pushboolean(L, 1);
  return 1;
}

/* p:struck() -> what its cgroup knows: "memory", "processes" or nil; whether it counts memory */
static int l_struck(lua_State *L)
{
  Process *p = check(L);
  lua_pushstring(L, cgroup_struck(p->cgroup));
  lua_pushboolean(L, cgroup_has(p->cgroup, CGROUP_MEMORY));
  return 2;
}

int luaopen_procrun_core_process(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"pid", l_pid},     {"exited", l_exited},         {"stopped", l_stopped},
      {"kill", l_kill},   {"block", l_block},           {"ref", l_ref},
      {"tree", l_tree},   {"tree_alive", l_tree_alive}, {"times", l_times},
      {"limit", l_limit}, {"struck", l_struck},         {"spare", l_spare},
      {NULL, NULL}};
  static const luaL_Reg functions[] = {{"start", l_start}, {"no_usage", l_no_usage}, {NULL, NULL}};
  signals_at_force(process_force);
  handle_type(L, &process_type, methods);
  plan_define(L);
  luaL_newlib(L, functions);
  luaL_setfuncs(L, process_ask_functions, 0);
  return 1;
}
