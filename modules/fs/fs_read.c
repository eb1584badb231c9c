/* fs_read.c - a whole file in one request: core.read_file(path, limit). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/fs/fs.h"
#include "runtime/adopt.h"

enum { CHUNK = 1024 * 1024, FIRST = 16 * 1024 };

/* Up to `most` bytes to the end of the buffer: their number, or a libuv code. */
static ssize_t read_some(Job *job, size_t most)
{
  char *room = buf_reserve(&job->bytes, most);
  if (room == NULL) return UV_ENOMEM;
  ssize_t n;
  do n = read(job->fd, room, most);
  while (n < 0 && errno == EINTR);
  if (n < 0) return -errno;
  buf_commit(&job->bytes, (size_t)n);
  return n;
}

/* The size is only a hint: files of /proc say 0, and a file may grow. One byte more than the limit
   is asked for, to see whether there is more. */
static int read_all(Job *job, size_t hint)
{
  size_t next = hint > 0 ? hint + 1 : FIRST;
  if (hint > job->limit) return UV_EFBIG;
  for (;;) {
    size_t left = job->limit - buf_size(&job->bytes);
    if (next > CHUNK) next = CHUNK;
    ssize_t n = read_some(job, next > left ? left + 1 : next);
    if (n < 0) return (int)n;
    if (n == 0) return 0;
    if (buf_size(&job->bytes) > job->limit) return UV_EFBIG;
    if (req_is_dropped(&job->req)) return UV_ECANCELED;
    next = CHUNK;
  }
}

/* What is no regular file may have to be waited for: it is left open, as a stream. */
static int do_read_file(Job *job)
{
  struct stat st;
  int fd = fs_open(job->path, O_RDONLY, 0, &st);
  if (fd < 0) return fd;
  job->fd = fd;
  job->mode = (int)st.st_mode;
  if (!S_ISREG(st.st_mode)) return 0;
  if (st.st_size > 0 && (size_t)st.st_size < job->limit &&
      buf_reserve(&job->bytes, (size_t)st.st_size + 1) == NULL)
    return UV_ENOMEM;
  int r = read_all(job, st.st_size > 0 ? (size_t)st.st_size : 0);
  close(fd);
  job->fd = -1;
  return r;
}

static int push_bytes(lua_State *L, Job *job)
{
  if (!S_ISREG(job->mode)) return fs_push_stream(L, job);
  adopt_push(L, &job->bytes);
  return 1;
}

/* read_file(path, limit) -> bytes, or a core stream for what is no regular file */
static int l_read_file(lua_State *L)
{
  lua_Integer limit = luaL_checkinteger(L, 2);
  luaL_argcheck(L, limit >= 0, 2, "number of bytes expected");
  Job *job = fs_job(L, 1, 0, do_read_file, push_bytes);
  job->flags = O_RDONLY;
  job->limit = (size_t)limit;
  return fs_run(L, job);
}

const luaL_Reg fs_read_functions[] = {{"read_file", l_read_file}, {NULL, NULL}};
