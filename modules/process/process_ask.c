/* process_ask.c - what the room proc asks and does without a child of ours: descriptors, signals,
   programs. A part of require "procrun.core.process". */
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/process/launch.h"
#include "modules/process/process.h"
#include "runtime/err.h"
#include "runtime/file.h"
#include "runtime/opt.h"
#include "runtime/signame.h"
#include "runtime/stream.h"
#include "runtime/trace.h"

/* backend() -> "clone3+pidfd+close_range", "uv", … */
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
  Stream *waits = file_give(L, 1);
  if (waits) {
    stream_flush(waits, true);
    lua_pushinteger(L, stream_give(waits));
    return 1;
  }
  int fd = file->f == stdout ? 1 : file->f == stderr ? 2 : fileno(file->f);
  fflush(file->f);
  lua_pushinteger(L, fd);
  return 1;
}

/* is_pipe(fd) -> boolean */
static int l_is_pipe(lua_State *L)
{
  struct stat st;
  lua_pushboolean(L, fstat((int)luaL_checkinteger(L, 1), &st) == 0 && S_ISFIFO(st.st_mode));
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

/* send_signal(pid or -group, number) -> true | nil, message, code; to whoever has that number now */
static int l_send_signal(lua_State *L)
{
  lua_Integer pid = luaL_checkinteger(L, 1);
  int signum = opt_signal(L, 2), error = 0;
  if (pid != (pid_t)pid || pid == 0 || pid == -1)
    error = UV_ESRCH;
  else if (kill((pid_t)pid, signum) < 0)
    error = -errno;
  if (TRACING(TRACE_PROC)) process_trace_kill("kill", (pid_t)pid, signum, error == 0);
  if (error) return err_push(L, error, "kill %I", pid);
  lua_pushboolean(L, 1);
  return 1;
}

/* is_executable(path) -> boolean: a file that this process may run */
static int l_is_executable(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  struct stat st;
  bool file = stat(path, &st) == 0 && S_ISREG(st.st_mode);
  lua_pushboolean(L, file && access(path, X_OK) == 0);
  return 1;
}

const luaL_Reg process_ask_functions[] = {{"backend", l_backend},
                                          {"fileno", l_fileno},
                                          {"is_pipe", l_is_pipe},
                                          {"has_terminal", l_has_terminal},
                                          {"signal", l_signal},
                                          {"send_signal", l_send_signal},
                                          {"is_executable", l_is_executable},
                                          {NULL, NULL}};
