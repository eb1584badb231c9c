/* plan.c - the plan of a child as descriptors and a LaunchSpec; see plan.h. */
#include "modules/process/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/nofile.h"
#include "runtime/opt.h"
#include "runtime/signals.h"
#include "runtime/stream.h"

extern char **environ;

enum { MAX_FDS = 1024 };
static const char ENDS[] = "procrun.ends";

void plan_close(Ends *ends)
{
  for (int i = 0; i < ends->count; i++)
    if (ends->own[i]) close(ends->fds[i]);
  ends->count = 0;
  if (ends->channel >= 0) close(ends->channel);
  ends->channel = -1;
}

static int l_gc(lua_State *L)
{
  plan_close(lua_touserdata(L, 1));
  return 0;
}

void plan_define(lua_State *L)
{
  luaL_newmetatable(L, ENDS);
  lua_pushcfunction(L, l_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
}

Ends *plan_push_ends(lua_State *L, int plan)
{
  lua_Integer count = opt_integer(L, plan, "count", 3);
  luaL_argcheck(L, count >= 3 && count <= MAX_FDS, plan, "too many descriptors");
  size_t n = (size_t)count;
  Ends *ends = lua_newuserdatauv(L, sizeof *ends + n * (sizeof *ends->fds + sizeof *ends->own), 0);
  *ends = (Ends){.channel = -1, .null = -1, .fds = (int *)(ends + 1)};
  ends->own = (bool *)(ends->fds + n);
  luaL_setmetatable(L, ENDS);
  return ends;
}

static int add(Ends *ends, int fd, bool own)
{
  nofile_note(fd);
  ends->fds[ends->count] = fd;
  ends->own[ends->count++] = own;
  return 0;
}

/* After a call that made no descriptor: can another attempt do better? */
static bool try_again(lua_State *L)
{
  return errno == EMFILE && launch_make_room(&rt_get(L)->loop);
}

static int open_pair(lua_State *L, bool duplex, int *fds)
{
  int r;
  do r = duplex ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) : pipe2(fds, O_CLOEXEC);
  while (r < 0 && try_again(L));
  return r < 0 ? -errno : 0;
}

/* A pipe(2) for 0 to 2; above, where the direction is unknown, a socket pair. The stream comes
   first: where memory ends, no descriptor is left behind. */
static int add_pipe(lua_State *L, Ends *ends, int streams, Bell *bell)
{
  int i = ends->count, fds[2];
  bool child_reads = i == 0, duplex = i > 2;
  int flags = duplex        ? STREAM_READ | STREAM_WRITE
              : child_reads ? STREAM_WRITE
                            : STREAM_READ | STREAM_CHILD;
  Stream *s = stream_new(L, -1, flags);
  lua_rawseti(L, streams, i);
  if (i > 0) bell_ref(s->bell = bell);
  int r = open_pair(L, duplex, fds);
  if (r < 0) return r;
  s->fd = fds[child_reads];
  return add(ends, fds[!child_reads], true);
}

static int add_channel(lua_State *L, Ends *ends)
{
  int fds[2];
  int r = open_pair(L, true, fds);
  if (r < 0) return r;
  ends->channel = fds[0];
  return add(ends, fds[1], true);
}

/* One for all that are to have it. */
static int add_null(lua_State *L, Ends *ends)
{
  if (ends->null >= 0) return add(ends, ends->null, false);
  int fd;
  do fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  while (fd < 0 && try_again(L));
  if (fd < 0) return -errno;
  ends->null = fd;
  return add(ends, fd, true);
}

/* The next entry of the plan's stdio stands on top of the stack. */
static int add_entry(lua_State *L, Ends *ends, int streams, Bell *bell)
{
  if (lua_isinteger(L, -1)) {
    lua_Integer fd = lua_tointeger(L, -1); /* launch looks whether it is open */
    return fd < 0 || fd > INT_MAX ? UV_EBADF : add(ends, (int)fd, false);
  }
  switch (luaL_checkstring(L, -1)[0]) {
  case 'p': return add_pipe(L, ends, streams, bell);
  case 'c': return add_channel(L, ends);
  case 'n': return add_null(L, ends);
  case 's': return add(ends, ends->fds[1], false);
  default: return add(ends, -1, false);
  }
}

int plan_open(lua_State *L, int plan, Ends *ends, int streams, Bell *bell)
{
  int r = 0, count = (int)opt_integer(L, plan, "count", 3);
  lua_getfield(L, plan, "stdio");
  for (int i = 0; i < count && r == 0; i++) {
    lua_rawgeti(L, -1, i);
    r = add_entry(L, ends, streams, bell);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return r;
}

void plan_close_streams(lua_State *L, int streams)
{
  for (lua_pushnil(L); lua_next(L, streams); lua_pop(L, 1)) {
    Stream *s = handle_test(L, -1, &stream_type);
    handle_close(&s->base);
  }
}

static bool has_field(lua_State *L, int plan, const char *key)
{
  bool has = lua_getfield(L, plan, key) != LUA_TNIL;
  lua_pop(L, 1);
  return has;
}

/* Ours and the plan's extra entries. */
static char **extend_env(lua_State *L, int plan)
{
  static char *none[] = {NULL};
  char **extra = has_field(L, plan, "extra") ? opt_strings(L, plan, "extra") : none;
  size_t ours = 0, more = 0;
  while (environ[ours]) ours++;
  while (extra[more]) more++;
  char **env = lua_newuserdatauv(L, (ours + more + 1) * sizeof *env, 0);
  memcpy(env, environ, ours * sizeof *env);
  memcpy(env + ours, extra, (more + 1) * sizeof *env);
  if (extra != none) lua_remove(L, -2);
  return env;
}

/* The plan's env, or what it adds to ours; NULL where it says nothing: a finalizer may change ours until
   the start. Pushes what holds it. pwd: "PWD=…", in place of the one that is there. */
static char **read_env(lua_State *L, int plan)
{
  char **env = NULL;
  const char *pwd = opt_string(L, plan, "pwd");
  if (has_field(L, plan, "env"))
    env = opt_strings(L, plan, "env");
  else if (pwd || has_field(L, plan, "extra"))
    env = extend_env(L, plan);
  for (char **at = env; pwd && *at; at++)
    if (strncmp(*at, "PWD=", 4) == 0) *at = (char *)pwd;
  return env;
}

/* Has Lua loaded a C library? Its list of them is no longer empty then. */
static bool has_foreign_code(lua_State *L)
{
  bool has = lua_getfield(L, LUA_REGISTRYINDEX, "_CLIBS") != LUA_TTABLE || lua_rawlen(L, -1) > 0;
  lua_pop(L, 1);
  return has;
}

static void read_ids(lua_State *L, int plan, LaunchSpec *spec)
{
  lua_Integer uid = opt_integer(L, plan, "uid", -1), gid = opt_integer(L, plan, "gid", -1);
  spec->set_uid = uid >= 0;
  spec->set_gid = gid >= 0;
  spec->uid = (uid_t)uid;
  spec->gid = (gid_t)gid;
}

void plan_read(lua_State *L, int plan, LaunchSpec *spec)
{
  spec->file = opt_string(L, plan, "file");
  spec->argv = opt_strings(L, plan, "argv");
  spec->envp = read_env(L, plan);
  spec->cwd = opt_string(L, plan, "cwd");
  spec->new_session = opt_flag(L, plan, "session");
  spec->new_group = opt_flag(L, plan, "group");
  spec->death_signal = (int)opt_integer(L, plan, "death_signal", 0);
  spec->umask = (int)opt_integer(L, plan, "umask", -1);
  read_ids(L, plan, spec);
  spec->own_signals = !has_foreign_code(L);
  spec->ignored = signals_ignored();
  spec->unheard = signals_unheard();
}
