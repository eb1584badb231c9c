/* fs_deep.c - paths that are longer than the kernel takes at once, walked in pieces. */
#include "modules/fs/fs_deep.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#ifdef O_PATH
enum { ON_THE_WAY = O_PATH | O_DIRECTORY | O_CLOEXEC };
#else
enum { ON_THE_WAY = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
#endif

void fs_deep_leave(int dir)
{
  if (dir >= 0) close(dir);
}

/* The piece ends before the last slash that fits. */
static int step(int dir, const char **path)
{
  char piece[PATH_MAX];
  size_t n = PATH_MAX - 1;
  while (n > 0 && (*path)[n] != '/') n--;
  if (n == 0) return UV_ENAMETOOLONG;
  memcpy(piece, *path, n);
  piece[n] = 0;
  *path += n + strspn(*path + n, "/");
  int fd = openat(dir, piece, ON_THE_WAY);
  return fd < 0 ? -errno : fd;
}

int fs_deep_enter(const char **path)
{
  int dir = AT_FDCWD;
  while (strlen(*path) >= PATH_MAX) {
    int fd = step(dir, path);
    fs_deep_leave(dir);
    if (fd < 0) return fd;
    dir = fd;
  }
  return dir;
}

int fs_deep_open(const char *path, int link)
{
  int dir = fs_deep_enter(&path);
  if (dir < 0 && dir != AT_FDCWD) return dir;
  int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | (link ? 0 : O_NOFOLLOW);
  int fd = openat(dir, path, flags);
  int r = fd < 0 ? -errno : fd;
  fs_deep_leave(dir);
  return r;
}
