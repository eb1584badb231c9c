/* channel.c - a message channel for Lua: JSON, one value a line.
   local core = require "procrun.core.channel"; the policy (events, order, takers) is channel.lua's. */
#include "modules/channel/handles.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/stream.h"

static Channel *check(lua_State *L)
{
  return handle_any(L, 1, &channel_type);
}

static bool is_waited_for(int fd, struct stat *st)
{
  return fstat(fd, st) != 0 || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || isatty(fd);
}

/* Whoever redirects to what cannot be waited for is told what to do instead. */
static int push_failure(lua_State *L, int r, int fd_in, int fd_out)
{
  struct stat st;
  bool input = !is_waited_for(fd_in, &st);
  if (r != UV_EPERM || (!input && is_waited_for(fd_out, &st))) return err_push(L, r, "channel");
  return err_push(L, r, "its %s is a %s, which cannot be waited for (put a pipe between: `%s`)",
                  input ? "input" : "output", S_ISREG(st.st_mode) ? "regular file" : "device",
                  input ? "cat file |" : "| cat > file");
}

static int open_channel(lua_State *L, bool one_way)
{
  lua_settop(L, 4);
  int fd_in = (int)luaL_checkinteger(L, 1), fd_out = (int)luaL_checkinteger(L, 2);
  Bell *bell = lua_isnil(L, 3) ? NULL : bell_check(L, 3);
  Channel *c = handle_new(L, sizeof *c, &channel_type);
  c->max_message = (size_t)luaL_optinteger(L, 4, CHANNEL_MESSAGE);
  if (bell) bell_ref(bell);
  c->bell = bell;
  c->one_way = one_way;
  int r = wire_open(c, fd_in, fd_out);
  if (r == 0) return 1;
  int results = push_failure(L, r, fd_in, fd_out);
  close(fd_in);
  if (fd_out != fd_in) close(fd_out);
  return results;
}

/* open(fd_in, fd_out, list or nil, max_message or nil) -> channel | nil, message, code; the
   descriptors are its own from now on */
static int l_open(lua_State *L)
{
  return open_channel(L, lua_tointeger(L, 1) != lua_tointeger(L, 2));
}

/* open_streams(from, to, list, max_message or nil): the same over the descriptors of two streams,
   which are closed */
static int l_open_streams(lua_State *L)
{
  Stream *from = handle_check(L, 1, &stream_type), *to = handle_check(L, 2, &stream_type);
  int fd_in = fcntl(from->fd, F_DUPFD_CLOEXEC, 3), fd_out = fcntl(to->fd, F_DUPFD_CLOEXEC, 3);
  if (fd_in < 0 || fd_out < 0) {
    int r = -errno;
    if (fd_in >= 0) close(fd_in);
    return err_push(L, r, "channel");
  }
  handle_close(&from->base);
  handle_close(&to->base);
  lua_pushinteger(L, fd_in);
  lua_replace(L, 1);
  lua_pushinteger(L, fd_out);
  lua_replace(L, 2);
  return open_channel(L, false);
}

/* c:disconnect(): EOF for the peer once everything is sent */
static int l_disconnect(lua_State *L)
{
  wire_end(check(L));
  return 0;
}

/* c:finish(): the end of the input was told; it is the end of the output, too, if it is a peer's */
static int l_finish(lua_State *L)
{
  Channel *c = check(L);
  if (!c->one_way) wire_end(c);
  return 0;
}

/* c:hold(on): does the open channel keep the process alive? */
static int l_hold(lua_State *L)
{
  Channel *c = check(L);
  c->hold = lua_toboolean(L, 2);
  wire_update(c);
  return 0;
}

/* c:connected() -> boolean: can messages go both ways? */
static int l_connected(lua_State *L)
{
  Channel *c = check(L);
  lua_pushboolean(L, !c->ending && !c->eof && !c->write_error);
  return 1;
}

int luaopen_procrun_core_channel(lua_State *L)
{
  static const luaL_Reg methods[] = {{"connected", l_connected},
                                     {"disconnect", l_disconnect},
                                     {"finish", l_finish},
                                     {"hold", l_hold},
                                     {NULL, NULL}};
  static const luaL_Reg functions[] = {{"open", l_open},
                                       {"open_streams", l_open_streams},
                                       {"send_method", send_method},
                                       {NULL, NULL}};
  handle_type(L, &channel_type, methods);
  luaL_getmetatable(L, channel_type.name);
  lua_getfield(L, -1, "__index");
  receive_define(L);
  send_define(L);
  handles_define(L);
  lua_pop(L, 2);
  luaL_newlib(L, functions);
  return 1;
}
