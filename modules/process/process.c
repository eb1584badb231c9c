/* process.c - children for Lua: a plan becomes a process with its streams.
   local core = require "procrun.core.process"; what a script says is checked in the room proc. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/process/launch.h"
#include "runtime/err.h"
#include "runtime/opt.h"
#include "runtime/signame.h"
#include "runtime/stream.h"

extern char **environ;

enum { MAX_FDS = 1024 };
static const char ENDS[] = "procrun.ends";

typedef struct Process {
  Handle base;
  Launched launched;
  Bell *bell; /* rung at the exit */
  bool exited;
  int status; /* as waitpid gives it */
  struct rusage usage;
  uint64_t started, ended; /* uv_hrtime */
  Tree *tree;
  bool closing_now; /* inside launch_close: on_free may come at once */
} Process;

/* Descriptors on their way to the child; closed when the launch is over, or by the collector. */
typedef struct Ends {
  int count, channel;
  int fds[MAX_FDS];
  bool own[MAX_FDS];
} Ends;

static void on_exit_seen(Launched *launched, int status, const struct rusage *usage)
{
  Process *p = launched->data;
  p->exited = true;
  p->status = status;
  p->usage = *usage;
  p->ended = uv_hrtime();
  p->base.rt->progress++;
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
  bell_unref(p->bell);
}

static const HandleType process_type = {"procrun.process", close_process, linger, release, NULL};

static Process *check(lua_State *L)
{
  return handle_any(L, 1, &process_type);
}

static int close_ends(lua_State *L)
{
  Ends *ends = lua_touserdata(L, 1);
  for (int i = 0; i < ends->count; i++)
    if (ends->own[i]) close(ends->fds[i]);
  ends->count = 0;
  return 0;
}

static void add_end(Ends *ends, int i, int fd, bool own)
{
  ends->fds[i] = fd;
  ends->own[i] = own;
}

/* Our end becomes a stream in the table at index streams. */
static void keep_ours(lua_State *L, int streams, int i, int fd, int flags)
{
  stream_new(L, fd, flags);
  lua_rawseti(L, streams, i);
}

/* A pipe(2) for 0 to 2; above, where the direction is unknown, a socket pair. */
static int make_pipe(lua_State *L, Ends *ends, int i, int streams)
{
  int fds[2];
  bool child_reads = i == 0;
  int r = i > 2 ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) : pipe2(fds, O_CLOEXEC);
  if (r < 0) return -errno;
  add_end(ends, i, fds[child_reads ? 0 : 1], true);
  int flags = i > 2 ? STREAM_READ | STREAM_WRITE : child_reads ? STREAM_WRITE : STREAM_READ;
  keep_ours(L, streams, i, fds[child_reads ? 1 : 0], flags);
  return 0;
}

static int make_channel(Ends *ends, int i)
{
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) return -errno;
  add_end(ends, i, fds[1], true);
  ends->channel = fds[0];
  return 0;
}

static int make_null(Ends *ends, int i)
{
  int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (fd < 0) return -errno;
  add_end(ends, i, fd, true);
  return 0;
}

/* Entry i of the plan's stdio stands on top of the stack. */
static int make_end(lua_State *L, Ends *ends, int i, int streams)
{
  if (lua_isinteger(L, -1)) {
    add_end(ends, i, (int)lua_tointeger(L, -1), false);
    return fcntl(ends->fds[i], F_GETFD) < 0 ? -errno : 0;
  }
  switch (luaL_checkstring(L, -1)[0]) {
    case 'p': return make_pipe(L, ends, i, streams);
    case 'c': return make_channel(ends, i);
    case 'n': return make_null(ends, i);
    case 's': add_end(ends, i, ends->fds[1], false); return 0; /* the same as fd 1 */
    default: add_end(ends, i, -1, false); return 0;
  }
}

static int make_ends(lua_State *L, int plan, Ends *ends, int streams)
{
  lua_getfield(L, plan, "stdio");
  int count = (int)opt_integer(L, plan, "count", 3), r = 0;
  luaL_argcheck(L, count >= 3 && count <= MAX_FDS, plan, "too many descriptors");
  for (int i = 0; i < count && r == 0; i++) {
    lua_rawgeti(L, -1, i);
    add_end(ends, i, -1, false);
    ends->count = i + 1;
    r = make_end(L, ends, i, streams);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return r;
}

/* The plan's env; without one, ours and the plan's extra entries. Pushes what holds it. */
static char **make_env(lua_State *L, int plan)
{
  if (lua_getfield(L, plan, "env") != LUA_TNIL) {
    lua_pop(L, 1);
    return opt_strings(L, plan, "env");
  }
  lua_pop(L, 1);
  char **extra = opt_strings(L, plan, "extra");
  size_t ours = 0, more = 0;
  while (environ[ours]) ours++;
  while (extra[more]) more++;
  char **env = lua_newuserdatauv(L, (ours + more + 1) * sizeof *env, 0);
  memcpy(env, environ, ours * sizeof *env);
  memcpy(env + ours, extra, (more + 1) * sizeof *env);
  lua_remove(L, -2);
  return env;
}

static void fill_ids(lua_State *L, LaunchSpec *spec, int plan)
{
  lua_Integer uid = opt_integer(L, plan, "uid", -1), gid = opt_integer(L, plan, "gid", -1);
  spec->set_uid = uid >= 0;
  spec->set_gid = gid >= 0;
  spec->uid = (uid_t)uid;
  spec->gid = (gid_t)gid;
}

static void fill_spec(lua_State *L, LaunchSpec *spec, int plan)
{
  spec->file = opt_string(L, plan, "file");
  spec->argv = opt_strings(L, plan, "argv");
  spec->envp = make_env(L, plan);
  spec->cwd = opt_string(L, plan, "cwd");
  spec->new_session = opt_flag(L, plan, "session");
  spec->new_group = opt_flag(L, plan, "group");
  spec->death_signal = (int)opt_integer(L, plan, "death_signal", 0);
  spec->umask = (int)opt_integer(L, plan, "umask", -1);
  fill_ids(L, spec, plan);
}

static int fail(lua_State *L, int code, const char *step)
{
  err_push(L, code, NULL);
  lua_pushstring(L, step);
  return 4;
}

/* start(plan, list) -> process, streams by fd, channel's fd or nil | nil, message, code, step */
static int l_start(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  Bell *bell = bell_check(L, 2);
  lua_settop(L, 2);
  LaunchSpec spec = {0};
  LaunchError error = {0};
  fill_spec(L, &spec, 1);
  lua_newtable(L);
  int streams = lua_gettop(L);
  Ends *ends = lua_newuserdatauv(L, sizeof *ends, 0);
  ends->count = 0;
  ends->channel = -1;
  luaL_setmetatable(L, ENDS);
  int end_index = lua_gettop(L);
  Process *p = handle_new(L, sizeof *p, &process_type);
  p->bell = bell;
  bell_ref(bell);
  p->launched = (Launched){.loop = &p->base.rt->loop, .on_exit = on_exit_seen, .on_free = on_free,
                           .data = p, .pidfd = -1};
  int r = make_ends(L, 1, ends, streams);
  if (r < 0) {
    error.step = "stdio";
  } else {
    spec.fds = ends->fds;
    spec.fd_count = ends->count;
    p->started = uv_hrtime();
    r = launch_start(&p->launched, &spec, &error);
  }
  int channel = ends->channel;
  lua_pushcfunction(L, close_ends);
  lua_pushvalue(L, end_index);
  lua_call(L, 1, 0);
  handle_open(&p->base, NULL);
  if (r < 0) {
    if (channel >= 0) close(channel);
    handle_close(&p->base);
    return fail(L, error.code ? error.code : r, error.step);
  }
  lua_pushvalue(L, streams);
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

/* p:exited() -> nil while it runs | true, code or nil, signal name or nil, core dumped */
static int l_exited(lua_State *L)
{
  Process *p = check(L);
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

/* p:kill(signal) -> true | nil, message, code */
static int l_kill(lua_State *L)
{
  Process *p = check(L);
  int signum = opt_signal(L, 2);
  int r = launch_kill(&p->launched, signum);
  if (r < 0) return err_push(L, r, "kill");
  lua_pushboolean(L, 1);
  return 1;
}

/* p:ref(on): does the running child keep the process alive? */
static int l_ref(lua_State *L)
{
  Process *p = check(L);
  if (!p->exited && p->base.open) launch_ref(&p->launched, lua_toboolean(L, 2));
  return 0;
}

/* p:tree(signal, with_root, group) -> how many were signalled; group: also the process group */
static int l_tree(lua_State *L)
{
  Process *p = check(L);
  int signum = opt_signal(L, 2);
  if (p->tree == NULL) p->tree = tree_new();
  if (p->tree == NULL) return luaL_error(L, "not enough memory");
  bool running = p->launched.running;
  int n = tree_signal(p->tree, running ? p->launched.pid : 0, running && lua_toboolean(L, 3), signum);
  /* The group outlives its leader; its number cannot be reused while a member lives. */
  if (lua_toboolean(L, 4) && (running || n > 0) && kill(-p->launched.pid, signum) == 0 && n == 0) n = 1;
  lua_pushinteger(L, n);
  return 1;
}

/* p:tree_alive() -> how many of those signalled still live */
static int l_tree_alive(lua_State *L)
{
  Process *p = check(L);
  lua_pushinteger(L, (p->tree ? tree_alive(p->tree) : 0) + p->launched.running);
  return 1;
}

static double seconds(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* p:times() -> seconds since the start (until the exit), cpu_user, cpu_system (s), peak_rss (bytes) */
static int l_times(lua_State *L)
{
  Process *p = check(L);
  uint64_t end = p->exited ? p->ended : uv_hrtime();
  lua_pushnumber(L, (double)(end - p->started) / 1e9);
  lua_pushnumber(L, seconds(p->usage.ru_utime));
  lua_pushnumber(L, seconds(p->usage.ru_stime));
  lua_pushinteger(L, (lua_Integer)p->usage.ru_maxrss * 1024);
  return 4;
}

/* backend() -> "clone+pidfd", "uv", … */
static int l_backend(lua_State *L)
{
  lua_pushstring(L, launch_backend());
  return 1;
}

/* fileno(io file) -> descriptor; what was written to it goes out first */
static int l_fileno(lua_State *L)
{
  luaL_Stream *file = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  if (file->closef == NULL) return luaL_argerror(L, 1, "this file is closed");
  int fd = file->f == stdout ? 1 : file->f == stderr ? 2 : fileno(file->f);
  fflush(file->f);
  lua_pushinteger(L, fd);
  return 1;
}

/* has_terminal() -> boolean: does this process have a controlling terminal? */
static int l_has_terminal(lua_State *L)
{
  int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  lua_pushboolean(L, fd >= 0);
  if (fd >= 0) close(fd);
  return 1;
}

/* signal(name or number) -> name, number; raises for an unknown one */
static int l_signal(lua_State *L)
{
  int signum = opt_signal(L, 1);
  lua_pushstring(L, signame_of(signum));
  lua_pushinteger(L, signum);
  return 2;
}

/* is_executable(path) -> boolean */
static int l_is_executable(lua_State *L)
{
  lua_pushboolean(L, access(luaL_checkstring(L, 1), X_OK) == 0);
  return 1;
}

int luaopen_procrun_core_process(lua_State *L)
{
  static const luaL_Reg methods[] = {{"pid", l_pid},   {"exited", l_exited}, {"kill", l_kill},
                                     {"ref", l_ref},   {"tree", l_tree},     {"tree_alive", l_tree_alive},
                                     {"times", l_times}, {NULL, NULL}};
  static const luaL_Reg functions[] = {{"start", l_start},
                                       {"backend", l_backend},
                                       {"fileno", l_fileno},
                                       {"has_terminal", l_has_terminal},
                                       {"signal", l_signal},
                                       {"is_executable", l_is_executable},
                                       {NULL, NULL}};
  handle_type(L, &process_type, methods);
  luaL_newmetatable(L, ENDS);
  lua_pushcfunction(L, close_ends);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
