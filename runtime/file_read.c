/* file_read.c - reading from standard input and from other files that wait: io.read, io.lines,
   file:read, file:lines. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "runtime/file.h"
#include "runtime/stdio.h"
#include "runtime/stream_format.h"
#include "runtime/stream_impl.h"
#include "runtime/vm.h"

enum { MOST_FORMATS = 250, FIRST_FORMAT = 4 }; /* of the iterator: as in Lua's own */

void file_block(Stream *s)
{
  int r = stream_prepare(s);
  if (r < 0) stream_at_end(s, r);
  uint64_t before = s->received;
  while (!s->eof && s->received == before) {
    stream_fill(s);
    if (s->eof || s->received != before) break;
    stdio_flush_now(s->base.rt); /* a question comes before its answer */
    if (buf_size(&s->out) > 0) stream_flush(s, true);
    poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, -1);
  }
}

/* At index 1 stands the file, which keeps the stream, above it are formats. */
static int try_read(lua_State *L, void *object)
{
  Stream *s = object;
  if (s->base.open) return stream_try_formats(L, s, 2, true);
  errno = EBADF;
  return luaL_fileresult(L, 0, NULL);
}

static int wait_input(lua_State *L, luaL_Stream *file, TaskTry try)
{
  File *f = file_standard(file) < 0 ? (File *)file : NULL;
  Stream *s = f ? f->s : stdio_get(L, 0);
  const char *what = f ? f->reading : "input from standard input";
  if (s->eof) stream_look_anew(s); /* as C does: a terminal, a FIFO, a file that grows */
  if (task_can_wait(L)) return task_wait(L, &(Wait){&s->readers, try, s, -1, what, false});
  int results;
  while ((results = try(L, s)) == WAIT_MORE) file_block(s);
  return results;
}

/* Told as Lua tells it, which names the argument as the script has counted it. */
static void check_formats(lua_State *L, int first, int last)
{
  luaL_checkstack(L, last + LUA_MINSTACK, "too many arguments");
  for (int arg = first; arg <= last; arg++) {
    if (lua_type(L, arg) == LUA_TNUMBER) {
      if (luaL_checkinteger(L, arg) < 0) luaL_error(L, "not enough memory"); /* for that many */
      continue;
    }
    const char *format = luaL_checkstring(L, arg);
    if (*format == '*') format++;
    if (*format == 0 || strchr("lLan", *format) == NULL) luaL_argerror(L, arg, "invalid format");
  }
}

/* io shares one buffer with process.stdin. Where that is in use it says whether we may read, too. */
static void check_standard(lua_State *L, const char *name)
{
  vm_push_hook(L, "stdin");
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  lua_pushstring(L, name);
  lua_call(L, 1, 0);
}

static bool is_source(const luaL_Stream *file)
{
  return file && file_standard(file) <= 0;
}

/* file:read(…) */
static int l_file_read(lua_State *L)
{
  luaL_Stream *file = file_test(L, 1);
  if (!is_source(file)) return file_original(L);
  check_formats(L, 2, lua_gettop(L));
  if (file_standard(file) == 0) check_standard(L, "read");
  return wait_input(L, file, try_read);
}

/* io.read(…) */
static int l_io_read(lua_State *L)
{
  int n = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, "_IO_input");
  luaL_Stream *file = lua_touserdata(L, -1); /* what is a default is a file */
  if (!file_is_ours(file) || !is_source(file)) {
    lua_pop(L, 1);
    return file_original(L);
  }
  check_formats(L, 1, n);
  if (file_standard(file) == 0) check_standard(L, "read");
  lua_insert(L, 1);
  return wait_input(L, file, try_read);
}

/* One step of the iterator: at the end it closes the file, if it is to. */
static int try_next(lua_State *L, void *object)
{
  int top = lua_gettop(L), n = try_read(L, object);
  if (n == WAIT_MORE || lua_toboolean(L, top + 1)) return n;
  if (n > 1) return luaL_error(L, "%s", lua_tostring(L, top + 2));
  if (lua_toboolean(L, lua_upvalueindex(2))) file_shut(lua_touserdata(L, 1));
  return 0;
}

/* The iterator: file, close, how many formats, formats… */
static int l_next(lua_State *L)
{
  luaL_Stream *file = lua_touserdata(L, lua_upvalueindex(1));
  int n = (int)lua_tointeger(L, lua_upvalueindex(3));
  if (file->closef == NULL) return luaL_error(L, "file is already closed");
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  luaL_checkstack(L, n + LUA_MINSTACK, "too many arguments");
  for (int i = 0; i < n; i++) lua_pushvalue(L, lua_upvalueindex(FIRST_FORMAT + i));
  if (n > 0) check_formats(L, 2, n + 1);
  return wait_input(L, file, try_next);
}

void file_push_lines(lua_State *L, int file)
{
  int n = lua_gettop(L) - file - 1;
  luaL_argcheck(L, n <= MOST_FORMATS, MOST_FORMATS + 2, "too many arguments");
  lua_pushinteger(L, n);
  lua_insert(L, file + 2);
  lua_pushcclosure(L, l_next, n + 3);
}

/* file:lines(…) */
static int l_file_lines(lua_State *L)
{
  luaL_Stream *file = file_test(L, 1);
  if (!is_source(file)) return file_original(L);
  if (file_standard(file) == 0) check_standard(L, "lines");
  lua_pushboolean(L, 0);
  lua_insert(L, 2);
  file_push_lines(L, 1);
  return 1;
}

/* io.lines(path, …): the path at index 1, formats, and what came of opening it */
static int end_open(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  if (lua_isnil(L, -3)) return file_open_failed(L, lua_tostring(L, 1));
  lua_pop(L, 2);
  lua_pushvalue(L, -1);
  lua_replace(L, 1); /* file, formats…, file */
  lua_insert(L, 2);
  lua_pushboolean(L, 1);
  lua_insert(L, 3);
  file_push_lines(L, 2);
  lua_pushnil(L);
  lua_pushnil(L);
  lua_pushvalue(L, 1);
  return 4;
}

/* io.lines([path, …]) */
static int l_io_lines(lua_State *L)
{
  const char *path = lua_tostring(L, 1);
  if (path && file_may_wait(L, path, "r")) {
    lua_pushcfunction(L, file_l_open);
    lua_pushvalue(L, 1);
    lua_pushliteral(L, "r");
    lua_callk(L, 2, 3, 0, end_open);
    return end_open(L, LUA_OK, 0);
  }
  if (!lua_isnoneornil(L, 1)) return file_original(L);
  lua_settop(L, lua_gettop(L) > 0 ? lua_gettop(L) : 1);
  lua_getfield(L, LUA_REGISTRYINDEX, "_IO_input");
  lua_replace(L, 1);
  luaL_Stream *file = file_test(L, 1);
  if (is_source(file)) return l_file_lines(L);
  lua_pushnil(L);
  lua_replace(L, 1);
  return file_original(L);
}

const luaL_Reg file_read_io[] = {{"read", l_io_read}, {"lines", l_io_lines}, {NULL, NULL}};
const luaL_Reg file_read_methods[] = {{"read", l_file_read}, {"lines", l_file_lines}, {NULL, NULL}};
