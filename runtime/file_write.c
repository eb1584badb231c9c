/* file_write.c - writing to standard output and to other files that wait: print, io.write, io.flush,
   file:write, file:flush, file:setvbuf, file:seek. They suspend their task while the reader is behind,
   and block where a task cannot be suspended. */
#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#include "runtime/file.h"
#include "runtime/stdio.h"
#include "runtime/task.h"

/* Where a call writes to. */
typedef struct Sink {
  Runtime *rt;
  Stream *s;  /* in whose queue it stands; NULL: the standard stream is not open yet, or no more */
  int fd;     /* 1, 2; -1: a File */
  File *file; /* which */
} Sink;

static Stream *standard(Runtime *rt, int fd)
{
  Stream *s = rt->stdio[fd];
  return s && fd == 2 ? stream_sink(s) : s;
}

static Sink sink_of(lua_State *L, luaL_Stream *file)
{
  Runtime *rt = rt_get(L);
  int fd = file_standard(file);
  if (fd < 0) return (Sink){rt, ((File *)file)->s, -1, (File *)file};
  return (Sink){rt, standard(rt, fd), fd, NULL};
}

static bool is_sink(const luaL_Stream *file)
{
  return file && file_standard(file) != 0;
}

/* A program that is being ended does not print on. */
static void check_exit(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (rt->exiting && rt->current) scope_check(L, rt->current, false);
}

static int try_room(lua_State *L, void *object)
{
  Stream *s = object;
  (void)L;
  return buf_size(&s->out) < STREAM_HIGH || s->write_error ? 0 : WAIT_MORE;
}

/* Arguments: the file, its stream, what is waited for. Waits until it has room. One who writes on though nobody
   reads lets others have a turn: they may be told of SIGPIPE. */
static int l_wait_for_room(lua_State *L)
{
  Stream *s = lua_touserdata(L, 2);
  const char *what = lua_tostring(L, 3);
  if (s->write_error) return task_pause(L);
  return task_wait(L, &(Wait){&s->writers, try_room, s, -1, what, false});
}

static int return_all(lua_State *L, int status, lua_KContext below)
{
  (void)status;
  return lua_gettop(L) - (int)below;
}

/* Is more than enough queued, so that the caller has to wait? Where it cannot, blocks. */
static bool must_wait(lua_State *L, const Sink *to)
{
  Stream *s = to->s;
  if (s == NULL) return false;
  if (s->write_error) return to->fd >= 0 && !to->rt->exiting && task_can_wait(L);
  if (buf_size(&s->out) < STREAM_HIGH) return false;
  if (task_can_wait(L)) return true;
  stream_flush(s, true);
  return false;
}

/* Waits if it has to; then returns the n values on top. The file, if it is a File, stands at index 1. */
static int finish(lua_State *L, const Sink *to, int n)
{
  if (!must_wait(L, to)) return n;
  int below = lua_gettop(L) - n;
  lua_pushcfunction(L, l_wait_for_room);
  lua_pushvalue(L, 1); /* keeps the stream, if it is not a standard one */
  lua_pushlightuserdata(L, to->s);
  lua_pushstring(L, to->file ? to->file->writing : "room in standard output");
  lua_callk(L, 3, 0, below, return_all);
  return n;
}

enum { NUMBER = 64 };

/* What Lua's own write makes of a value; raises for one that is no string or number. */
static const char *to_text(lua_State *L, int index, char number[NUMBER], size_t *size)
{
  if (lua_type(L, index) != LUA_TNUMBER) return luaL_checklstring(L, index, size);
  if (lua_isinteger(L, index))
    *size = (size_t)lua_integer2str(number, NUMBER, lua_tointeger(L, index));
  else
    *size = (size_t)lua_number2str(number, NUMBER, lua_tonumber(L, index));
  return number;
}

/* Most calls have a few short values for a queue that is in use already: those from `first` on are added
   to it. Returns the first that was not. */
static int gather(lua_State *L, luaL_Stream *file, int first, int last)
{
  Runtime *rt = rt_get(L);
  Stream *s = file->f == stdout ? rt->stdio[1] : file->f == stderr ? NULL : ((File *)file)->s;
  if (s == NULL || rt->exiting || __fpending(file->f) > 0) return first;
  stdio_take_aside(rt);
  for (; first <= last; first++) {
    char number[NUMBER];
    size_t size;
    const char *text = to_text(L, first, number, &size);
    if (!stream_gather(s, text, size)) break;
  }
  return first;
}

static int emit(const Sink *to, const char *bytes, size_t n)
{
  if (to->s && to->fd != 2 && stream_gather(to->s, bytes, n)) return 0;
  return to->fd >= 0 ? stdio_emit(to->rt, to->fd, bytes, n) : stream_write(to->s, bytes, n);
}

/* A C library may have given our stdout a buffer. */
static void flush_c(FILE *f)
{
  if (__fpending(f) > 0) fflush(f);
}

/* print(…): as Lua's, on the queue of process.stdout */
int file_l_print(lua_State *L)
{
  Sink to = {rt_get(L), standard(rt_get(L), 1), 1, NULL};
  int n = lua_gettop(L);
  flush_c(stdout);
  stdio_take_aside(to.rt);
  for (int i = 1; i <= n; i++) {
    size_t size;
    const char *text = luaL_tolstring(L, i, &size); /* may run Lua, which may wait or close */
    to.s = standard(to.rt, 1);
    if (i > 1) emit(&to, "\t", 1);
    emit(&to, text, size);
    lua_pop(L, 1);
  }
  emit(&to, "\n", 1);
  check_exit(L);
  lua_settop(L, 0);
  to.s = standard(to.rt, 1);
  return finish(L, &to, 0);
}

/* The values from `first` to `last`, written as Lua's own write does; 0 or a libuv code. */
static int write_values(lua_State *L, const Sink *to, int first, int last)
{
  int r = 0;
  if (to->fd >= 0) flush_c(to->fd == 1 ? stdout : stderr);
  for (int i = first; i <= last && r == 0; i++) {
    char number[NUMBER];
    size_t size;
    const char *text = to_text(L, i, number, &size);
    r = emit(to, text, size);
  }
  return r;
}

/* The file stands at index 1, r is what came of writing to it. */
static int end_write(lua_State *L, luaL_Stream *file, int r)
{
  check_exit(L);
  lua_settop(L, 1);
  Sink to = sink_of(L, file);
  if (r == 0 && to.file) r = to.s->write_error;
  if (r == 0) return finish(L, &to, 1);
  errno = -r;
  return finish(L, &to, luaL_fileresult(L, 0, NULL));
}

/* file:write(…) */
static int l_file_write(lua_State *L)
{
  luaL_Stream *file = file_test(L, 1);
  if (!is_sink(file)) return file_original(L);
  int n = lua_gettop(L), first = gather(L, file, 2, n);
  if (first > n) {
    lua_settop(L, 1);
    return 1;
  }
  Sink to = sink_of(L, file);
  return end_write(L, file, write_values(L, &to, first, n));
}

/* Pushes the default output; NULL, and nothing is pushed, where it is not ours. */
static luaL_Stream *push_default(lua_State *L)
{
  lua_getfield(L, LUA_REGISTRYINDEX, "_IO_output");
  luaL_Stream *file = lua_touserdata(L, -1); /* what is a default is a file */
  if (file_is_ours(file) && is_sink(file)) return file;
  lua_pop(L, 1);
  return NULL;
}

/* io.write(…) */
static int l_io_write(lua_State *L)
{
  int n = lua_gettop(L);
  luaL_Stream *file = push_default(L);
  if (file == NULL) return file_original(L);
  int first = gather(L, file, 1, n);
  if (first > n) return 1;
  Sink to = sink_of(L, file);
  int r = write_values(L, &to, first, n);
  if (n > 0) lua_replace(L, 1);
  return end_write(L, file, r);
}

/* Waits until the kernel has all that was written. */
static int flush(lua_State *L, luaL_Stream *file)
{
  if (file_standard(file) >= 0) fflush(file->f);
  Sink to = sink_of(L, file);
  if (to.file) return file_wait_sent(L, to.s, to.file->writing);
  if (to.s == NULL) return luaL_fileresult(L, 1, NULL);
  return file_wait_sent(L, to.s, "standard output");
}

/* file:flush() */
static int l_file_flush(lua_State *L)
{
  luaL_Stream *file = file_test(L, 1);
  return is_sink(file) ? flush(L, file) : file_original(L);
}

/* io.flush() */
static int l_io_flush(lua_State *L)
{
  lua_settop(L, 0);
  luaL_Stream *file = push_default(L);
  return file ? flush(L, file) : file_original(L);
}

/* file:setvbuf(mode, [size]): "no": every write goes out at once; "line": every line; "full" */
static int l_setvbuf(lua_State *L)
{
  static const char *const modes[] = {"no", "full", "line", NULL};
  luaL_Stream *file = file_test(L, 1);
  if (!is_sink(file)) return file_original(L);
  int mode = luaL_checkoption(L, 2, NULL, modes), fd = file_standard(file);
  luaL_optinteger(L, 3, 0);
  Stream *s = fd < 0 ? ((File *)file)->s : stdio_get(L, fd);
  s->flags = mode == 0 ? s->flags & ~STREAM_LAZY : s->flags | STREAM_LAZY;
  s->by_line = mode;
  stream_flush(s, false);
  lua_pushboolean(L, 1);
  return 1;
}

/* As if nothing were buffered here, neither way. */
static off_t seek(Stream *s, off_t offset, int mode)
{
  if (lseek(s->fd, 0, SEEK_CUR) < 0) return -1; /* nearly everything that can wait */
  if (buf_size(&s->out) > 0) stream_flush(s, true);
  if (mode == SEEK_CUR) offset -= (off_t)buf_size(&s->in);
  off_t at = lseek(s->fd, offset, mode);
  if (at < 0) return -1;
  buf_consume(&s->in, buf_size(&s->in));
  s->scanned = 0;
  if (s->flags & STREAM_READ) s->eof = s->drained = false;
  return at;
}

/* file:seek([whence], [offset]) */
static int l_seek(lua_State *L)
{
  static const int modes[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  static const char *const names[] = {"set", "cur", "end", NULL};
  luaL_Stream *file = file_test(L, 1);
  if (file == NULL) return file_original(L);
  int mode = luaL_checkoption(L, 2, "cur", names);
  lua_Integer offset = luaL_optinteger(L, 3, 0);
  int fd = file_standard(file);
  off_t at = seek(fd < 0 ? ((File *)file)->s : stdio_get(L, fd), (off_t)offset, modes[mode]);
  if (at < 0) return luaL_fileresult(L, 0, NULL);
  lua_pushinteger(L, at);
  return 1;
}

const luaL_Reg file_write_io[] = {{"write", l_io_write}, {"flush", l_io_flush}, {NULL, NULL}};
const luaL_Reg file_write_methods[] = {{"write", l_file_write},
                                       {"flush", l_file_flush},
                                       {"setvbuf", l_setvbuf},
                                       {"seek", l_seek},
                                       {NULL, NULL}};
