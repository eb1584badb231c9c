/* pipe.c - pairs of connected streams inside this process: kernel pipes and socket pairs.
   local core = require "procrun.core.pipe"; procrun.core.stream has to be loaded before. */
#include <sys/socket.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/stream.h"

/* The streams first: where memory ends, no descriptor is left behind. */
static int push_pair(lua_State *L, Stream *ends[2], int r, const uv_file fds[2], const char *what)
{
  if (r < 0) {
    handle_close(&ends[0]->base);
    handle_close(&ends[1]->base);
    return err_push(L, r, what);
  }
  ends[0]->fd = fds[0];
  ends[1]->fd = fds[1];
  stream_pair(ends[0], ends[1]);
  return 2;
}

/* pair() -> reader, writer | nil, message, code */
static int l_pair(lua_State *L)
{
  Stream *reader = stream_new(L, -1, STREAM_READ);
  Stream *ends[2] = {reader, stream_new(L, -1, STREAM_WRITE)};
  uv_file fds[2];
  return push_pair(L, ends, uv_pipe(fds, 0, 0), fds, "pipe");
}

/* socketpair() -> a, b | nil, message, code */
static int l_socketpair(lua_State *L)
{
  Stream *a = stream_new(L, -1, STREAM_READ | STREAM_WRITE);
  Stream *ends[2] = {a, stream_new(L, -1, STREAM_READ | STREAM_WRITE)};
  uv_os_sock_t fds[2];
  return push_pair(L, ends, uv_socketpair(SOCK_STREAM, 0, fds, 0, 0), fds, "socketpair");
}

int luaopen_procrun_core_pipe(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"pair", l_pair}, {"socketpair", l_socketpair}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
