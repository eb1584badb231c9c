/* stage.c - the dynamic linker wants a file for what it loads; see stage.h. */
#include "modules/bundle/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* 0, or a negative errno. */
static int write_all(int fd, const char *bytes, size_t size)
{
  while (size > 0) {
    ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno != EINTR) return -errno;
    if (n < 0) continue;
    bytes += n;
    size -= (size_t)n;
  }
  return 0;
}

/* The linker takes one name for one library, even when the number in it has come to mean another file:
   so each name has one slash more than the last. */
int stage_in_memory(const void *bytes, size_t size, char *path, size_t path_size)
{
#if defined(SYS_memfd_create) && defined(MFD_CLOEXEC)
  enum { MOST = 1000 };
  static int count;
  static char slashes[MOST];
  if (count + 1 == MOST) return -ENFILE;
  /* Not by libc: its function would add a version that every start has to look for. */
  int fd = (int)syscall(SYS_memfd_create, "procrun bundle", MFD_CLOEXEC);
  if (fd < 0) return -errno;
  slashes[count++] = '/';
  snprintf(path, path_size, "/proc/self%s/fd/%d", slashes, fd);
  int r = write_all(fd, bytes, size);
  if (r == 0 && access(path, R_OK) != 0) r = -errno;
  if (r == 0) return fd;
  close(fd);
  return r;
#else
  (void)bytes, (void)size, (void)path, (void)path_size;
  return -ENOSYS;
#endif
}

int stage_in_file(const void *bytes, size_t size, char *path, size_t path_size)
{
  const char *dir = getenv("TMPDIR");
  if (dir == NULL || dir[0] == '\0') dir = "/tmp";
  snprintf(path, path_size, "%s/procrun-XXXXXX.so", dir);
  int fd = mkostemps(path, 3, O_CLOEXEC);
  if (fd < 0) return -errno;
  int r = write_all(fd, bytes, size);
  close(fd);
  if (r < 0) unlink(path);
  return r;
}
