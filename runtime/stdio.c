/* stdio.c - standard input, output and error: print, io.write and C's printf on one queue. */
#include "runtime/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/exit.h"
#include "runtime/vm.h"

enum { BLOCK_AT = 16 * STREAM_HIGH }; /* C code that writes on and on is held here */

typedef struct Cookie {
  Runtime *rt;
  int fd;
} Cookie;

static Cookie cookies[3];
static bool ended; /* stdio_end was called */

void stdio_prepare(void)
{
#ifdef SYS_close_range
  syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */); /* inherited ones stay with us */
#endif
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      if (open("/dev/null", O_RDWR) != fd) abort(); /* the lowest free number is fd */
}

/* A reader that went away ends us as it ends any program in a pipeline: by SIGPIPE, quietly. */
static void on_output_failed(Stream *s)
{
  Runtime *rt = s->base.rt;
  if (s->write_error == UV_EPIPE)
    exit_begin(rt, 128 + SIGPIPE, SIGPIPE);
  else
    exit_begin(rt, 1, 0);
}

int stdio_failure(Runtime *rt)
{
  Stream *s = rt->stdio[1];
  return s && s->write_error != UV_EPIPE ? s->write_error : 0;
}

/* Anchored in the registry under its own address: standard streams live as long as the state. */
static Stream *get(lua_State *L, int fd)
{
  static const int flags[] = {STREAM_READ | STREAM_SHARED,
                              STREAM_WRITE | STREAM_SHARED | STREAM_LAZY,
                              STREAM_WRITE | STREAM_SHARED};
  Runtime *rt = rt_get(L);
  if (rt->stdio[fd]) return rt->stdio[fd];
  vm_push_builtin(L, "procrun.core.stream"); /* defines the type: print comes before any require */
  lua_call(L, 0, 0);
  Stream *s = stream_new(L, fd, flags[fd]);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &cookies[fd]);
  if (fd == 1) s->failed = on_output_failed;
  rt->stdio[fd] = s;
  return s;
}

Stream *stdio_push(lua_State *L, int fd)
{
  Stream *s = get(L, fd);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &cookies[fd]);
  return s;
}

/* The state is being closed: no streams any more. */
static int write_directly(int fd, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t sent = write(fd, bytes, n);
    if (sent < 0 && errno == EAGAIN) poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return -errno;
    if (sent < 0) continue;
    bytes += sent;
    n -= (size_t)sent;
  }
  return 0;
}

static int emit(lua_State *L, int fd, const char *bytes, size_t n)
{
  return ended ? write_directly(fd, bytes, n) : stream_write(get(L, fd), bytes, n);
}

static ssize_t on_cookie_write(void *cookie, const char *bytes, size_t n)
{
  Cookie *c = cookie;
  int r = emit(ended ? NULL : c->rt->L, c->fd, bytes, n);
  if (r < 0) {
    errno = -r;
    return 0;
  }
  Stream *s = ended ? NULL : c->rt->stdio[c->fd];
  if (s && buf_size(&s->out) > BLOCK_AT) stream_flush(s, true);
  return (ssize_t)n;
}

static FILE *open_cookie(Runtime *rt, int fd)
{
  cookies[fd] = (Cookie){rt, fd};
  FILE *f = fopencookie(&cookies[fd], "w", (cookie_io_functions_t){.write = on_cookie_write});
  if (f) setvbuf(f, NULL, _IONBF, 0); /* the stream gathers; a second buffer would mix the order */
  return f;
}

/* A C library that calls exit() takes the short way out; what was printed must still arrive. */
static void on_c_exit(void)
{
  Runtime *rt = cookies[1].rt;
  if (rt == NULL || ended) return;
  for (int fd = 1; fd <= 2; fd++)
    if (rt->stdio[fd] && rt->stdio[fd]->base.open) stream_flush(rt->stdio[fd], true);
}

void stdio_install(Runtime *rt)
{
  FILE *out = open_cookie(rt, 1), *err = open_cookie(rt, 2);
  if (out) stdout = out;
  if (err) stderr = err;
  atexit(on_c_exit);
}

void stdio_end(Runtime *rt)
{
  ended = true;
  for (int fd = 0; fd <= 2; fd++) rt->stdio[fd] = NULL;
}

void stdio_flush_all(Runtime *rt)
{
  fflush(stdout);
  fflush(stderr);
  for (int fd = 1; fd <= 2; fd++)
    if (rt->stdio[fd]) stream_flush(rt->stdio[fd], false);
}

static int try_room(lua_State *L, void *object)
{
  Stream *s = object;
  (void)L;
  return buf_size(&s->out) < STREAM_HIGH ? 0 : WAIT_MORE;
}

/* Does standard output take more? Where the task cannot be suspended to wait for it, blocks. */
static bool has_room(lua_State *L)
{
  Runtime *rt = rt_get(L);
  Stream *s = rt->stdio[1];
  if (s == NULL || buf_size(&s->out) < STREAM_HIGH) return true;
  if (task_can_wait(L)) return false;
  stream_flush(s, true);
  return true;
}

static int wait_for_room(lua_State *L)
{
  Stream *s = rt_get(L)->stdio[1];
  return task_wait(L, &(Wait){&s->writers, try_room, s, -1, "room in standard output", false});
}

static void print_all(lua_State *L)
{
  int n = lua_gettop(L);
  fflush(stdout); /* in case the script gave it a buffer (setvbuf) */
  for (int i = 1; i <= n; i++) {
    size_t size;
    const char *text = luaL_tolstring(L, i, &size);
    if (i > 1) emit(L, 1, "\t", 1);
    emit(L, 1, text, size);
    lua_pop(L, 1);
  }
  emit(L, 1, "\n", 1);
  Task *t = rt_get(L)->current;
  if (rt_get(L)->exiting && t) scope_check(L, t, false);
}

/* print(…): as Lua's, on the queue of process.stdout */
static int l_print(lua_State *L)
{
  print_all(L);
  if (has_room(L)) return 0;
  lua_settop(L, 0);
  return wait_for_room(L);
}

static int write_on(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  return lua_gettop(L);
}

/* Is the first result of a write, the file, C's stdout? */
static bool went_to_stdout(lua_State *L)
{
  luaL_Stream *file = luaL_testudata(L, 1, LUA_FILEHANDLE);
  return file && file->f == stdout;
}

/* io.write(…), file:write(…): Lua's own (upvalue 1), then waits while standard output is behind. */
static int l_write(lua_State *L)
{
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  Task *t = rt_get(L)->current;
  if (rt_get(L)->exiting && t) scope_check(L, t, false);
  if (!went_to_stdout(L) || has_room(L)) return lua_gettop(L);
  lua_pushcfunction(L, wait_for_room);
  lua_callk(L, 0, 0, 0, write_on);
  return lua_gettop(L);
}

static void wrap_write(lua_State *L)
{
  lua_getfield(L, -1, "write");
  lua_pushcclosure(L, l_write, 1);
  lua_setfield(L, -2, "write");
  lua_pop(L, 1);
}

void stdio_define(lua_State *L)
{
  lua_register(L, "print", l_print);
  lua_getglobal(L, "io");
  wrap_write(L);
  luaL_getmetatable(L, LUA_FILEHANDLE);
  lua_getfield(L, -1, "__index");
  lua_remove(L, -2);
  wrap_write(L);
}
