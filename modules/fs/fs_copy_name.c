/* fs_copy_name.c - links, FIFOs, devices copied: what has no contents, and is made anew. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "modules/fs/fs_copy.h"
#include "modules/fs/fs_name.h"

/* Makes something that is no file under a free name, or over what is there. */
typedef struct Maker {
  int (*make)(struct Maker *m, int dir, const char *name); /* 0 or a libuv code */
  const char *text;                                        /* of a link */
  const struct stat *st;
  int from_dir;
  const char *from;
} Maker;

static int make_over(FsCopy *c, Maker *m, int dir, const char *to)
{
  char *temp = NULL;
  int r = UV_EEXIST;
  for (int i = 0; i < 100 && r == UV_EEXIST; i++) {
    free(temp);
    temp = fs_temp_beside(to);
    r = temp ? m->make(m, dir, temp) : UV_ENOMEM;
  }
  if (r == 0) {
    r = fs_copy_put(c, dir, temp, to);
    unlinkat(dir, temp, 0); /* two names of one file: the rename has done nothing */
  }
  free(temp);
  return r;
}

static int make(FsCopy *c, Maker *m, int dir, const char *to)
{
  int r = m->make(m, dir, to);
  if (r != UV_EEXIST) return r;
  if (c->how & COPY_SKIP) return COPY_SKIPPED;
  return c->how & COPY_NEW ? r : make_over(c, m, dir, to);
}

static int make_link(Maker *m, int dir, const char *name)
{
  return symlinkat(m->text, dir, name) < 0 ? -errno : 0;
}

static int make_special(Maker *m, int dir, const char *name)
{
  mode_t mode = (m->st->st_mode & S_IFMT) | 0600;
  return mknodat(dir, name, mode, m->st->st_rdev) < 0 ? -errno : 0;
}

static int make_hard(Maker *m, int dir, const char *name)
{
  return linkat(m->from_dir, m->from, dir, name, 0) < 0 ? -errno : 0;
}

/* What cannot be opened gets its owner and times by its name. */
static int dress_name(FsCopy *c, const struct stat *st, int dir, const char *name)
{
  struct timespec times[2] = {st->st_atim, st->st_mtim};
  if (c->how & COPY_PRESERVE)
    (void)!fchownat(dir, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW);
  if (!S_ISLNK(st->st_mode) && fchmodat(dir, name, st->st_mode & 0777, 0) < 0) return -errno;
  if (!(c->how & (COPY_TIMES | COPY_PRESERVE))) return 0;
  return utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

int fs_copy_link(FsCopy *c, int from_dir, const char *from, const struct stat *st, int dir,
                 const char *to)
{
  size_t room = st->st_size > 0 ? (size_t)st->st_size + 1 : 4096;
  char *text = malloc(room);
  if (text == NULL) return UV_ENOMEM;
  ssize_t n = readlinkat(from_dir, from, text, room);
  int r = n < 0 ? -errno : (size_t)n == room ? UV_EBUSY : 0; /* it was changed meanwhile */
  if (r == 0) {
    text[n] = 0;
    Maker m = {.make = make_link, .text = text};
    r = make(c, &m, dir, to);
  }
  free(text);
  return r == 0 ? dress_name(c, st, dir, to) : r;
}

int fs_copy_special(FsCopy *c, const struct stat *st, int dir, const char *to)
{
  Maker m = {.make = make_special, .st = st};
  int r = make(c, &m, dir, to);
  return r == 0 ? dress_name(c, st, dir, to) : r;
}

int fs_copy_hard(FsCopy *c, int from_dir, const char *from, int dir, const char *to)
{
  Maker m = {.make = make_hard, .from_dir = from_dir, .from = from};
  return make(c, &m, dir, to);
}
