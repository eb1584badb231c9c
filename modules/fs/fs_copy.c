/* fs_copy.c - one file copied. A new one is complete before it has its name:
   it is made beside and renamed. What stands there before goes only then. */
#include "modules/fs/fs_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif

#include "modules/fs/fs_name.h"

int fs_copy_open(int dir, const char *name, bool follow, struct stat *st)
{
  int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  int fd;
  do fd = openat(dir, name, flags);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return -errno;
  if (fstat(fd, st) == 0) return fd;
  int r = -errno;
  close(fd);
  return r;
}

/* Extended attributes, access lists among them, as far as they are allowed here. */
static void copy_attributes(int in, int out)
{
#ifdef __linux__
  enum { MOST = 64 * 1024 };
  ssize_t size = flistxattr(in, NULL, 0);
  if (size <= 0) return;
  char *names = malloc((size_t)size + MOST);
  if (names == NULL) return;
  char *value = names + size;
  ssize_t listed = flistxattr(in, names, (size_t)size);
  for (char *name = names; listed > 0 && name < names + listed; name += strlen(name) + 1) {
    ssize_t n = fgetxattr(in, name, value, MOST);
    if (n >= 0) (void)!fsetxattr(out, name, value, (size_t)n, 0);
  }
  free(names);
#else
  (void)in, (void)out;
#endif
}

static int set_times(int out, const struct stat *st)
{
  struct timespec times[2] = {st->st_atim, st->st_mtim};
  return futimens(out, times) < 0 ? -errno : 0;
}

/* The owner first: that takes set-id bits away. They are kept only for the owner they were meant
   for. */
static mode_t give_owner(FsCopy *c, const struct stat *st, int out)
{
  mode_t bits = st->st_mode & (S_ISDIR(st->st_mode) ? 01777 : 0777);
  if (!(c->how & COPY_PRESERVE)) return bits;
  if (fchown(out, st->st_uid, st->st_gid) == 0) return st->st_mode & 07777;
  (void)!fchown(out, (uid_t)-1, st->st_gid); /* a group of ours is allowed */
  return bits;
}

static int dress(FsCopy *c, int in, const struct stat *st, int out, mode_t bits)
{
  if (fchmod(out, bits) < 0) return -errno;
  if (c->how & COPY_PRESERVE) copy_attributes(in, out);
  return c->how & (COPY_TIMES | COPY_PRESERVE) ? set_times(out, st) : 0;
}

int fs_copy_dress_dir(FsCopy *c, int in, const struct stat *st, int out)
{
  struct stat now;
  mode_t bits = give_owner(c, st, out);
  if (fstat(out, &now) < 0) return -errno;
  return dress(c, in, st, out, bits | (now.st_mode & S_ISGID));
}

static int fill(FsCopy *c, int in, const struct stat *st, int out)
{
  int r = fs_data_copy(&c->data, in, st, out);
  if (r < 0) return r;
  mode_t bits = give_owner(c, st, out);
  r = dress(c, in, st, out, c->mode < 0 ? bits : (mode_t)c->mode);
  return r == 0 && c->how & COPY_SYNC && fsync(out) < 0 ? -errno : r;
}

static int close_file(int fd, int r)
{
  int closed = close(fd) < 0 && errno != EINTR ? -errno : 0;
  return r ? r : closed;
}

static int create(int dir, const char *name)
{
  int fd;
  do fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  while (fd < 0 && errno == EINTR);
  return fd < 0 ? -errno : fd;
}

int fs_copy_put(FsCopy *c, int dir, const char *temp, const char *to)
{
  int r;
  if (c->how & (COPY_NEW | COPY_SKIP))
    r = fs_rename_new(dir, temp, dir, to);
  else
    r = renameat(dir, temp, dir, to) < 0 ? -errno : 0;
  if (r < 0) unlinkat(dir, temp, 0);
  return r == UV_EEXIST && c->how & COPY_SKIP ? COPY_SKIPPED : r;
}

static int sync_dir(FsCopy *c, int dir, const char *to)
{
  if (!(c->how & COPY_SYNC)) return 0;
  char *name = fs_dir_of(to);
  int fd = name ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  int r = fd < 0 || (fsync(fd) < 0 && errno != EINVAL) ? -errno : 0;
  if (fd >= 0) close(fd);
  free(name);
  return r;
}

/* Under its own name from the start: cheaper, where nobody looks at a tree before it is complete. */
static int copy_new(FsCopy *c, int in, const struct stat *st, int dir, const char *to)
{
  int out = create(dir, to);
  if (out < 0) return out;
  int r = close_file(out, fill(c, in, st, out));
  if (r < 0) unlinkat(dir, to, 0);
  return r;
}

/* Into the file that is there: one with several names, or one in a directory that is not ours. It is
   cut only once it is known not to be the original. */
static int copy_in_place(FsCopy *c, int in, const struct stat *st, int dir, const char *to)
{
  struct stat old;
  int flags = O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  int out = openat(dir, to, flags | (c->how & COPY_NEW ? O_EXCL : 0), 0600);
  if (out < 0) return -errno;
  int r = fstat(out, &old) < 0 ? -errno : !S_ISREG(old.st_mode) ? UV_EINVAL : 0;
  if (r == 0 && old.st_dev == st->st_dev && old.st_ino == st->st_ino) return close(out), 0;
  if (r == 0 && old.st_size > 0 && ftruncate(out, 0) < 0) r = -errno;
  if (r == 0) r = fs_data_copy(&c->data, in, st, out);
  mode_t bits = c->mode >= 0 ? (mode_t)c->mode : give_owner(c, st, out);
  /* A file of somebody else whom we may write to keeps its mode. */
  if (r == 0 && fchmod(out, bits) < 0 && errno != EPERM) r = -errno;
  if (r == 0 && c->how & COPY_PRESERVE) copy_attributes(in, out);
  if (r == 0 && c->how & (COPY_TIMES | COPY_PRESERVE)) r = set_times(out, st);
  if (r == 0 && c->how & COPY_SYNC && fsync(out) < 0) r = -errno;
  return close_file(out, r);
}

/* Beside, then renamed. What was there keeps its owner: where that is not allowed, and where no file
   may be made beside it, it is written itself. */
static int copy_beside(FsCopy *c, int in, const struct stat *st, int dir, const char *to,
                       const struct stat *old)
{
  char *temp = NULL;
  int out = UV_EEXIST;
  for (int i = 0; i < 100 && out == UV_EEXIST; i++) {
    free(temp);
    temp = fs_temp_beside(to);
    out = temp ? create(dir, temp) : UV_ENOMEM;
  }
  bool keep_owner = old && !(c->how & COPY_PRESERVE);
  bool barred = out < 0 || (keep_owner && fchown(out, old->st_uid, old->st_gid) < 0);
  int r = barred ? out : fill(c, in, st, out);
  if (out >= 0) r = close_file(out, r);
  if (out >= 0 && (barred || r < 0)) unlinkat(dir, temp, 0);
  if (!barred && r == 0) r = fs_copy_put(c, dir, temp, to);
  free(temp);
  bool mounted = !barred && r == UV_EBUSY && old; /* another file on it, as containers have it */
  if (mounted && lseek(in, 0, SEEK_SET) < 0) return -errno;
  if ((barred && old) || mounted) return copy_in_place(c, in, st, dir, to);
  return r == 0 ? sync_dir(c, dir, to) : r;
}

int fs_copy_file(FsCopy *c, int in, const struct stat *st, int dir, const char *to)
{
  struct stat old;
  if (c->how & COPY_TREE) {
    int r = copy_new(c, in, st, dir, to);
    if (r != UV_EEXIST) return r;
  }
  bool there = fstatat(dir, to, &old, AT_SYMLINK_NOFOLLOW) == 0;
  if (!there && errno != ENOENT) return -errno;
  if (there && c->how & COPY_SKIP) return COPY_SKIPPED;
  if (there && c->how & COPY_NEW) return UV_EEXIST;
  if (there && S_ISDIR(old.st_mode)) return UV_EISDIR;
  bool file = there && S_ISREG(old.st_mode);
  if (file && old.st_dev == st->st_dev && old.st_ino == st->st_ino) return 0;
  if (c->how & COPY_IN_PLACE || (file && old.st_nlink > 1))
    return copy_in_place(c, in, st, dir, to);
  if (file && faccessat(dir, to, W_OK, 0) < 0) return -errno;
  return copy_beside(c, in, st, dir, to, file ? &old : NULL);
}
