/* fs_data.c - the contents of one open file into another: blocks are shared where the file system can,
   else the kernel copies, and holes stay holes. Only small files and odd ones pass through here. */
#include "modules/fs/fs_data.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#endif

enum { ROOM = 128 * 1024, PIECE = 16 * 1024 * 1024 };

static int write_all(int out, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t done = write(out, bytes, n);
    if (done < 0 && errno != EINTR) return -errno;
    if (done > 0) bytes += done, n -= (size_t)done;
  }
  return 0;
}

/* Up to `most` bytes from where both files stand; what was copied is added to *copied. */
static int pass_through(FsData *d, int in, int out, uint64_t most, uint64_t *copied)
{
  if (d->room == NULL) d->room = malloc(ROOM);
  if (d->room == NULL) return UV_ENOMEM;
  while (most > 0) {
    ssize_t n = read(in, d->room, most < ROOM ? (size_t)most : ROOM);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? -errno : 0;
    int r = write_all(out, d->room, (size_t)n);
    if (r < 0) return r;
    *copied += (uint64_t)n;
    most -= (uint64_t)n;
    if (req_is_dropped(d->req)) return UV_ECANCELED;
  }
  return 0;
}

/* The same inside of the kernel. UV_ENOTSUP: it cannot, between these files; nothing was copied. */
static int pass_inside(FsData *d, int in, int out, uint64_t most, uint64_t *copied)
{
#ifdef __linux__
  while (most > 0) {
    ssize_t n = copy_file_range(in, NULL, out, NULL, most < PIECE ? (size_t)most : PIECE, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && *copied == 0 && errno != ENOSPC && errno != EIO && errno != EFBIG)
      return UV_ENOTSUP;
    if (n == 0 && *copied == 0)
      return UV_ENOTSUP; /* files that the kernel makes up as they are read */
    if (n <= 0) return n < 0 ? -errno : 0;
    *copied += (uint64_t)n;
    most -= (uint64_t)n;
    if (req_is_dropped(d->req)) return UV_ECANCELED;
  }
  return 0;
#else
  (void)d, (void)in, (void)out, (void)most, (void)copied;
  return UV_ENOTSUP;
#endif
}

static int pass(FsData *d, int in, int out, uint64_t most)
{
  uint64_t copied = 0;
  int r = most > ROOM ? pass_inside(d, in, out, most, &copied) : UV_ENOTSUP;
  return r == UV_ENOTSUP ? pass_through(d, in, out, most, &copied) : r;
}

#ifdef SEEK_HOLE
/* Only what is no hole. UV_ENOTSUP: the file system does not tell; nothing was copied. */
static int pass_sparse(FsData *d, int in, int out, off_t size)
{
  off_t data = 0, hole;
  while (data < size) {
    data = lseek(in, data, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break; /* a hole up to the end */
    hole = data < 0 ? -1 : lseek(in, data, SEEK_HOLE);
    if (hole < 0) return UV_ENOTSUP;
    if (lseek(in, data, SEEK_SET) < 0 || lseek(out, data, SEEK_SET) < 0) return -errno;
    int r = pass(d, in, out, (uint64_t)(hole - data));
    if (r < 0) return r;
    data = hole;
  }
  return ftruncate(out, size) < 0 ? -errno : 0;
}
#endif

static bool share_blocks(FsData *d, int in, int out)
{
#ifdef FICLONE
  if (d->no_clone) return false;
  if (ioctl(out, FICLONE, in) == 0) return true;
  d->no_clone = true;
#else
  (void)d, (void)in, (void)out;
#endif
  return false;
}

enum { MORE = 1 };

/* By one read and one write, unless the file is not as long as it said: MORE. */
static int pass_small(FsData *d, int in, int out, size_t size)
{
  if (d->room == NULL) d->room = malloc(ROOM);
  if (d->room == NULL) return UV_ENOMEM;
  ssize_t n;
  do n = read(in, d->room, size + 1);
  while (n < 0 && errno == EINTR);
  if (n < 0) return -errno;
  int r = write_all(out, d->room, (size_t)n);
  return r < 0 ? r : (size_t)n != size ? MORE : 0;
}

/* A size of 0 may be one that is not known: files of /proc say so. And one may grow meanwhile. */
int fs_data_copy(FsData *d, int in, const struct stat *st, int out)
{
  uint64_t copied = 0;
  if (st->st_size > 0 && share_blocks(d, in, out)) return 0;
#ifdef SEEK_HOLE
  if ((off_t)st->st_blocks * 512 < st->st_size && st->st_size > ROOM) {
    int r = pass_sparse(d, in, out, st->st_size);
    if (r != UV_ENOTSUP) return r;
    if (lseek(in, 0, SEEK_SET) < 0 || lseek(out, 0, SEEK_SET) < 0) return -errno;
  }
#endif
  if (st->st_size <= 0) return pass_through(d, in, out, UINT64_MAX, &copied);
  if (st->st_size < ROOM) {
    int r = pass_small(d, in, out, (size_t)st->st_size);
    if (r <= 0) return r;
  }
  return pass(d, in, out, UINT64_MAX);
}

void fs_data_free(FsData *d)
{
  free(d->room);
}
