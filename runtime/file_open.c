/* file_open.c - io.open, io.input and io.output on what may keep its reader or writer waiting: FIFOs,
   terminals, devices. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "runtime/file.h"
#include "runtime/stream_impl.h"
#include "runtime/task.h"

static const char OPENING[] = "procrun.opening";

/* Nobody tells us that a FIFO was opened at its other end: seconds between two looks, first and at
   most. */
static const double FIRST_LOOK = 0.001, MOST = 0.02;

typedef struct Opening {
  WaitList list;
  Deadline next;
  double pause;
  Runtime *rt;
  const char *path;
  int flags; /* O_… */
  int fd;    /* open, but nobody is known to write; else -1 */
  bool is_fifo;
  char first; /* a byte that came with the writer */
  bool has_first;
} Opening;

/* As Lua checks it; -1 for what is no mode. */
static int open_flags(const char *mode)
{
  int flags = *mode == 'r' ? O_RDONLY : *mode == 'w' ? O_WRONLY | O_TRUNC : O_WRONLY | O_APPEND;
  if (*mode == 0 || strchr("rwa", *mode++) == NULL) return -1;
  if (*mode == '+') flags = (flags & ~O_ACCMODE) | (mode++, O_RDWR);
  return mode[strspn(mode, "b")] ? -1 : flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
}

/* Devices of memory (/dev/null, /dev/zero, …) answer at once. */
static bool is_waited_for(const struct stat *st)
{
  enum { MEMORY = 1 };
  return S_ISFIFO(st->st_mode) || (S_ISCHR(st->st_mode) && major(st->st_rdev) != MEMORY);
}

bool file_may_wait(lua_State *L, const char *path, const char *mode)
{
  struct stat st;
  if (!task_can_wait(L) || stat(path, &st) < 0 || !is_waited_for(&st)) return false;
  return open_flags(mode) >= 0;
}

static void on_look(Deadline *d)
{
  wait_wake(&((Opening *)((char *)d - offsetof(Opening, next)))->list);
}

static int look_later(Opening *o)
{
  deadline_arm(o->rt, &o->next, o->pause);
  if (o->pause < MOST) o->pause *= 2;
  return WAIT_MORE;
}

/* An unnamed pipe, reached through /dev/fd, has had its writers. */
static bool is_unnamed(int fd)
{
  enum { PIPES = 0x50495045 };
  struct statfs fs;
  return fstatfs(fd, &fs) == 0 && fs.f_type == PIPES;
}

/* Has anybody opened the FIFO for writing? Bytes and a hang-up are of one who has; without any, read
   says "end of file" while nobody has, and EAGAIN once somebody has. */
static bool has_writer(Opening *o)
{
  struct pollfd p = {.fd = o->fd, .events = POLLIN};
  if (poll(&p, 1, 0) > 0 || is_unnamed(o->fd)) return true;
  ssize_t n = read(o->fd, &o->first, 1);
  o->has_first = n > 0;
  return n != 0;
}

/* "FIFO x" */
static void push_name(lua_State *L, const Opening *o)
{
  const char *kind = o->is_fifo ? "FIFO" : isatty(o->fd) ? "terminal" : "device";
  lua_pushfstring(L, "%s %s", kind, o->path);
}

static int push_opened(lua_State *L, Opening *o)
{
  int access = o->flags & O_ACCMODE;
  push_name(L, o);
  handle_type(L, &stream_type, NULL);
  Stream *s = stream_new(
      L, o->fd, (access != O_WRONLY ? STREAM_READ : 0) | (access != O_RDONLY ? STREAM_WRITE : 0));
  o->fd = -1;
  if (o->has_first && !buf_append(&s->in, &o->first, 1)) return luaL_error(L, "not enough memory");
  file_push(L, -1, lua_tostring(L, -2));
  return 1;
}

/* As open(2) without O_NONBLOCK: until somebody has opened the FIFO at its other end. */
static int try_open(lua_State *L, void *object)
{
  Opening *o = object;
  if (o->fd < 0) {
    do o->fd = open(o->path, o->flags);
    while (o->fd < 0 && errno == EINTR);
    if (o->fd < 0 && errno == ENXIO && o->is_fifo) return look_later(o);
    if (o->fd < 0) return luaL_fileresult(L, 0, o->path);
  }
  bool alone = o->is_fifo && (o->flags & O_ACCMODE) == O_RDONLY && !has_writer(o);
  return alone ? look_later(o) : push_opened(L, o);
}

/* __close and __gc */
static int l_end(lua_State *L)
{
  Opening *o = lua_touserdata(L, 1);
  deadline_disarm(o->rt, &o->next);
  if (o->fd >= 0) close(o->fd);
  o->fd = -1;
  return 0;
}

static Opening *push_opening(lua_State *L, const char *path, const char *mode)
{
  struct stat st;
  Opening *o = lua_newuserdatauv(L, sizeof *o, 0);
  *o = (Opening){.rt = rt_get(L), .path = path, .flags = open_flags(mode), .fd = -1};
  o->next.fire = on_look;
  o->pause = FIRST_LOOK;
  o->is_fifo = stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
  if (luaL_newmetatable(L, OPENING)) {
    lua_pushcfunction(L, l_end);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, l_end);
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
  lua_toclose(L, -1);
  return o;
}

int file_l_open(lua_State *L)
{
  const char *path = lua_tostring(L, 1), *mode = lua_tostring(L, 2);
  Opening *o = push_opening(L, path, mode);
  const char *what = lua_pushfstring(L, "the other end of FIFO %s", path);
  return task_wait(L, &(Wait){&o->list, try_open, o, -1, what, false});
}

/* io.open(path, [mode]) */
static int l_io_open(lua_State *L)
{
  const char *path = lua_tostring(L, 1), *mode = luaL_optstring(L, 2, "r");
  if (path == NULL || !file_may_wait(L, path, mode)) return file_original(L);
  lua_settop(L, 1);
  lua_pushstring(L, mode);
  return file_l_open(L);
}

/* The path, the name of the default in the registry, and what came of opening it. */
static int end_default(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  if (lua_isnil(L, -3)) return file_open_failed(L, lua_tostring(L, 1));
  lua_pop(L, 2);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, lua_tostring(L, 2));
  return 1;
}

static int set_default(lua_State *L, const char *which, const char *mode)
{
  const char *path = lua_tostring(L, 1);
  if (path == NULL || !file_may_wait(L, path, mode)) return file_original(L);
  lua_settop(L, 1);
  lua_pushstring(L, which);
  lua_pushcfunction(L, file_l_open);
  lua_pushvalue(L, 1);
  lua_pushstring(L, mode);
  lua_callk(L, 2, 3, 0, end_default);
  return end_default(L, LUA_OK, 0);
}

/* io.input([path or file]) */
static int l_io_input(lua_State *L)
{
  return set_default(L, "_IO_input", "r");
}

/* io.output([path or file]) */
static int l_io_output(lua_State *L)
{
  return set_default(L, "_IO_output", "w");
}

int file_open_failed(lua_State *L, const char *path)
{
  const char *reason = strerror((int)lua_tointeger(L, -1));
  return luaL_error(L, "cannot open file '%s' (%s)", path, reason);
}

const luaL_Reg file_open_io[] = {
    {"open", l_io_open}, {"input", l_io_input}, {"output", l_io_output}, {NULL, NULL}};
