/* sync_place.c - the directory in which the processes of one user meet; see sync_place.h.
   It is the same for a login and a cron job: /tmp/procrun-UID, whatever the environment says
   about directories, unless PROCRUN_SYNC_DIR names another one. */
#include "modules/sync/sync_place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/sync/sync_sweep.h"
#include "runtime/err.h"
#include "runtime/handle.h"
#include "runtime/nofile.h"

enum { NAME_SIZE = 24, PATH_SIZE = 4096, POKES_KEPT = 4, AT_ONCE = 65536 };

typedef struct Poke {
  uint64_t peer; /* 0: none */
  int fd;
} Poke;

/* One a process, from the first use to the end of the run. */
typedef struct Place {
  Handle base;
  uv_poll_t poll;
  SyncPlace public;
  int life, wake,
      wake_end; /* ours: the end that dies with us; where tokens come; its writing end */
  unsigned needed;
  Poke pokes[POKES_KEPT]; /* FIFOs of others, open for the next token */
  unsigned next_poke;
  char path[PATH_SIZE];
} Place;

static Place *place;
static bool forked;

static const char *name_of(char kind, uint64_t id)
{
  static char name[2][NAME_SIZE]; /* two at a time */
  static int turn;
  turn = !turn;
  snprintf(name[turn], NAME_SIZE, "%c.%016llx", kind, (unsigned long long)id);
  return name[turn];
}

static int open_fifo(int dir, const char *name, int mode)
{
  int flags = mode | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW;
  int fd = openat(dir, name, flags);
  if (fd < 0 && errno == EMFILE && nofile_raise()) fd = openat(dir, name, flags);
  if (fd < 0) return -errno;
  nofile_note(fd);
  return fd;
}

int sync_place_find(uint64_t peer)
{
  int fd = open_fifo(place->public.dir, name_of('p', peer), O_RDONLY);
  if (fd < 0) return fd == UV_ENOENT ? UV_ESRCH : fd;
  char byte;
  if (read(fd, &byte, 1) != 0) return fd;
  close(fd);
  return UV_ESRCH;
}

void sync_place_bury(uint64_t peer)
{
  unlinkat(place->public.dir, name_of('w', peer), 0);
  unlinkat(place->public.dir, name_of('p', peer), 0);
}

/* The writing end of that process's FIFO, or a libuv code. */
static int poke_end(uint64_t peer)
{
  for (int i = 0; i < POKES_KEPT; i++)
    if (place->pokes[i].peer == peer) return place->pokes[i].fd;
  int fd = open_fifo(place->public.dir, name_of('w', peer), O_WRONLY);
  if (fd < 0) return fd == UV_ENOENT || fd == UV_ENXIO ? UV_ESRCH : fd;
  Poke *poke = &place->pokes[place->next_poke++ % POKES_KEPT];
  if (poke->peer) close(poke->fd);
  *poke = (Poke){peer, fd};
  return fd;
}

static void forget_poke(uint64_t peer)
{
  for (int i = 0; i < POKES_KEPT; i++) {
    Poke *poke = &place->pokes[i];
    if (poke->peer != peer) continue;
    close(poke->fd);
    *poke = (Poke){0};
  }
}

/* A FIFO that is full says as much as one more token: its reader looks at everything. */
int sync_place_poke(uint64_t peer, uint64_t token)
{
  int fd = poke_end(peer);
  if (fd < 0) return fd;
  ssize_t n = write(fd, &token, sizeof token);
  if (n == (ssize_t)sizeof token || errno == EAGAIN) return 0;
  int r = errno == EPIPE ? UV_ESRCH : -errno;
  forget_poke(peer);
  return r;
}

void sync_place_need(int change)
{
  place->needed += (unsigned)change;
  if (place->needed > 0)
    uv_ref((uv_handle_t *)&place->poll);
  else
    uv_unref((uv_handle_t *)&place->poll);
}

static void on_poked(uv_poll_t *poll, int status, int events)
{
  (void)poll, (void)status, (void)events;
  uint64_t tokens[512];
  size_t total = 0;
  bool torn = false; /* somebody wrote what is no token */
  ssize_t n;
  while (total < AT_ONCE && (n = read(place->wake, tokens, sizeof tokens)) > 0) {
    total += (size_t)n;
    torn = torn || (size_t)n % sizeof *tokens != 0;
    sync_poked(tokens, (size_t)n / sizeof *tokens);
  }
  if (torn || total > PIPE_BUF - sizeof *tokens) sync_poked(NULL, 0); /* it may have been full */
}

/* A copy of this process that a C module made, and that runs on without an exec, is not us: it lets go
   of what shows that we live, and has no part in what we hold. */
static void after_fork(void)
{
  if (place == NULL) return;
  close(place->life);
  place->life = -1;
  forked = true;
  sync_let_go();
}

bool sync_place_forked(void)
{
  return forked;
}

static void close_place(Handle *h)
{
  Place *p = (Place *)h;
  for (int i = 0; i < POKES_KEPT; i++)
    if (p->pokes[i].peer) close(p->pokes[i].fd);
  if (!forked) sync_place_bury(p->public.id);
  uv_poll_stop(&p->poll);
  close(p->wake);
  close(p->wake_end);
  if (!forked) close(p->life);
  close(p->public.dir);
  place = NULL;
}

/* It lives as long as the run: objects that are still held at its end need it. */
static bool lingers(Handle *h)
{
  (void)h;
  return true;
}

static const HandleType place_type = {
    .name = "procrun.sync.place", .close = close_place, .linger = lingers};

static int fail(lua_State *L, int r, const char *path, const char *what)
{
  lua_pushnil(L);
  lua_pushfstring(L, "sync: %s %s", path, what);
  lua_pushstring(L, err_code(r));
  return UV_EACCES;
}

/* 0, or a code and what is to be returned was pushed. */
static int check_directory(lua_State *L, int fd, const char *path, bool made)
{
  struct stat st;
  if (fstat(fd, &st) != 0) return err_push(L, -errno, "sync: %s", path), UV_EACCES;
  if (st.st_uid != geteuid()) {
    const char *what = lua_pushfstring(
        L, "belongs to user %d, and this is user %d; PROCRUN_SYNC_DIR can name another directory",
        (int)st.st_uid, (int)geteuid());
    return fail(L, UV_EACCES, path, what);
  }
  if (made && fchmod(fd, 0700) == 0) return 0; /* whatever the umask is */
  if ((st.st_mode & 0777) == 0700) return 0;
  return fail(L, UV_EACCES, path, "is open to others, or closed to you; chmod 700 it");
}

static int open_directory(lua_State *L, Place *p)
{
  const char *path = p->path;
  bool made = mkdir(path, 0700) == 0;
  if (!made && errno != EEXIST)
    return err_push(L, -errno, "sync: %s (PROCRUN_SYNC_DIR can name another directory)", path),
           UV_EACCES;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && (errno == ENOTDIR || errno == ELOOP)) {
    struct stat st;
    bool link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
    return fail(L, link ? UV_ELOOP : UV_ENOTDIR, path,
                link ? "is a symbolic link, not followed; remove it"
                     : "is no directory; remove it");
  }
  if (fd < 0) return err_push(L, -errno, "sync: %s", path), UV_EACCES;
  int r = check_directory(L, fd, path, made);
  if (r < 0) {
    close(fd);
    return r;
  }
  flock(fd, LOCK_SH | LOCK_NB); /* asks cleaners of temporary files to leave it alone */
  p->public.dir = fd;
  return 0;
}

static int make_fifo(int dir, const char *name)
{
  if (mkfifoat(dir, name, 0600) != 0) return -errno;
  return fchmodat(dir, name, 0600, 0) == 0 ? 0 : -errno;
}

/* Both ends of a new FIFO. */
static int open_ends(int dir, const char *name, int *reader, int *writer)
{
  int r = make_fifo(dir, name);
  if (r == 0) r = *reader = open_fifo(dir, name, O_RDONLY);
  if (r >= 0) r = *writer = open_fifo(dir, name, O_WRONLY);
  return r < 0 ? r : 0;
}

/* What shows that we live gets its name when it does: until then nobody takes us for dead. */
static int open_fifos(Place *p)
{
  int dir = p->public.dir, reader = -1;
  int r = uv_random(NULL, NULL, &p->public.id, sizeof p->public.id, 0, NULL);
  p->public.id |= 1; /* 0 is nobody */
  uint64_t id = p->public.id;
  if (r == 0) r = open_ends(dir, name_of('w', id), &p->wake, &p->wake_end);
  if (r == 0) r = open_ends(dir, name_of('t', id), &reader, &p->life);
  if (reader >= 0) close(reader);
  if (r == 0 && renameat(dir, name_of('t', id), dir, name_of('p', id)) != 0) r = -errno;
  if (r == 0) return 0;
  unlinkat(dir, name_of('t', id), 0);
  unlinkat(dir, name_of('w', id), 0);
  return r;
}

static void close_ends(const Place *p)
{
  const int fds[] = {p->public.dir, p->life, p->wake, p->wake_end};
  for (int i = 0; i < 4; i++)
    if (fds[i] >= 0) close(fds[i]);
}

static int start(lua_State *L, Place *p)
{
  int r = open_fifos(p);
  if (r == 0) r = uv_poll_init(&p->base.rt->loop, &p->poll, p->wake);
  if (r < 0) {
    err_push(L, r, "sync: %s", p->path);
    return r;
  }
  handle_open(&p->base, (uv_handle_t *)&p->poll);
  uv_poll_start(&p->poll, UV_READABLE, on_poked);
  uv_unref((uv_handle_t *)&p->poll);
  place = p;
  pthread_atfork(NULL, NULL, after_fork);
  sync_sweep(p->public.dir);
  return 0;
}

static void name_directory(lua_State *L, Place *p)
{
  const char *given = getenv("PROCRUN_SYNC_DIR");
  int n = given && given[0] ? snprintf(p->path, PATH_SIZE, "%s", given)
                            : snprintf(p->path, PATH_SIZE, "/tmp/procrun-%d", (int)geteuid());
  if (n >= PATH_SIZE) luaL_error(L, "PROCRUN_SYNC_DIR is too long (%d bytes)", n);
}

/* Is what shows that we live still in its place? Without it the others would take what we hold. */
static bool stands(void)
{
  struct stat st;
  return fstatat(place->public.dir, name_of('p', place->public.id), &st, AT_SYMLINK_NOFOLLOW) == 0;
}

const SyncPlace *sync_place_open(lua_State *L)
{
  if (forked) {
    fail(L, SYNC_FORKED, place->path, "is in use by the process that this one was forked from");
    return NULL;
  }
  if (place && stands()) return &place->public;
  if (place) {
    fail(L, -ESTALE, place->path, "was emptied or removed while it was in use; start again");
    return NULL;
  }
  Place *p = handle_new(L, sizeof *p, &place_type);
  p->public = (SyncPlace){-1, 0, p->path};
  p->life = p->wake = p->wake_end = -1;
  name_directory(L, p);
  int r = open_directory(L, p);
  if (r == 0) r = start(L, p);
  if (r == 0) {
    lua_pop(L, 1);
    return &place->public;
  }
  close_ends(p);
  return NULL;
}

const SyncPlace *sync_place(void)
{
  return &place->public;
}
