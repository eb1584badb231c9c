/* fs_file.c - what a stream on a regular file can do besides: core.seek(stream, whence, offset),
   core.read_at(name, stream, count, offset); `name` is the method, for the message of a failure. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/fs.h"
#include "runtime/adopt.h"
#include "runtime/err.h"
#include "runtime/stream.h"

typedef struct Seeking {
  Stream *s;
  int64_t offset;
  int whence;
} Seeking;

/* A request under way would move the position behind our back. */
static int try_seek(lua_State *L, void *object)
{
  Seeking *seeking = object;
  Stream *s = seeking->s;
  if (!s->base.open) return err_push(L, UV_ECANCELED, "seek");
  if (s->job || buf_size(&s->out) > 0) return WAIT_MORE;
  int64_t at = stream_seek(s, seeking->offset, seeking->whence);
  if (at < 0) return err_push(L, (int)at, "seek");
  lua_pushinteger(L, at);
  return 1;
}

/* seek(stream, whence, offset) -> position; whence "unread": where reading has got to, and what was
   read ahead is forgotten */
static int l_seek(lua_State *L)
{
  static const char *const names[] = {"set", "cur", "end", "unread", NULL};
  static const int kinds[] = {SEEK_SET, SEEK_CUR, SEEK_END, STREAM_UNREAD};
  Stream *s = handle_check(L, 1, &stream_type);
  int kind = luaL_checkoption(L, 2, "cur", names);
  lua_Integer offset = luaL_optinteger(L, 3, 0);
  Seeking *seeking = lua_newuserdatauv(L, sizeof *seeking, 0);
  *seeking = (Seeking){s, offset, kinds[kind]};
  return task_wait(L, &(Wait){&s->writers, try_seek, seeking, -1, "a file", false});
}

/* The job has a descriptor of its own: the stream may be closed meanwhile. */
static Job *file_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  Stream *s = handle_check(L, 2, &stream_type);
  Job *job = fs_job(L, 1, 0, work, push);
  job->fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 3);
  if (job->fd < 0) job->error = -errno;
  return job;
}

static int run(lua_State *L, Job *job)
{
  return job->error ? err_push(L, job->error, "%s", job->path) : fs_run(L, job);
}

static int do_read_at(Job *job)
{
  struct stat st;
  enum { CHUNK = 1024 * 1024 };
  if (fstat(job->fd, &st) == 0 && st.st_size > job->offset) {
    uint64_t there = (uint64_t)(st.st_size - job->offset);
    size_t hint = there < job->limit ? (size_t)there : job->limit;
    if (buf_reserve(&job->bytes, hint + 1) == NULL) return UV_ENOMEM;
  }
  while (buf_size(&job->bytes) < job->limit) {
    size_t done = buf_size(&job->bytes), left = job->limit - done;
    char *room = buf_reserve(&job->bytes, left < CHUNK ? left : CHUNK);
    if (room == NULL) return UV_ENOMEM;
    ssize_t n = pread(job->fd, room, left < CHUNK ? left : CHUNK, job->offset + (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? -errno : 0;
    buf_commit(&job->bytes, (size_t)n);
    if (req_is_dropped(&job->req)) return UV_ECANCELED;
  }
  return 0;
}

static int push_read(lua_State *L, Job *job)
{
  if (buf_size(&job->bytes) == 0 && job->limit > 0)
    lua_pushnil(L); /* the end, as of a read */
  else
    adopt_push(L, &job->bytes);
  return 1;
}

/* read_at(name, stream, count, offset) -> bytes | nil at the end */
static int l_read_at(lua_State *L)
{
  lua_Integer count = luaL_checkinteger(L, 3), offset = luaL_checkinteger(L, 4);
  Job *job = file_job(L, do_read_at, push_read);
  job->limit = (size_t)count;
  job->offset = offset;
  return run(L, job);
}

static int do_write_at(Job *job)
{
  enum { CHUNK = 8 * 1024 * 1024 };
  if (fcntl(job->fd, F_GETFL) & O_APPEND) { /* the kernel would append it */
    job->note = strdup("the file is open for appending");
    return UV_EINVAL;
  }
  while (buf_size(&job->bytes) > 0) {
    size_t size = buf_size(&job->bytes);
    ssize_t n = pwrite(job->fd, buf_head(&job->bytes), size < CHUNK ? size : CHUNK, job->offset);
    if (n < 0 && errno != EINTR) return -errno;
    if (n > 0) {
      job->bytes.head += (size_t)n;
      job->offset += n;
    }
    if (req_is_dropped(&job->req)) return UV_ECANCELED;
  }
  return 0;
}

/* write_at(name, stream, bytes, offset) -> true */
static int l_write_at(lua_State *L)
{
  size_t n;
  const char *bytes = luaL_checklstring(L, 3, &n);
  lua_Integer offset = luaL_checkinteger(L, 4);
  Job *job = file_job(L, do_write_at, NULL);
  job->offset = offset;
  if (n > 0 && !buf_append(&job->bytes, bytes, n)) return luaL_error(L, "not enough memory");
  return run(L, job);
}

static int do_truncate_file(Job *job)
{
  return ftruncate(job->fd, job->offset) < 0 ? -errno : 0;
}

/* truncate_file(name, stream, size) -> true */
static int l_truncate_file(lua_State *L)
{
  lua_Integer size = luaL_checkinteger(L, 3);
  Job *job = file_job(L, do_truncate_file, NULL);
  job->offset = size;
  return run(L, job);
}

static int do_sync_file(Job *job)
{
  return (job->flags ? fdatasync(job->fd) : fsync(job->fd)) < 0 ? -errno : 0;
}

/* sync_file(name, stream, data) -> true */
static int l_sync_file(lua_State *L)
{
  bool data = lua_toboolean(L, 3);
  Job *job = file_job(L, do_sync_file, NULL);
  job->flags = data;
  return run(L, job);
}

static int do_stat_file(Job *job)
{
  return uv_fs_fstat(NULL, &job->fs, job->fd, NULL);
}

/* stat_file(name, stream) -> table */
static int l_stat_file(lua_State *L)
{
  return run(L, file_job(L, do_stat_file, fs_push_stat));
}

const luaL_Reg fs_file_functions[] = {{"seek", l_seek},
                                      {"read_at", l_read_at},
                                      {"write_at", l_write_at},
                                      {"truncate_file", l_truncate_file},
                                      {"sync_file", l_sync_file},
                                      {"stat_file", l_stat_file},
                                      {NULL, NULL}};
