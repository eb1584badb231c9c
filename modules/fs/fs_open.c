/* fs_open.c - files as streams, temporary files and directories.
   Everything is opened with O_NONBLOCK: a FIFO without a writer must not hold a thread of the pool. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* Six letters that nobody can guess, between the two parts of the name. */
static char *random_name(const char *front, const char *back)
{
  unsigned char bytes[6];
  char letters[sizeof bytes + 1] = "";
  char *name;
  if (uv_random(NULL, NULL, bytes, sizeof bytes, 0, NULL) < 0) return NULL;
  for (size_t i = 0; i < sizeof bytes; i++) letters[i] = LETTERS[bytes[i] % (sizeof LETTERS - 1)];
  return asprintf(&name, "%s%s%s", front, letters, back) < 0 ? NULL : name;
}

static int make_dir(const char *path)
{
  return mkdir(path, 0700);
}

static int make_file(const char *path)
{
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return fd < 0 ? -1 : close(fd);
}

/* job->bytes: what stands behind the letters. */
static int make_temp(Job *job, int (*make)(const char *))
{
  const char *back = buf_head(&job->bytes);
  for (int i = 0; i < 100; i++) {
    char *name = random_name(job->path, back);
    if (name == NULL) return UV_ENOMEM;
    int r = make(name) < 0 ? -errno : 0;
    if (r == 0) {
      free(job->path);
      job->path = name;
      return 0;
    }
    free(name);
    if (r != UV_EEXIST) return r;
  }
  return UV_EEXIST;
}

static int do_mkdtemp(Job *job)
{
  return make_temp(job, make_dir);
}

static int do_mkstemp(Job *job)
{
  return make_temp(job, make_file);
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

static int temp_job(lua_State *L, int (*call)(Job *), void (*undo)(Job *))
{
  size_t n;
  const char *back = luaL_checklstring(L, 2, &n);
  Job *job = fs_job(L, 1, 0, call, push_path);
  if (!buf_append(&job->bytes, back, n + 1)) return luaL_error(L, "not enough memory");
  job->undo = undo;
  return fs_run(L, job);
}

/* mkdtemp(front, back) -> path of a directory with letters between the two */
static int l_mkdtemp(lua_State *L)
{
  return temp_job(L, do_mkdtemp, undo_mkdtemp);
}

/* mkstemp(front, back) -> path of an empty file, likewise */
static int l_mkstemp(lua_State *L)
{
  return temp_job(L, do_mkstemp, undo_mkstemp);
}

const luaL_Reg fs_open_functions[] = {
    {"open", l_open}, {"mkdtemp", l_mkdtemp}, {"mkstemp", l_mkstemp}, {NULL, NULL}};
