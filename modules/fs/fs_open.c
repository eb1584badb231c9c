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
  lua_pushboolean(L, S_ISREG(job->mode));
  /* Before a writer has come, read says "end of file" and poll says "nothing yet": ask poll first. */
  if (S_ISFIFO(job->mode) && access == O_RDONLY) s->blocking = true;
  return 2;
}

/* Permission bits that were asked for are those of a file that is made here, whatever the umask says. */
static int open_with_mode(Job *job, struct stat *st)
{
  mode_t bits = (mode_t)job->limit;
  int fd = fs_open(job->path, job->flags | O_EXCL, (int)bits, st);
  if (fd == UV_EEXIST && !(job->flags & O_EXCL)) return fs_open(job->path, job->flags, 0, st);
  if (fd < 0 || fchmod(fd, bits) == 0) return fd;
  int error = -errno;
  close(fd);
  return error;
}

enum { NO_MODE = 010000 };

static int do_open(Job *job)
{
  struct stat st;
  bool plain = job->limit == NO_MODE || !(job->flags & O_CREAT);
  int fd = plain ? fs_open(job->path, job->flags, 0666, &st) : open_with_mode(job, &st);
  if (fd < 0) return fd;
  job->fd = fd;
  job->mode = (int)st.st_mode;
  return 0;
}

/* "r+b", "wx" -> O_RDWR, …; -1 for what is no mode. */
static int open_flags(const char *mode)
{
  int flags;
  switch (*mode++) {
  case 'r': flags = O_RDONLY; break;
  case 'w': flags = O_WRONLY | O_CREAT | O_TRUNC; break;
  case 'a': flags = O_WRONLY | O_CREAT | O_APPEND; break;
  default: return -1;
  }
  for (const char *p = mode; *p; p++) {
    if (strchr(mode, *p) != p) return -1; /* twice */
    if (*p == '+')
      flags = (flags & ~O_ACCMODE) | O_RDWR;
    else if (*p == 'x' && flags & O_CREAT)
      flags |= O_EXCL;
    else if (*p != 'b')
      return -1;
  }
  return flags;
}

/* open(path, ["r"], [permissions]) -> core stream, whether it is a regular file */
static int l_open(lua_State *L)
{
  int flags = open_flags(luaL_optstring(L, 2, "r"));
  luaL_argcheck(L, flags >= 0, 2, "invalid mode");
  int mode = fs_check_mode(L, 3, NO_MODE);
  Job *job = fs_job(L, 1, 0, do_open, fs_push_stream);
  job->flags = flags;
  job->limit = (size_t)mode;
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
