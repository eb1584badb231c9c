/* file.c - files of Lua's `io` that wait as tasks: what they are to C, and how they are closed. */
#include "runtime/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime/vm.h"

static const void *metatable; /* of all files */

/* C code reads. */
static ssize_t on_cookie_read(void *cookie, char *bytes, size_t n)
{
  Stream *s = ((File *)cookie)->s;
  if (buf_size(&s->in) == 0) file_block(s);
  size_t size = buf_size(&s->in);
  if (size == 0) {
    errno = -s->read_error;
    return s->read_error ? -1 : 0;
  }
  if (size > n) size = n;
  memcpy(bytes, buf_head(&s->in), size);
  buf_consume(&s->in, size);
  s->scanned = 0;
  return (ssize_t)size;
}

/* C code writes. */
static ssize_t on_cookie_write(void *cookie, const char *bytes, size_t n)
{
  Stream *s = ((File *)cookie)->s;
  int r = stream_write(s, bytes, n);
  if (r == 0 && buf_size(&s->out) > STREAM_HIGH) stream_flush(s, true);
  if (r == 0) r = s->write_error;
  errno = -r;
  return r < 0 ? 0 : (ssize_t)n;
}

static int try_sent(lua_State *L, void *object)
{
  Stream *s = object;
  if (s->write_error == 0 && buf_size(&s->out) > 0 && s->base.open) return WAIT_MORE;
  errno = -s->write_error;
  return luaL_fileresult(L, s->write_error == 0, NULL);
}

int file_wait_sent(lua_State *L, Stream *s, const char *what)
{
  stream_flush(s, !task_can_wait(L));
  return task_wait(L, &(Wait){&s->writers, try_sent, s, -1, what, false});
}

/* Does the collector close the file? It waits for nobody. */
static bool in_finalizer(lua_State *L)
{
  lua_Debug ar;
  if (!lua_getstack(L, 0, &ar)) return true;
  lua_getinfo(L, "n", &ar);
  return ar.name && strstr(ar.name, "gc") && strcmp(ar.namewhat, "metamethod") == 0;
}

/* The results stand above the file. */
static int end_close(lua_State *L, int status, lua_KContext ctx)
{
  File *f = (File *)ctx;
  (void)status;
  handle_close(&f->s->base);
  return lua_gettop(L) - 1;
}

static int l_wait_sent(lua_State *L)
{
  File *f = lua_touserdata(L, 1);
  return file_wait_sent(L, f->s, f->writing);
}

/* What io.popen has started is waited for: that its input, or output, is closed makes it end; or a
   signal, where a cancel or a timeout leaves the block of a <close> variable. */
static int close_pipe(lua_State *L, File *f, bool unwound)
{
  bool writes = f->s->flags & STREAM_WRITE, finalizer = in_finalizer(L);
  if (writes)
    stream_finish(f->s);
  else
    handle_close(&f->s->base);
  vm_push_hook(L, finalizer ? "popen_drop" : "popen_close");
  lua_insert(L, -2);
  lua_pushboolean(L, task_can_wait(L));
  lua_pushboolean(L, unwound);
  if (finalizer) {
    lua_call(L, 3, 0);
    return 0;
  }
  lua_callk(L, 3, LUA_MULTRET, (lua_KContext)f, end_close);
  return end_close(L, LUA_OK, (lua_KContext)f);
}

/* What Lua's own close, __close and __gc call, in their frame: to __close index 2 is the error. */
static int on_close(lua_State *L)
{
  File *f = lua_touserdata(L, 1);
  bool unwound = !lua_isnone(L, 2) && scope_is_cancel(L, 2) && !f->s->base.rt->exiting;
  fclose(f->base.f);
  lua_settop(L, 1);
  if (lua_getiuservalue(L, 1, FILE_CHILD) != LUA_TNIL) return close_pipe(L, f, unwound);
  lua_settop(L, 1);
  if (in_finalizer(L)) return 0; /* that of the stream looks after its bytes */
  lua_pushcfunction(L, l_wait_sent);
  lua_pushvalue(L, 1);
  lua_callk(L, 1, LUA_MULTRET, (lua_KContext)f, end_close);
  return end_close(L, LUA_OK, (lua_KContext)f);
}

void file_shut(File *f)
{
  if (f->base.closef == NULL) return;
  f->base.closef = NULL;
  fclose(f->base.f);
  handle_close(&f->s->base);
}

int file_standard(const luaL_Stream *file)
{
  if (file->closef == on_close) return -1;
  return file->f == stdout ? 1 : file->f == stderr ? 2 : 0;
}

bool file_is_ours(const luaL_Stream *file)
{
  if (file->closef == NULL) return false;
  return file->closef == on_close || file->f == stdout || file->f == stderr || file->f == stdin;
}

/* Most files are Lua's own: they are told first. */
luaL_Stream *file_test(lua_State *L, int arg)
{
  luaL_Stream *file = lua_touserdata(L, arg);
  if (file == NULL || lua_rawlen(L, arg) < sizeof *file || !file_is_ours(file)) return NULL;
  bool is_file = lua_getmetatable(L, arg) && lua_topointer(L, -1) == metatable;
  lua_pop(L, 1);
  return is_file ? file : NULL;
}

Stream *file_give(lua_State *L, int arg)
{
  luaL_Stream *file = file_test(L, arg);
  return file && file->closef == on_close ? ((File *)file)->s : NULL;
}

static const char *keep(lua_State *L, int value, const char *format, const char *name)
{
  const char *text = lua_pushfstring(L, format, name);
  lua_setiuservalue(L, -2, value);
  return text;
}

File *file_push(lua_State *L, int stream, const char *name)
{
  static const cookie_io_functions_t functions = {.read = on_cookie_read, .write = on_cookie_write};
  stream = lua_absindex(L, stream);
  Stream *s = handle_check(L, stream, &stream_type);
  bool reads = s->flags & STREAM_READ, writes = s->flags & STREAM_WRITE;
  File *f = lua_newuserdatauv(L, sizeof *f, FILE_WRITING);
  memset(f, 0, sizeof *f);
  luaL_setmetatable(L, LUA_FILEHANDLE);
  f->s = s;
  lua_pushvalue(L, stream);
  lua_setiuservalue(L, -2, FILE_STREAM);
  f->reading = keep(L, FILE_READING, "input from %s", name);
  f->writing = keep(L, FILE_WRITING, "%s to take bytes", name);
  f->base.f = fopencookie(f, reads && writes ? "r+" : writes ? "w" : "r", functions);
  if (f->base.f == NULL) luaL_error(L, "not enough memory");
  setvbuf(f->base.f, NULL, _IONBF, 0);
#ifdef __GLIBC__
  f->base.f->_fileno = s->fd; /* fileno: as in stdio.c */
#endif
  if (writes) s->flags |= STREAM_LAZY;
  f->base.closef = on_close;
  return f;
}

int file_original(lua_State *L)
{
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* Replaces functions of the table on top by ours, which have the old ones as upvalue 1. */
static void wrap_all(lua_State *L, const luaL_Reg *functions)
{
  for (const luaL_Reg *f = functions; f->name; f++) {
    lua_getfield(L, -1, f->name);
    lua_pushcclosure(L, f->func, 1);
    lua_setfield(L, -2, f->name);
  }
}

void file_define(lua_State *L)
{
  lua_register(L, "print", file_l_print);
  lua_getglobal(L, "io");
  wrap_all(L, file_read_io);
  wrap_all(L, file_write_io);
  wrap_all(L, file_open_io);
  wrap_all(L, file_child_io);
  lua_getglobal(L, "os");
  wrap_all(L, file_child_os);
  luaL_getmetatable(L, LUA_FILEHANDLE);
  metatable = lua_topointer(L, -1);
  lua_getfield(L, -1, "__index");
  wrap_all(L, file_read_methods);
  wrap_all(L, file_write_methods);
  lua_pop(L, 4);
}
