/* self.c - facts about this process: version, ids, title, directory, environment.
   local core = require "procrun.core.self" */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#include <sys/prctl.h>
#endif

#include "modules/modules.h"
#include "modules/process/launch_shim.h"
#include "runtime/context.h"
#include "runtime/err.h"
#include "runtime/rt.h"
#include "runtime/task.h"

#ifndef PROCRUN_VERSION
#define PROCRUN_VERSION "0.0.0"
#endif

extern char **environ;

static int channel_in = -1, channel_out = -1; /* -1: not started with a channel */

/* version() -> "procrun 0.1.0 (libuv 1.44.2, Lua 5.4.4)" */
static int l_version(lua_State *L)
{
  lua_pushfstring(L, "procrun %s (libuv %s, %s)", PROCRUN_VERSION, uv_version_string(),
                  LUA_RELEASE);
  return 1;
}

/* runs_from(path) -> boolean: is this still the file that we were started from? */
static int l_runs_from(lua_State *L)
{
  lua_pushboolean(L, shim_runs_from(luaL_checkstring(L, 1)));
  return 1;
}

static bool is_stream_socket(int fd)
{
  int domain = 0, type = 0;
  socklen_t size = sizeof domain;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0) return false;
  size = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0) return false;
  return domain == AF_UNIX && type == SOCK_STREAM;
}

/* A private way to what fd 0 or 1 is: pipes and terminals are opened anew, as O_NONBLOCK would
   otherwise hit all who share them. */
static int reopen(int fd, int flags)
{
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int copy = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  return copy >= 0 ? copy : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/* The channel runs over standard input and output; 0 becomes /dev/null and 1 standard error, so that
   print cannot garble it. */
static void adopt_stdio(void)
{
  channel_in = reopen(0, O_RDONLY);
  channel_out = reopen(1, O_WRONLY);
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) {
    dup2(null, 0);
    close(null);
  }
  dup2(2, 1);
}

static void adopt_fd(const char *text)
{
  char *end;
  long fd = strtol(text, &end, 10);
  if (end == text || fd < 0 || fd >= 1 << 20 || !is_stream_socket((int)fd)) return;
  if (fd <= 2) { /* its number stays taken, so that no other file gets it */
    channel_in = channel_out = fcntl((int)fd, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd == 1)
      dup2(2, 1);
    else if (null >= 0)
      dup2(null, (int)fd);
    if (null >= 0) close(null);
    return;
  }
  channel_in = channel_out = (int)fd;
  fcntl(channel_in, F_SETFD, FD_CLOEXEC);
}

/* Node's other one is for Node alone. Its parent is told by the end of the channel. */
static void check_serialization(const char *mode)
{
  if (channel_in < 0 || mode == NULL || strcmp(mode, "json") == 0) return;
  fprintf(stderr,
          "procrun: the parent's channel has the serialization '%.40s' and is closed: "
          "only 'json' is known here\n",
          mode);
  close(channel_in);
  channel_in = channel_out = -1;
}

/* adopt_channel(stdio) -> descriptor to read, descriptor to write | nothing: before anything is
   written. Takes the channel's variables out of the environment, so that no child of ours believes
   them meant for it; a wrong descriptor is none. */
static int l_adopt_channel(lua_State *L)
{
  const char *text = getenv("NODE_CHANNEL_FD");
  if (lua_toboolean(L, 1)) {
    adopt_stdio();
  } else if (text) {
    adopt_fd(text);
    check_serialization(getenv("NODE_CHANNEL_SERIALIZATION_MODE"));
  }
  unsetenv("NODE_CHANNEL_FD");
  unsetenv("NODE_CHANNEL_SERIALIZATION_MODE");
  if (channel_in < 0) return 0;
  lua_pushinteger(L, channel_in);
  lua_pushinteger(L, channel_out);
  return 2;
}

static int l_ids(lua_State *L)
{
  lua_pushinteger(L, getpid());
  lua_pushinteger(L, getppid());
  return 2;
}

/* Without /proc the kernel's word for it, which is relative to the first directory. */
static int l_exec_path(lua_State *L)
{
  char path[4096];
  size_t size = sizeof path;
  int r = uv_exepath(path, &size);
  if (r == 0) {
    lua_pushlstring(L, path, size);
    return 1;
  }
#ifdef __linux__
  const char *name = (const char *)getauxval(AT_EXECFN);
  char *real = name ? realpath(name, NULL) : NULL;
  if (real) {
    lua_pushstring(L, real);
    free(real);
    return 1;
  }
#endif
  return err_push(L, r, "exec_path");
}

/* title([text]) -> the name that ps shows (15 bytes); elsewhere than on Linux it does not change */
static int l_title(lua_State *L)
{
  char name[16] = "procrun";
#ifdef __linux__
  if (!lua_isnone(L, 1)) prctl(PR_SET_NAME, luaL_checkstring(L, 1));
  prctl(PR_GET_NAME, name);
#endif
  lua_pushstring(L, name);
  return 1;
}

/* platform() -> "linux", "darwin", "freebsd": the kernel's name in lower case */
static int l_platform(lua_State *L)
{
  uv_utsname_t names;
  if (uv_os_uname(&names) < 0) return 0;
  for (char *c = names.sysname; *c; c++) *c = (char)tolower((unsigned char)*c);
  lua_pushstring(L, names.sysname);
  return 1;
}

/* uptime() -> seconds since main began */
static int l_uptime(lua_State *L)
{
  lua_pushnumber(L, (double)(uv_hrtime() - rt_get(L)->started) / 1e9);
  return 1;
}

static int l_cwd(lua_State *L)
{
  char path[4096];
  if (getcwd(path, sizeof path) == NULL) return err_push(L, -errno, "cwd");
  lua_pushstring(L, path);
  return 1;
}

/* There are scopes with directories. */
static int move(lua_State *L, const char *path)
{
  int error;
  Place *p = place_open(path, &error);
  if (p == NULL) return err_push(L, error, "chdir %s", path);
  context_move(L, p);
  lua_pushboolean(L, 1);
  return 1;
}

static int l_chdir(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  if (place_here()) return move(L, path);
  if (chdir(path) < 0) return err_push(L, -errno, "chdir %s", path);
  lua_pushboolean(L, 1);
  return 1;
}

static const char *check_name(lua_State *L)
{
  size_t size;
  const char *name = luaL_checklstring(L, 1, &size);
  luaL_argcheck(L, size > 0 && strlen(name) == size && strchr(name, '=') == NULL, 1,
                "the name of a variable is not empty and holds neither '=' nor NUL");
  return name;
}

static int l_getenv(lua_State *L)
{
  lua_pushstring(L, getenv(luaL_checkstring(L, 1)));
  return 1;
}

/* setenv(name, value | nil) */
static int l_setenv(lua_State *L)
{
  const char *name = check_name(L);
  if (lua_isnoneornil(L, 2)) {
    unsetenv(name);
    return 0;
  }
  size_t size;
  const char *value = luaL_checklstring(L, 2, &size);
  luaL_argcheck(L, strlen(value) == size, 2, "the value holds a NUL byte");
  if (setenv(name, value, 1) < 0) return luaL_error(L, "setenv: %s", strerror(errno));
  return 0;
}

/* environ() -> table of all variables; entries without a name are left out */
static int l_environ(lua_State *L)
{
  lua_newtable(L);
  for (char **e = environ; *e; e++) {
    const char *equals = strchr(*e, '=');
    if (equals == NULL || equals == *e) continue;
    lua_pushlstring(L, *e, (size_t)(equals - *e));
    lua_pushstring(L, equals + 1);
    lua_rawset(L, -3);
  }
  return 1;
}

/* now() -> monotonic seconds */
static int l_now(lua_State *L)
{
  lua_pushnumber(L, (double)uv_hrtime() / 1e9);
  return 1;
}

/* cores() -> processors this process may use */
static int l_cores(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)uv_available_parallelism());
  return 1;
}

/* user_id(name) -> number | nil, message, "ENOENT" */
static int l_user_id(lua_State *L)
{
  struct passwd *user = getpwnam(luaL_checkstring(L, 1));
  if (user == NULL) return err_push(L, UV_ENOENT, "no such user");
  lua_pushinteger(L, (lua_Integer)user->pw_uid);
  return 1;
}

/* group_id(name) -> number | nil, message, "ENOENT" */
static int l_group_id(lua_State *L)
{
  struct group *group = getgrnam(luaL_checkstring(L, 1));
  if (group == NULL) return err_push(L, UV_ENOENT, "no such group");
  lua_pushinteger(L, (lua_Integer)group->gr_gid);
  return 1;
}

/* Pushes "script.lua:12", the innermost line of the script on a coroutine; or nothing. */
static bool push_line(lua_State *L, lua_State *co)
{
  lua_Debug ar;
  for (int level = 0; lua_getstack(co, level, &ar); level++) {
    lua_getinfo(co, "Sl", &ar);
    if (ar.currentline <= 0 || strncmp(ar.source, "@procrun:", 9) == 0) continue;
    lua_pushfstring(L, "%s:%d", ar.short_src, ar.currentline);
    return true;
  }
  return false;
}

/* where() -> "script.lua:12" | nil: the line of the script that has called into the modules. In a task
   that runs nothing but these, as sh.map(list, 4, sh.run) starts them, that of who has started it. */
static int l_where(lua_State *L)
{
  Runtime *rt = rt_get(L);
  for (Frame *f = rt->frames; f; f = f->up)
    if (push_line(L, f->L)) return 1;
  if (rt->current == NULL || rt->current->ref == LUA_NOREF) return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, rt->current->ref);
  while (lua_getiuservalue(L, -1, TASK_PARENT) == LUA_TUSERDATA) {
    const Task *parent = lua_touserdata(L, -1);
    if (parent->state == TASK_DONE) return 0;
    if (push_line(L, parent->at) || push_line(L, parent->co)) return 1;
    lua_remove(L, -2);
  }
  return 0;
}

int luaopen_procrun_core_self(lua_State *L)
{
  static const luaL_Reg functions[] = {{"version", l_version},
                                       {"runs_from", l_runs_from},
                                       {"adopt_channel", l_adopt_channel},
                                       {"ids", l_ids},
                                       {"exec_path", l_exec_path},
                                       {"title", l_title},
                                       {"cwd", l_cwd},
                                       {"chdir", l_chdir},
                                       {"getenv", l_getenv},
                                       {"setenv", l_setenv},
                                       {"environ", l_environ},
                                       {"now", l_now},
                                       {"platform", l_platform},
                                       {"uptime", l_uptime},
                                       {"cores", l_cores},
                                       {"user_id", l_user_id},
                                       {"group_id", l_group_id},
                                       {"where", l_where},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
