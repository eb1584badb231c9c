/* fs_change.c - what a file has beside its contents: chmod, chown, utime, touch; truncate and sync. */
#include "modules/fs/fs_change.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <math.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "modules/fs/fs_mode.h"

int fs_chmod_at(int dir, const char *name, const FsMode *mode, int flags)
{
  struct stat st;
  mode_t bits = mode->bits;
  if (mode->text[0]) {
    if (fstatat(dir, name, &st, flags) < 0) return -errno;
    bits = fs_mode_apply(mode->text, st.st_mode);
    if (bits == (st.st_mode & 07777)) return 0;
  }
  return fchmodat(dir, name, bits, flags) < 0 ? -errno : 0;
}

static int do_chmod(Job *job)
{
  return fs_chmod_at(AT_FDCWD, job->path, (const FsMode *)(void *)buf_head(&job->bytes), 0);
}

void fs_check_new_mode(lua_State *L, int arg, FsMode *mode)
{
  const char *text = lua_type(L, arg) == LUA_TSTRING ? lua_tostring(L, arg) : "";
  *mode = (FsMode){0};
  if (fs_mode_is_valid(text)) {
    luaL_argcheck(L, strlen(text) < sizeof mode->text, arg, "mode too long");
    strcpy(mode->text, text);
    return;
  }
  luaL_checkany(L, arg);
  int bits = fs_check_mode(L, arg, -1);
  luaL_argcheck(L, bits >= 0, arg, "permission bits expected, like \"644\" or \"u+x\"");
  mode->bits = (mode_t)bits;
}

void fs_attach(lua_State *L, Job *job, const void *bytes, size_t n)
{
  if (!buf_append(&job->bytes, bytes, n)) luaL_error(L, "not enough memory");
}

/* chmod(path, mode) -> true */
static int l_chmod(lua_State *L)
{
  FsMode mode;
  fs_check_new_mode(L, 2, &mode);
  Job *job = fs_job(L, 1, 0, do_chmod, NULL);
  fs_attach(L, job, &mode, sizeof mode);
  return fs_run(L, job);
}

/* is_mode(value) -> boolean: would chmod take it? */
static int l_is_mode(lua_State *L)
{
  bool fits = false;
  if (lua_type(L, 1) == LUA_TSTRING) {
    const char *text = lua_tostring(L, 1);
    bool octal = *text && !text[strspn(text, "01234567")] && strtoul(text, NULL, 8) <= 07777;
    fits = octal || (fs_mode_is_valid(text) && strlen(text) < sizeof((FsMode *)0)->text);
  } else if (lua_isinteger(L, 1)) {
    fits = lua_tointeger(L, 1) >= 0 && lua_tointeger(L, 1) <= 07777;
  }
  lua_pushboolean(L, fits);
  return 1;
}

/* A number of digits alone is that number, unless somebody has it as a name. */
static bool is_number(const char *text, unsigned *id)
{
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  if (text[strspn(text, "0123456789")] || !*text || *end || value >= UINT32_MAX) return false;
  *id = (unsigned)value;
  return true;
}

enum { ROOM = 64 * 1024 }; /* a group may have many members */

static int find_user(const char *name, char *room, uid_t *id)
{
  struct passwd entry, *found = NULL;
  int r = getpwnam_r(name, &entry, room, ROOM, &found);
  if (found == NULL) return r ? -r : UV_ENOENT;
  *id = found->pw_uid;
  return 0;
}

static int find_group(const char *name, char *room, gid_t *id)
{
  struct group entry, *found = NULL;
  int r = getgrnam_r(name, &entry, room, ROOM, &found);
  if (found == NULL) return r ? -r : UV_ENOENT;
  *id = found->gr_gid;
  return 0;
}

static int unknown(Job *job, const char *what, const char *name)
{
  if (asprintf(&job->note, "no %s is called '%s'", what, name) < 0) job->note = NULL;
  return UV_EINVAL;
}

/* Names become numbers, in the thread: a directory service may have to be asked. */
int fs_find_owner(Job *job, FsOwner *owner)
{
  char *room = malloc(ROOM);
  if (room == NULL) return UV_ENOMEM;
  int r = 0;
  if (owner->user[0] && find_user(owner->user, room, &owner->uid) < 0 &&
      !is_number(owner->user, &owner->uid))
    r = unknown(job, "user", owner->user);
  else if (owner->group[0] && find_group(owner->group, room, &owner->gid) < 0 &&
           !is_number(owner->group, &owner->gid))
    r = unknown(job, "group", owner->group);
  free(room);
  owner->user[0] = owner->group[0] = 0;
  return r;
}

static int do_chown(Job *job)
{
  FsOwner *owner = (FsOwner *)(void *)buf_head(&job->bytes);
  int r = fs_find_owner(job, owner);
  if (r < 0) return r;
  r = fchownat(AT_FDCWD, job->path, owner->uid, owner->gid, job->flags);
  return r < 0 ? -errno : 0;
}

static int do_find_owner(Job *job)
{
  return fs_find_owner(job, (FsOwner *)(void *)buf_head(&job->bytes));
}

static void push_id(lua_State *L, unsigned id)
{
  if (id == UINT32_MAX)
    lua_pushnil(L);
  else
    lua_pushinteger(L, id);
}

static int push_owner(lua_State *L, Job *job)
{
  const FsOwner *owner = (const FsOwner *)(void *)buf_head(&job->bytes);
  push_id(L, owner->uid);
  push_id(L, owner->gid);
  return 2;
}

/* find_owner(path, [user], [group]) -> uid or nil, gid or nil; the path is only for the message */
static int l_find_owner(lua_State *L)
{
  FsOwner owner;
  fs_check_owner(L, 2, &owner);
  Job *job = fs_job(L, 1, 0, do_find_owner, push_owner);
  fs_attach(L, job, &owner, sizeof owner);
  return fs_run(L, job);
}

static unsigned check_id(lua_State *L, int arg, char *name, size_t room)
{
  name[0] = 0;
  if (lua_isnoneornil(L, arg)) return UINT32_MAX; /* as it is */
  if (lua_type(L, arg) == LUA_TSTRING) {
    size_t n;
    const char *text = lua_tolstring(L, arg, &n);
    luaL_argcheck(L, n > 0 && n < room && strlen(text) == n, arg, "not a name");
    strcpy(name, text);
    return UINT32_MAX;
  }
  lua_Integer id = luaL_checkinteger(L, arg);
  luaL_argcheck(L, id >= 0 && id < UINT32_MAX, arg, "a name or an id expected");
  return (unsigned)id;
}

void fs_check_owner(lua_State *L, int arg, FsOwner *owner)
{
  *owner = (FsOwner){0};
  owner->uid = check_id(L, arg, owner->user, sizeof owner->user);
  owner->gid = check_id(L, arg + 1, owner->group, sizeof owner->group);
}

static int change_owner(lua_State *L, int flags)
{
  FsOwner owner;
  fs_check_owner(L, 2, &owner);
  Job *job = fs_job(L, 1, 0, do_chown, NULL);
  job->flags = flags;
  fs_attach(L, job, &owner, sizeof owner);
  return fs_run(L, job);
}

/* chown(path, [user], [group]) -> true */
static int l_chown(lua_State *L)
{
  return change_owner(L, 0);
}

/* lchown(path, [user], [group]) -> true; of a link itself */
static int l_lchown(lua_State *L)
{
  return change_owner(L, AT_SYMLINK_NOFOLLOW);
}

/* nil: now; false: as it is; else seconds since 1970. */
static struct timespec check_time(lua_State *L, int arg)
{
  if (lua_isnoneornil(L, arg)) return (struct timespec){.tv_nsec = UTIME_NOW};
  if (lua_isboolean(L, arg) && !lua_toboolean(L, arg))
    return (struct timespec){.tv_nsec = UTIME_OMIT};
  lua_Number t = luaL_checknumber(L, arg);
  luaL_argcheck(L, fabs(t) <= 1e11, arg, "seconds since 1970 expected");
  lua_Number whole = floor(t);
  long nanoseconds = (long)((t - whole) * 1e9 + 0.5); /* lround would take all of libm */
  if (nanoseconds > 999999999) nanoseconds = 999999999;
  return (struct timespec){(time_t)whole, nanoseconds};
}

static int do_utime(Job *job)
{
  const struct timespec *times = (const struct timespec *)(void *)buf_head(&job->bytes);
  return utimensat(AT_FDCWD, job->path, times, job->flags) < 0 ? -errno : 0;
}

static int set_times(lua_State *L, int flags)
{
  struct timespec times[2] = {check_time(L, 2), check_time(L, 3)};
  Job *job = fs_job(L, 1, 0, do_utime, NULL);
  job->flags = flags;
  fs_attach(L, job, times, sizeof times);
  return fs_run(L, job);
}

/* utime(path, [atime], [mtime]) -> true */
static int l_utime(lua_State *L)
{
  return set_times(L, 0);
}

/* lutime(path, [atime], [mtime]) -> true; of a link itself */
static int l_lutime(lua_State *L)
{
  return set_times(L, AT_SYMLINK_NOFOLLOW);
}

/* Only what is missing is opened: opening a device may do something. */
static int do_touch(Job *job)
{
  int r = do_utime(job);
  if (r != UV_ENOENT) return r;
  job->fd = open(job->path, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0666);
  if (job->fd < 0) return job->fd = -1, -errno;
  const struct timespec *times = (const struct timespec *)(void *)buf_head(&job->bytes);
  return futimens(job->fd, times) < 0 ? -errno : 0;
}

/* touch(path, [time]) -> true */
static int l_touch(lua_State *L)
{
  struct timespec time = check_time(L, 2);
  luaL_argcheck(L, time.tv_nsec != UTIME_OMIT, 2, "seconds since 1970 expected");
  struct timespec times[2] = {time, time};
  Job *job = fs_job(L, 1, 0, do_touch, NULL);
  fs_attach(L, job, times, sizeof times);
  return fs_run(L, job);
}

static int do_truncate(Job *job)
{
  return truncate(job->path, (off_t)job->limit) < 0 ? -errno : 0;
}

/* truncate(path, [size]) -> true */
static int l_truncate(lua_State *L)
{
  lua_Integer size = luaL_optinteger(L, 2, 0);
  luaL_argcheck(L, size >= 0, 2, "a size cannot be negative");
  Job *job = fs_job(L, 1, 0, do_truncate, NULL);
  job->limit = (size_t)size;
  return fs_run(L, job);
}

static int do_sync(Job *job)
{
  int flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  job->fd = open(job->path, O_RDONLY | flags);
  if (job->fd < 0 && errno == EACCES) job->fd = open(job->path, O_WRONLY | flags);
  if (job->fd < 0) return job->fd = -1, -errno;
  return (job->flags ? fdatasync(job->fd) : fsync(job->fd)) < 0 ? -errno : 0;
}

/* sync(path, ["data"]) -> true */
static int l_sync(lua_State *L)
{
  bool data = !lua_isnoneornil(L, 2);
  luaL_argcheck(L, !data || strcmp(luaL_checkstring(L, 2), "data") == 0, 2, "\"data\" expected");
  Job *job = fs_job(L, 1, 0, do_sync, NULL);
  job->flags = data;
  return fs_run(L, job);
}

const luaL_Reg fs_change_functions[] = {{"chmod", l_chmod},
                                        {"is_mode", l_is_mode},
                                        {"find_owner", l_find_owner},
                                        {"chown", l_chown},
                                        {"lchown", l_lchown},
                                        {"utime", l_utime},
                                        {"lutime", l_lutime},
                                        {"touch", l_touch},
                                        {"truncate", l_truncate},
                                        {"sync", l_sync},
                                        {NULL, NULL}};
