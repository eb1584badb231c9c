/* sync_sweep.c - what dead processes left in the directory, and files of names nobody uses any more. */
#include "modules/sync/sync_sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "modules/sync/sync_file.h"
#include "modules/sync/sync_place.h"

enum { EVERY = 600, HALF_MADE = 60 }; /* seconds */

static const char STAMP[] = "swept"; /* its time of change tells when */

/* Whatever else stands in the directory is not ours to touch. */
static bool is_ours(int dir, const char *name, mode_t mode)
{
  struct stat st;
  return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mode == mode &&
         st.st_uid == geteuid();
}

static bool is_older(int dir, const char *name, time_t seconds)
{
  struct stat st;
  if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return false;
  time_t age = time(NULL) - st.st_mtime;
  return age > seconds || age < 0;
}

static void sweep_process(const char *name)
{
  uint64_t peer = strtoull(name + 2, NULL, 16);
  int fd = sync_place_find(peer);
  if (fd >= 0)
    close(fd);
  else if (fd == UV_ESRCH)
    sync_place_bury(peer);
}

/* A FIFO whose process was killed before it was complete, or between the removal of its two. */
static void sweep_half(int dir, const char *name)
{
  char whole[32] = "p.";
  if (!is_older(dir, name, HALF_MADE)) return;
  strncat(whole, name + 2, sizeof whole - 3);
  if (faccessat(dir, whole, F_OK, AT_SYMLINK_NOFOLLOW) != 0) unlinkat(dir, name, 0);
}

static void sweep_entry(int dir, const char *name)
{
  enum { FIFO_NAME = 18 }; /* a letter, a dot, 16 digits */
  if (strlen(name) == FIFO_NAME && name[1] == '.' && is_ours(dir, name, S_IFIFO | 0600)) {
    if (name[0] == 'p') sweep_process(name);
    if (name[0] == 'w' || name[0] == 't') sweep_half(dir, name);
  } else if (is_ours(dir, name, S_IFREG | 01600) && strcmp(name, STAMP) != 0) {
    sync_file_sweep(dir, name);
  }
}

/* False where it is not due, or somebody else has just begun. */
static bool is_due(int dir)
{
  struct stat st;
  bool first = fstatat(dir, STAMP, &st, AT_SYMLINK_NOFOLLOW) != 0;
  if (!first && !is_older(dir, STAMP, EVERY)) return false;
  int fd = openat(dir, STAMP, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) return false;
  futimens(fd, NULL);
  fchmod(fd, 01600);
  close(fd);
  return true;
}

void sync_sweep(int dir)
{
  if (!is_due(dir)) return;
  int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *list = copy < 0 ? NULL : fdopendir(copy);
  if (list == NULL) {
    if (copy >= 0) close(copy);
    return;
  }
  for (struct dirent *e; (e = readdir(list));) sweep_entry(dir, e->d_name);
  closedir(list);
}
