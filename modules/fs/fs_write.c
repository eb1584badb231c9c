/* fs_write.c - a whole file in one request: core.write_file(path, data, how, mode).
   A file is replaced by renaming a complete new one over it, so that nobody ever sees half of it and a
   failure leaves the old one. Where that would change more than the contents - another owner, more
   names, a device - the file is written in place. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/fs/fs_name.h"

enum { APPEND = 1, ATOMIC = 2, SYNC = 4 }; /* job->limit: how */
enum { CHUNK = 8 * 1024 * 1024, NO_MODE = -1 };

static int write_all(Job *job)
{
  while (buf_size(&job->bytes) > 0) {
    size_t size = buf_size(&job->bytes);
    ssize_t n = write(job->fd, buf_head(&job->bytes), size > CHUNK ? CHUNK : size);
    if (n < 0 && errno != EINTR) return -errno;
    if (n > 0) job->bytes.head += (size_t)n;
    if (req_is_dropped(&job->req)) return UV_ECANCELED;
  }
  return job->limit & SYNC && fsync(job->fd) < 0 ? -errno : 0;
}

/* Some file systems tell only here that the disk is full. */
static int close_file(Job *job, int error)
{
  int r = close(job->fd) < 0 && errno != EINTR ? -errno : 0;
  job->fd = -1;
  return error ? error : r;
}

static int write_in_place(Job *job)
{
  struct stat st;
  int flags = O_WRONLY | O_CREAT | (job->limit & APPEND ? O_APPEND : O_TRUNC);
  int fd = fs_open(job->path, flags, job->mode == NO_MODE ? 0666 : job->mode, &st);
  if (fd < 0) return fd;
  job->fd = fd;
  if (!S_ISREG(st.st_mode)) { /* may have to be waited for: left open, as a stream */
    job->flags = O_WRONLY;
    job->mode = (int)st.st_mode;
    return 0;
  }
  int r = job->mode != NO_MODE && fchmod(fd, (mode_t)job->mode) < 0 ? -errno : 0;
  return close_file(job, r ? r : write_all(job));
}

/* A new file beside the target; the kernel applies the umask to its mode. NULL: not possible. */
static char *make_temp(Job *job, const char *dir, int mode)
{
  struct stat st;
  for (int i = 0; i < 100; i++) {
    char *name = fs_temp_name(dir);
    if (name == NULL) return NULL;
    int fd = fs_open(name, O_WRONLY | O_CREAT | O_EXCL, mode, &st);
    if (fd >= 0) {
      job->fd = fd;
      return name;
    }
    free(name);
    if (fd != UV_EEXIST) return NULL;
  }
  return NULL;
}

/* The new file gets the owner and the mode of the old one; false where that is not allowed. */
static bool dress(Job *job, const struct stat *old)
{
  struct stat new;
  if (old == NULL) return job->mode == NO_MODE || fchmod(job->fd, (mode_t)job->mode) == 0;
  if (fstat(job->fd, &new) < 0) return false;
  if ((new.st_uid != old->st_uid || new.st_gid != old->st_gid) &&
      fchown(job->fd, old->st_uid, old->st_gid) < 0)
    return false;
  mode_t mode = job->mode == NO_MODE ? old->st_mode & 07777 : (mode_t)job->mode;
  return fchmod(job->fd, mode) == 0;
}

static int sync_dir(const char *dir)
{
  int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -errno;
  int r = fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
  close(fd);
  return r;
}

/* Puts a new file in the place of target; `old` is what stands there now, or NULL. */
static int replace(Job *job, const char *target, const struct stat *old)
{
  char *dir = fs_dir_of(target);
  int mode = old ? 0600 : job->mode == NO_MODE ? 0666 : job->mode;
  char *temp = dir ? make_temp(job, dir, mode) : NULL;
  int r;
  if (temp == NULL) {
    r = write_in_place(job); /* a directory we may not write to; or it says what is wrong */
  } else if (!dress(job, old)) {
    close_file(job, 0);
    unlink(temp);
    r = write_in_place(job);
  } else {
    r = close_file(job, write_all(job));
    if (r == 0 && rename(temp, target) < 0) r = -errno;
    if (r < 0) unlink(temp);
    if (r == 0 && job->limit & SYNC) r = sync_dir(dir);
  }
  free(temp);
  free(dir);
  return r;
}

/* Through links, to the file itself. A link that leads nowhere is left to open(2). */
static int write_atomic(Job *job)
{
  struct stat st;
  if (lstat(job->path, &st) < 0) {
    return errno == ENOENT ? replace(job, job->path, NULL) : -errno;
  }
  char *real = realpath(job->path, NULL);
  int r;
  if (real == NULL || stat(real, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
    r = write_in_place(job);
  else if (access(real, W_OK) < 0)
    r = -errno;
  else
    r = replace(job, real, &st);
  free(real);
  return r;
}

static int do_write_file(Job *job)
{
  bool atomic = job->limit & ATOMIC && !(job->limit & APPEND);
  return atomic ? write_atomic(job) : write_in_place(job);
}

static int push_written(lua_State *L, Job *job)
{
  if (job->fd >= 0) return fs_push_stream(L, job);
  lua_pushboolean(L, 1);
  return 1;
}

/* write_file(path, data, how, [mode]) -> true, or a core stream to write to, for what is no regular
   file. how: the sum of 1 (append), 2 (atomic), 4 (sync) */
static int l_write_file(lua_State *L)
{
  size_t n;
  const char *data = luaL_checklstring(L, 2, &n);
  lua_Integer how = luaL_checkinteger(L, 3);
  int mode = fs_check_mode(L, 4, NO_MODE);
  Job *job = fs_job(L, 1, 0, do_write_file, push_written);
  job->limit = (size_t)how;
  job->mode = mode;
  if (n > 0 && !buf_append(&job->bytes, data, n)) return luaL_error(L, "not enough memory");
  return fs_run(L, job);
}

const luaL_Reg fs_write_functions[] = {{"write_file", l_write_file}, {NULL, NULL}};
