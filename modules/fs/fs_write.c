/* fs_write.c - a whole file in one request: core.write_file(path, data, how, mode); or in pieces.
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

#include "modules/fs/fs_data.h"
#include "modules/fs/fs_name.h"

enum { APPEND = 1, ATOMIC = 2, SYNC = 4, NEW = 8 }; /* how */
enum { CHUNK = 8 * 1024 * 1024, NO_MODE = -1 };

typedef struct WriteJob {
  Job job;
  int how;
  char *temp;   /* the new file beside the target; NULL: the file itself is open */
  char *target; /* whose place it is to take */
} WriteJob;

static int write_all(WriteJob *w)
{
  Job *job = &w->job;
  while (buf_size(&job->bytes) > 0) {
    size_t size = buf_size(&job->bytes);
    ssize_t n = write(job->fd, buf_head(&job->bytes), size > CHUNK ? CHUNK : size);
    if (n < 0 && errno != EINTR) return -errno;
    if (n > 0) job->bytes.head += (size_t)n;
    if (req_is_dropped(&job->req)) return UV_ECANCELED;
  }
  return w->how & SYNC && fsync(job->fd) < 0 ? -errno : 0;
}

/* Some file systems tell only here that the disk is full. */
static int close_file(Job *job, int error)
{
  int r = close(job->fd) < 0 && errno != EINTR ? -errno : 0;
  job->fd = -1;
  return error ? error : r;
}

/* Opens the file itself; what is no regular one may have to be waited for, and is left to a stream. */
static int open_in_place(WriteJob *w)
{
  struct stat st;
  Job *job = &w->job;
  int flags = O_WRONLY | O_CREAT | (w->how & APPEND ? O_APPEND : O_TRUNC);
  if (w->how & NEW) flags |= O_EXCL;
  int fd = fs_open(job->path, flags, job->mode == NO_MODE ? 0666 : job->mode, &st);
  if (fd < 0) return fd;
  bool regular = S_ISREG(st.st_mode);
  int r = regular && job->mode != NO_MODE && fchmod(fd, (mode_t)job->mode) < 0 ? -errno : 0;
  job->fd = fd;
  job->flags = O_WRONLY;
  job->mode = (int)st.st_mode;
  return r;
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

static int sync_dir_of(const char *path)
{
  char *dir = fs_dir_of(path);
  int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  int r = fd < 0 || (fsync(fd) < 0 && errno != EINVAL) ? -errno : 0;
  if (fd >= 0) close(fd);
  free(dir);
  return r;
}

/* Opens a new file that is to take the place of w->target; `old` is what stands there now, or NULL.
   In a directory we may not write to, or where the owner would change, the file itself. */
static int open_beside(WriteJob *w, const struct stat *old)
{
  Job *job = &w->job;
  char *dir = w->target ? fs_dir_of(w->target) : NULL;
  int mode = old ? 0600 : job->mode == NO_MODE ? 0666 : job->mode;
  w->temp = dir ? make_temp(job, dir, mode) : NULL;
  free(dir);
  if (w->temp && dress(job, old)) {
    job->flags = O_WRONLY;
    job->mode = S_IFREG;
    return 0;
  }
  if (w->temp) {
    unlink(w->temp);
    close_file(job, 0);
    free(w->temp);
    w->temp = NULL;
  }
  return open_in_place(w);
}

/* Through links, to the file itself. A link that leads nowhere is left to open(2). */
static int open_target(WriteJob *w)
{
  struct stat st;
  Job *job = &w->job;
  if (w->how & APPEND || !(w->how & ATOMIC)) return open_in_place(w);
  if (lstat(job->path, &st) < 0) {
    if (errno != ENOENT) return -errno;
    w->target = strdup(job->path);
    return open_beside(w, NULL);
  }
  if (w->how & NEW) return UV_EEXIST;
  w->target = realpath(job->path, NULL);
  if (!w->target || stat(w->target, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
    return open_in_place(w);
  if (access(w->target, W_OK) < 0) return -errno;
  return open_beside(w, &st);
}

/* A file on which another one is mounted, as containers have it, cannot be replaced: what is in the
   new one goes into it. */
static int pour(WriteJob *w)
{
  struct stat st;
  FsData data = {.req = &w->job.req};
  int in = open(w->temp, O_RDONLY | O_CLOEXEC);
  int out = in < 0 ? -1 : open(w->target, O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  int r = out < 0 || fstat(in, &st) < 0 ? -errno : fs_data_copy(&data, in, &st, out);
  if (r == 0 && fchmod(out, st.st_mode & 07777) < 0) r = -errno;
  if (r == 0 && w->how & SYNC && fsync(out) < 0) r = -errno;
  if (out >= 0 && close(out) < 0 && errno != EINTR && r == 0) r = -errno;
  if (in >= 0) close(in);
  fs_data_free(&data);
  if (r == 0) unlink(w->temp);
  return r;
}

/* The complete file gets its name. */
static int commit(WriteJob *w)
{
  int r;
  if (w->how & NEW)
    r = fs_rename_new(AT_FDCWD, w->temp, AT_FDCWD, w->target);
  else
    r = rename(w->temp, w->target) < 0 ? -errno : 0;
  if (r == UV_EBUSY) return pour(w);
  return r == 0 && w->how & SYNC ? sync_dir_of(w->target) : r;
}

static int do_write_file(Job *job)
{
  WriteJob *w = (WriteJob *)job;
  int r = open_target(w);
  if (r < 0 || !S_ISREG(job->mode)) return r;
  r = close_file(job, write_all(w));
  if (w->temp == NULL) return r;
  if (r == 0) r = commit(w);
  if (r < 0) unlink(w->temp);
  return r;
}

static int push_written(lua_State *L, Job *job)
{
  if (job->fd >= 0) return fs_push_stream(L, job);
  lua_pushboolean(L, 1);
  return 1;
}

static void forget(Job *job)
{
  WriteJob *w = (WriteJob *)job;
  free(w->temp);
  free(w->target);
}

static WriteJob *write_job(lua_State *L, int arg, int (*work)(Job *),
                           int (*push)(lua_State *, Job *))
{
  lua_Integer how = luaL_checkinteger(L, arg);
  int mode = fs_check_mode(L, arg + 1, NO_MODE);
  WriteJob *w = fs_job_of(L, sizeof *w, 1, 0, work, push);
  w->job.forget = forget;
  w->how = (int)how;
  w->job.mode = mode;
  return w;
}

/* write_file(path, data, how, [mode]) -> true, or a core stream to write to, for what is no regular
   file. how: the sum of 1 (append), 2 (atomic), 4 (sync), 8 (new) */
static int l_write_file(lua_State *L)
{
  size_t n;
  const char *data = luaL_checklstring(L, 2, &n);
  WriteJob *w = write_job(L, 3, do_write_file, push_written);
  if (n > 0 && !buf_append(&w->job.bytes, data, n)) return luaL_error(L, "not enough memory");
  w->job.req.slow = n > CHUNK / 8 || w->how & SYNC;
  return fs_run(L, &w->job);
}

static int do_write_begin(Job *job)
{
  return open_target((WriteJob *)job);
}

/* Nobody has taken the stream. */
static void undo_write_begin(Job *job)
{
  if (((WriteJob *)job)->temp) unlink(((WriteJob *)job)->temp);
}

static int push_begun(lua_State *L, Job *job)
{
  WriteJob *w = (WriteJob *)job;
  fs_push_stream(L, job);
  lua_pop(L, 1);
  lua_pushstring(L, w->temp); /* nil: it is the file itself */
  lua_pushstring(L, w->temp ? w->target : NULL);
  return 3;
}

/* write_begin(path, how, [mode]) -> core stream, the file it goes to and the one whose place that is
   to take: nil and nil when it is the file itself */
static int l_write_begin(lua_State *L)
{
  WriteJob *w = write_job(L, 2, do_write_begin, push_begun);
  w->job.undo = undo_write_begin;
  return fs_run(L, &w->job);
}

static int do_write_commit(Job *job)
{
  return commit((WriteJob *)job);
}

/* write_commit(path, how, nil, temp, target) -> true */
static int l_write_commit(lua_State *L)
{
  const char *temp = luaL_checkstring(L, 4), *target = luaL_checkstring(L, 5);
  WriteJob *w = write_job(L, 2, do_write_commit, NULL);
  w->temp = strdup(temp);
  w->target = strdup(target);
  if (!w->temp || !w->target) return luaL_error(L, "not enough memory");
  return fs_run(L, &w->job);
}

const luaL_Reg fs_write_functions[] = {{"write_file", l_write_file},
                                       {"write_begin", l_write_begin},
                                       {"write_commit", l_write_commit},
                                       {NULL, NULL}};
