/* stdio_lua.c - print, io.write and their kin on the streams of stdio.c: they suspend their task while
   standard output is behind, and block where a task cannot be suspended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/stdio.h"
#include "runtime/vm.h"

/* Which standard descriptor the file stands for, or -1. A closed file is none of them. */
static int standard_file(const luaL_Stream *file)
{
  if (file == NULL || file->closef == NULL) return -1;
  return file->f == stdout ? 1 : file->f == stderr ? 2 : file->f == stdin ? 0 : -1;
}

static int standard_of(lua_State *L, int arg)
{
  return standard_file(luaL_testudata(L, arg, LUA_FILEHANDLE));
}

/* A program that is being ended does not print on. */
static void check_exit(lua_State *L)
{
  Task *t = rt_get(L)->current;
  if (t && rt_get(L)->exiting) scope_check(L, t, false);
}

static Stream *sink_of(lua_State *L, int fd)
{
  Stream *s = rt_get(L)->stdio[fd];
  return s ? stream_sink(s) : NULL;
}

static int try_room(lua_State *L, void *object)
{
  Stream *s = object;
  (void)L;
  return buf_size(&s->out) < STREAM_HIGH ? 0 : WAIT_MORE;
}

/* Is more than enough queued for fd, so that the caller has to wait? Where it cannot, blocks. One
   who writes on though nobody reads lets others have a turn: they may be told of SIGPIPE. */
static bool must_wait(lua_State *L, int fd)
{
  Stream *s = sink_of(L, fd);
  if (s && s->write_error) return !s->base.rt->exiting && task_can_wait(L);
  if (s == NULL || buf_size(&s->out) < STREAM_HIGH) return false;
  if (task_can_wait(L)) return true;
  stream_flush(s, true);
  return false;
}

static int wait_for_room(lua_State *L)
{
  Stream *s = sink_of(L, (int)lua_tointeger(L, 1));
  if (s->write_error) return task_pause(L);
  return task_wait(L, &(Wait){&s->writers, try_room, s, -1, "room in standard output", false});
}

static int return_all(lua_State *L, int status, lua_KContext below)
{
  (void)status;
  return lua_gettop(L) - (int)below;
}

/* Waits; then returns what stands on the stack. */
static int wait_in_frame(lua_State *L, int fd)
{
  lua_pushcfunction(L, wait_for_room);
  lua_pushinteger(L, fd);
  lua_callk(L, 1, 0, 0, return_all);
  return lua_gettop(L);
}

static void print_all(lua_State *L)
{
  Runtime *rt = rt_get(L);
  int n = lua_gettop(L);
  fflush(stdout); /* in case a C library gave it a buffer */
  for (int i = 1; i <= n; i++) {
    size_t size;
    const char *text = luaL_tolstring(L, i, &size);
    if (i > 1) stdio_emit(rt, 1, "\t", 1);
    stdio_emit(rt, 1, text, size);
    lua_pop(L, 1);
  }
  stdio_emit(rt, 1, "\n", 1);
}

/* print(…): as Lua's, on the queue of process.stdout */
static int l_print(lua_State *L)
{
  print_all(L);
  check_exit(L);
  lua_settop(L, 0);
  return must_wait(L, 1) ? wait_in_frame(L, 1) : 0;
}

/* Lua's own function, called in our frame: its error messages name what the script called. */
static int original(lua_State *L)
{
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* The values from `first` to `last`, written as Lua's own write does; 0 or a libuv code. */
static int write_values(lua_State *L, int fd, int first, int last)
{
  int r = 0;
  fflush(fd == 1 ? stdout : stderr);
  for (int i = first; i <= last && r == 0; i++) {
    char number[64];
    size_t size;
    const char *text = number;
    if (lua_isinteger(L, i))
      size = (size_t)lua_integer2str(number, sizeof number, lua_tointeger(L, i));
    else if (lua_type(L, i) == LUA_TNUMBER)
      size = (size_t)lua_number2str(number, sizeof number, lua_tonumber(L, i));
    else
      text = luaL_checklstring(L, i, &size);
    r = stdio_emit(rt_get(L), fd, text, size);
  }
  return r;
}

/* The file stands at index 1, the values after it. */
static int write_standard(lua_State *L, int fd, int r)
{
  check_exit(L);
  lua_settop(L, 1);
  int n = 1;
  if (r < 0) {
    errno = -r;
    n = luaL_fileresult(L, 0, NULL);
    lua_remove(L, 1);
  }
  return must_wait(L, fd) ? wait_in_frame(L, fd) : n;
}

static void push_default(lua_State *L, const char *which)
{
  lua_getfield(L, LUA_REGISTRYINDEX, which);
}

/* file:write(…) */
static int l_file_write(lua_State *L)
{
  int fd = standard_of(L, 1);
  if (fd <= 0) return original(L);
  return write_standard(L, fd, write_values(L, fd, 2, lua_gettop(L)));
}

/* io.write(…): what is the default output is always a file */
static int l_io_write(lua_State *L)
{
  int n = lua_gettop(L);
  push_default(L, "_IO_output");
  int fd = standard_file(lua_touserdata(L, -1));
  if (fd > 0) {
    int r = write_values(L, fd, 1, n);
    lua_insert(L, 1);
    return write_standard(L, fd, r);
  }
  lua_settop(L, n);
  return original(L);
}

static int try_flushed(lua_State *L, void *object)
{
  Stream *s = object;
  if (s->write_error) {
    errno = -s->write_error;
    return luaL_fileresult(L, 0, NULL);
  }
  if (buf_size(&s->out) > 0 && s->base.open) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

/* Waits until the kernel has all that was written. */
static int flush_standard(lua_State *L, int fd)
{
  fflush(fd == 1 ? stdout : stderr);
  Stream *s = sink_of(L, fd);
  if (s == NULL) return luaL_fileresult(L, 1, NULL);
  stream_flush(s, !task_can_wait(L));
  return task_wait(L, &(Wait){&s->writers, try_flushed, s, -1, "standard output", false});
}

/* file:flush() */
static int l_file_flush(lua_State *L)
{
  int fd = standard_of(L, 1);
  return fd <= 0 ? original(L) : flush_standard(L, fd);
}

/* io.flush() */
static int l_io_flush(lua_State *L)
{
  lua_settop(L, 0);
  push_default(L, "_IO_output");
  int fd = standard_of(L, 1);
  if (fd > 0) return flush_standard(L, fd);
  lua_settop(L, 0);
  return original(L);
}

/* file:setvbuf(mode, [size]): "no": every write goes out at once; "line": every line; "full" */
static int l_setvbuf(lua_State *L)
{
  static const char *const modes[] = {"no", "full", "line", NULL};
  int fd = standard_of(L, 1);
  if (fd <= 0) return original(L);
  int mode = luaL_checkoption(L, 2, NULL, modes);
  Stream *s = stdio_get(L, fd);
  s->flags = mode == 0 ? s->flags & ~STREAM_LAZY : s->flags | STREAM_LAZY;
  s->by_line = mode;
  stream_flush(s, false);
  lua_pushboolean(L, 1);
  return 1;
}

/* io.popen, os.execute: what was printed before comes first */
static int l_start(lua_State *L)
{
  fflush(stdout);
  for (int fd = 1; fd <= 2; fd++)
    if (sink_of(L, fd)) stream_flush(sink_of(L, fd), true);
  return original(L);
}

/* Hands a call on to process.stdin, with which io shares one buffer: the hook gets the method's name
   (upvalue 2) and the arguments from `first` on. */
static int read_standard(lua_State *L, int first)
{
  int n = lua_gettop(L) - first + 1;
  vm_push_hook(L, "stdin");
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_rotate(L, first, 2);
  lua_callk(L, n + 1, LUA_MULTRET, first - 1, return_all);
  return return_all(L, LUA_OK, first - 1);
}

/* file:read(…), file:lines(…) */
static int l_file_read(lua_State *L)
{
  return standard_of(L, 1) == 0 ? read_standard(L, 2) : original(L);
}

static bool reads_standard(lua_State *L)
{
  push_default(L, "_IO_input");
  bool standard = standard_of(L, -1) == 0;
  lua_pop(L, 1);
  return standard;
}

/* io.read(…) */
static int l_io_read(lua_State *L)
{
  return reads_standard(L) ? read_standard(L, 1) : original(L);
}

/* io.lines([name, …]) */
static int l_io_lines(lua_State *L)
{
  if (!lua_isnoneornil(L, 1) || !reads_standard(L)) return original(L);
  return read_standard(L, lua_gettop(L) > 0 ? 2 : 1);
}

/* Replaces the function `name` of the table on top by f, which has the old one as upvalue 1. */
static void wrap(lua_State *L, const char *name, lua_CFunction f)
{
  lua_getfield(L, -1, name);
  lua_pushstring(L, name);
  lua_pushcclosure(L, f, 2);
  lua_setfield(L, -2, name);
}

void stdio_define(lua_State *L)
{
  static const luaL_Reg io[] = {{"write", l_io_write}, {"flush", l_io_flush}, {"read", l_io_read},
                                {"lines", l_io_lines}, {"popen", l_start},    {NULL, NULL}};
  static const luaL_Reg file[] = {{"write", l_file_write}, {"flush", l_file_flush},
                                  {"read", l_file_read},   {"lines", l_file_read},
                                  {"setvbuf", l_setvbuf},  {NULL, NULL}};
  lua_register(L, "print", l_print);
  lua_getglobal(L, "io");
  for (const luaL_Reg *f = io; f->name; f++) wrap(L, f->name, f->func);
  lua_getglobal(L, "os");
  wrap(L, "execute", l_start);
  luaL_getmetatable(L, LUA_FILEHANDLE);
  lua_getfield(L, -1, "__index");
  for (const luaL_Reg *f = file; f->name; f++) wrap(L, f->name, f->func);
  lua_pop(L, 4);
  for (int fd = 1; fd <= 2; fd++) stdio_get(L, fd); /* first made, last collected: for finalizers */
}
