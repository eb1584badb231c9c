/* watch.c - what happens in directories, as inotify tells it: local w = core.watcher(); w:next()
   It holds nothing back: what nobody has read stays in the kernel, which has a limit and says when
   it was reached. What a name has become, the Lua half looks up. */
#include "modules/fs/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/fs.h"
#include "runtime/err.h"
#include "runtime/handle.h"
#include "runtime/look.h"
#include "runtime/opt.h"
#include "runtime/task.h"

#ifdef __linux__

#include <sys/inotify.h>

typedef struct Watcher {
  Handle base;
  uv_poll_t poll;
  int fd;
  bool polling;
  bool held, unref; /* there is a listener, which keeps the process alive; it does not */
  WaitList readers;
} Watcher;

enum { ROOM = 32 * 1024 };

int watch_add(int fd, const char *path)
{
  static const uint32_t MASK = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY |
                               IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                               IN_ONLYDIR | IN_EXCL_UNLINK;
  int wd = inotify_add_watch(fd, path, MASK);
  return wd < 0 ? -errno : wd;
}

/* A task that waits keeps the process alive, and so does a listener, unless unref() was called. */
static void set_ref(Watcher *w)
{
  Task *first = w->readers.head;
  if (!w->base.open) return;
  if ((first && !first->daemon) || (w->held && !w->unref))
    uv_ref((uv_handle_t *)&w->poll);
  else
    uv_unref((uv_handle_t *)&w->poll);
}

static void on_readers_changed(WaitList *list)
{
  set_ref((Watcher *)((char *)list - offsetof(Watcher, readers)));
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Watcher *w = poll->data;
  (void)status, (void)events;
  uv_poll_stop(poll); /* until somebody waits again */
  w->polling = false;
  wait_wake(&w->readers);
}

static void close_watcher(Handle *h)
{
  Watcher *w = (Watcher *)h;
  uv_poll_stop(&w->poll);
  close(w->fd);
  w->fd = -1;
  wait_wake_all(&w->readers);
}

/* How many directories it watches, the kernel says. */
static lua_Integer count_watches(int fd)
{
  char path[40], line[256];
  lua_Integer n = 0;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  FILE *f = fopen(path, "re");
  while (f && fgets(line, sizeof line, f)) n += strncmp(line, "inotify ", 8) == 0;
  if (f) fclose(f);
  return n;
}

static void look_at(Handle *h, lua_State *L)
{
  Watcher *w = (Watcher *)h;
  look_integer(L, "fd", w->fd);
  look_integer(L, "directories", count_watches(w->fd));
  look_flag(L, "listening", w->held);
  look_waiters(L, "readers", &w->readers);
}

static const HandleType watcher_type = {
    .name = "procrun.watcher", .close = close_watcher, .look = look_at};

static Watcher *check(lua_State *L)
{
  return handle_check(L, 1, &watcher_type);
}

int watch_share(lua_State *L, int arg)
{
  Watcher *w = handle_check(L, arg, &watcher_type);
  int fd = fcntl(w->fd, F_DUPFD_CLOEXEC, 0);
  return fd < 0 ? -errno : fd;
}

/* watcher() -> watcher | nil, message, code */
static int l_watcher(lua_State *L)
{
  Watcher *w = handle_new(L, sizeof *w, &watcher_type);
  w->readers.changed = on_readers_changed;
  w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (w->fd < 0) return err_push(L, -errno, "watch");
  int r = uv_poll_init(&w->base.rt->loop, &w->poll, w->fd);
  if (r < 0) {
    close(w->fd);
    return err_push(L, r, "watch");
  }
  handle_open(&w->base, (uv_handle_t *)&w->poll);
  set_ref(w);
  return 1;
}

/* Three values for each event: the number of the directory, what has happened, the name or "". */
static void push_events(lua_State *L, const char *data, size_t size)
{
  lua_Integer n = 0;
  struct inotify_event e;
  lua_newtable(L);
  for (size_t at = 0; at + sizeof e <= size; at += sizeof e + e.len) {
    memcpy(&e, data + at, sizeof e);
    lua_pushinteger(L, e.wd);
    lua_rawseti(L, -2, ++n);
    lua_pushinteger(L, e.mask);
    lua_rawseti(L, -2, ++n);
    lua_pushstring(L, e.len ? data + at + sizeof e : "");
    lua_rawseti(L, -2, ++n);
  }
}

static int try_next(lua_State *L, void *object)
{
  Watcher *w = object;
  char data[ROOM];
  if (!w->base.open) return err_push(L, UV_ECANCELED, "watch: the watcher was closed");
  ssize_t n = read(w->fd, data, sizeof data);
  if (n < 0 && errno != EAGAIN && errno != EINTR) return err_push(L, -errno, "watch");
  if (n <= 0) {
    if (!w->polling) uv_poll_start(&w->poll, UV_READABLE, on_poll);
    w->polling = true;
    return WAIT_MORE;
  }
  push_events(L, data, (size_t)n);
  return 1;
}

/* w:next([timeout]) -> {number, what, name, …} | nil, message, code */
static int l_next(lua_State *L)
{
  Watcher *w = handle_any(L, 1, &watcher_type);
  double timeout = opt_timeout(L, 2);
  return task_wait(L, &(Wait){&w->readers, try_next, w, timeout, "changes of files", false});
}

/* w:add(directory) -> number | nil, message, code */
static int l_add(lua_State *L)
{
  const char *path = luaL_checkstring(L, 2);
  int wd = watch_add(check(L)->fd, path);
  if (wd < 0) return err_push(L, wd, "%s", path);
  lua_pushinteger(L, wd);
  return 1;
}

/* w:remove(number) */
static int l_remove(lua_State *L)
{
  Watcher *w = handle_any(L, 1, &watcher_type);
  if (w->base.open) inotify_rm_watch(w->fd, (int)luaL_checkinteger(L, 2));
  return 0;
}

/* w:hold(on): there is a listener */
static int l_hold(lua_State *L)
{
  Watcher *w = handle_any(L, 1, &watcher_type);
  w->held = lua_toboolean(L, 2);
  set_ref(w);
  return 0;
}

/* w:ref(on): may a listener keep the process alive? */
static int l_ref(lua_State *L)
{
  Watcher *w = handle_any(L, 1, &watcher_type);
  w->unref = !lua_toboolean(L, 2);
  set_ref(w);
  return 0;
}

static void set_constants(lua_State *L)
{
  static const struct {
    const char *name;
    lua_Integer value;
  } constants[] = {{"IGNORED", IN_IGNORED},
                   {"OVERFLOW", IN_Q_OVERFLOW},
                   {"SELF", IN_DELETE_SELF | IN_MOVE_SELF},
                   {"WRITTEN", IN_MODIFY | IN_ATTRIB},
                   {"ISDIR", IN_ISDIR}};
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
    lua_pushinteger(L, constants[i].value);
    lua_setfield(L, -2, constants[i].name);
  }
}

/* watch_define() -> what the events' second values are made of */
static int l_watch_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"next", l_next}, {"add", l_add}, {"remove", l_remove},
                                     {"hold", l_hold}, {"ref", l_ref}, {NULL, NULL}};
  handle_type(L, &watcher_type, methods);
  lua_newtable(L);
  set_constants(L);
  return 1;
}

#else

int watch_add(int fd, const char *path)
{
  (void)fd, (void)path;
  return UV_ENOTSUP;
}

int watch_share(lua_State *L, int arg)
{
  (void)L, (void)arg;
  return UV_ENOTSUP;
}

static int l_watcher(lua_State *L)
{
  return err_push(L, UV_ENOTSUP, "watch");
}

static int l_watch_define(lua_State *L)
{
  lua_newtable(L);
  return 1;
}

#endif

const luaL_Reg fs_watch_functions[] = {
    {"watcher", l_watcher}, {"watch_define", l_watch_define}, {NULL, NULL}};
