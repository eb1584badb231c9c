/* fs_change.c - what a file has beside its contents: chmod, utime, touch; truncate and sync. */
#include "modules/fs/fs_change.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
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

const luaL_Reg fs_change_functions[] = {{"chmod", l_chmod}, {"is_mode", l_is_mode},

                                        {"utime", l_utime}, {"lutime", l_lutime},
                                        {"touch", l_touch}, {"truncate", l_truncate},
                                        {"sync", l_sync},   {NULL, NULL}};
