/* fs_open.c - files as streams, temporary files and directories, copies.
   Everything is opened with O_NONBLOCK: a FIFO without a writer must not hold a thread of the pool. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/fs/fs.h"
#include "runtime/stream.h"

int fs_open(const char *path, int flags, int mode, struct stat *st)
{
  int fd;
  do fd = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, (mode_t)mode);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return -errno;
  int error = fstat(fd, st) < 0 ? -errno : S_ISDIR(st->st_mode) ? UV_EISDIR : 0;
  if (error == 0) return fd;
  close(fd);
  return error;
}

/* Regular files are read and written by the thread pool, all else by the loop. */
int fs_push_stream(lua_State *L, Job *job)
{
  int access = job->flags & O_ACCMODE;
  int flags = (access != O_WRONLY ? STREAM_READ : 0) | (access != O_RDONLY ? STREAM_WRITE : 0);
  if (S_ISREG(job->mode)) flags |= STREAM_POOL;
  Stream *s = stream_new(L, job->fd, flags);
  job->fd = -1;
  /* Before a writer has come, read says "end of file" and poll says "nothing yet": ask poll first. */
  if (S_ISFIFO(job->mode) && access == O_RDONLY) s->blocking = true;
  return 1;
}

static int do_open(Job *job)
{
  struct stat st;
  job->fd = fs_open(job->path, job->flags, job->mode, &st);
  job->mode = (int)st.st_mode;
  if (job->fd >= 0) return 0;
  int error = job->fd;
  job->fd = -1;
  return error;
}

/* "r+b" -> O_RDWR; -1 for what is no mode of fopen's. */
static int open_flags(const char *mode)
{
  int flags;
  switch (*mode++) {
  case 'r': flags = O_RDONLY; break;
  case 'w': flags = O_WRONLY | O_CREAT | O_TRUNC; break;
  case 'a': flags = O_WRONLY | O_CREAT | O_APPEND; break;
  default: return -1;
  }
  if (*mode == 'b') mode++;
  if (*mode == '+') {
    mode++;
    flags = (flags & ~O_ACCMODE) | O_RDWR;
    if (*mode == 'b' && mode[-2] != 'b') mode++;
  }
  return *mode ? -1 : flags;
}

/* open(path, ["r"]) -> core stream */
static int l_open(lua_State *L)
{
  int flags = open_flags(luaL_optstring(L, 2, "r"));
  luaL_argcheck(L, flags >= 0, 2, "invalid mode");
  Job *job = fs_job(L, 1, 0, do_open, fs_push_stream);
  job->flags = flags;
  job->mode = 0666;
  return fs_run(L, job);
}

static int do_mkdtemp(Job *job)
{
  return mkdtemp(job->path) ? 0 : -errno;
}

static int do_mkstemp(Job *job)
{
  int fd = mkostemp(job->path, O_CLOEXEC);
  return fd < 0 || close(fd) < 0 ? -errno : 0;
}

static void undo_mkdtemp(Job *job)
{
  rmdir(job->path);
}

static void undo_mkstemp(Job *job)
{
  unlink(job->path);
}

static int push_path(lua_State *L, Job *job)
{
  lua_pushstring(L, job->path);
  return 1;
}

/* mkdtemp(template ending in XXXXXX) -> path */
static int l_mkdtemp(lua_State *L)
{
  Job *job = fs_job(L, 1, 0, do_mkdtemp, push_path);
  job->undo = undo_mkdtemp;
  return fs_run(L, job);
}

/* mkstemp(template ending in XXXXXX) -> path of an empty file */
static int l_mkstemp(lua_State *L)
{
  Job *job = fs_job(L, 1, 0, do_mkstemp, push_path);
  job->undo = undo_mkstemp;
  return fs_run(L, job);
}

/* libuv opens both without O_NONBLOCK: only regular files get there. */
static int do_copyfile(Job *job)
{
  struct stat st;
  if (stat(job->path, &st) < 0) return -errno;
  if (!S_ISREG(st.st_mode)) return S_ISDIR(st.st_mode) ? UV_EISDIR : UV_EINVAL;
  if (stat(job->other, &st) == 0 && !S_ISREG(st.st_mode))
    return S_ISDIR(st.st_mode) ? UV_EISDIR : UV_EINVAL;
  return uv_fs_copyfile(NULL, &job->fs, job->path, job->other, 0, NULL);
}

/* copyfile(from, to) -> true */
static int l_copyfile(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 2, do_copyfile, NULL));
}

const luaL_Reg fs_open_functions[] = {{"open", l_open},
                                      {"mkdtemp", l_mkdtemp},
                                      {"mkstemp", l_mkstemp},
                                      {"copyfile", l_copyfile},
                                      {NULL, NULL}};
