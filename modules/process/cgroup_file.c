/* cgroup_file.c - the files of a cgroup, and which one is ours; see cgroup_file.h. */
#include "modules/process/cgroup_file.h"

#ifdef __linux__
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_file(const char *dir, const char *file, int flags)
{
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", dir, file) >= (int)sizeof path) return -1;
  return open(path, flags | O_CLOEXEC, 0644);
}

bool cgroup_file_read(const char *dir, const char *file, char text[CGROUP_TEXT])
{
  int fd = open_file(dir, file, O_RDONLY);
  if (fd < 0) return false;
  ssize_t n = read(fd, text, CGROUP_TEXT - 1);
  close(fd);
  text[n > 0 ? n : 0] = '\0';
  return n >= 0;
}

int cgroup_file_write(const char *dir, const char *file, const char *text)
{
  int fd = open_file(dir, file, O_WRONLY | O_TRUNC);
  if (fd < 0) return -errno;
  int code = write(fd, text, strlen(text)) < 0 ? -errno : 0;
  close(fd);
  return code;
}

const char *cgroup_file_word(const char *text, const char *word)
{
  size_t length = strlen(word);
  for (const char *at = text; (at = strstr(at, word)) != NULL; at += length) {
    bool starts = at == text || isspace((unsigned char)at[-1]);
    bool ends = at[length] == '\0' || isspace((unsigned char)at[length]);
    if (starts && ends) return at + length;
  }
  return NULL;
}

/* "36 25 0:31 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw": root and place of the mount. */
static bool find_mount(char *root, char *place)
{
  char line[2 * PATH_MAX + 256];
  bool found = false;
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  if (mounts == NULL) return false;
  while (!found && fgets(line, sizeof line, mounts) != NULL) {
    if (strstr(line, " - cgroup2 ") == NULL) continue;
    found = sscanf(line, "%*s %*s %*s %4095s %4095s", root, place) == 2;
    found = found && strchr(place, '\\') == NULL; /* a blank in a name is written \040 */
  }
  fclose(mounts);
  return found;
}

/* The line "0::/path"; relative to the root of our namespace, and so is the root of the mount. */
static bool find_path(char *path)
{
  char line[PATH_MAX + 8];
  bool found = false;
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (file == NULL) return false;
  while (!found && fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    found = strncmp(line, "0::/", 4) == 0 && strstr(line, "/..") == NULL;
  }
  fclose(file);
  if (found) strcpy(path, line + 3);
  return found;
}

/* PROCRUN_CGROUP is taken for our own cgroup; what stands before "//" is the root of its hierarchy. */
static size_t test_place(char *dir)
{
#ifdef PROCRUN_TEST_HOOKS
  const char *place = getenv("PROCRUN_CGROUP");
  if (place == NULL || strlen(place) >= PATH_MAX) return 0;
  const char *below = strstr(place, "//");
  strcpy(dir, place);
  return below != NULL ? (size_t)(below - place) : strlen(place);
#else
  (void)dir;
  return 0;
#endif
}

size_t cgroup_file_own(char *dir)
{
  char root[PATH_MAX], place[PATH_MAX], path[PATH_MAX];
  size_t top = test_place(dir);
  if (top > 0) return top;
  if (!find_mount(root, place) || !find_path(path)) return 0;
  size_t skip = strcmp(root, "/") == 0 ? 0 : strlen(root);
  if (strncmp(path, root, skip) != 0 || (path[skip] != '/' && path[skip] != '\0')) return 0;
  int n = snprintf(dir, PATH_MAX, "%s%s", place, path + skip);
  if (n >= PATH_MAX) return 0;
  if (dir[n - 1] == '/') dir[n - 1] = '\0';
  return strlen(place);
}

#ifdef PROCRUN_TEST_HOOKS
static const char *const files[] = {"cgroup.procs",     "memory.max",    "memory.swap.max",
                                    "memory.oom.group", "memory.events", "pids.max",
                                    "pids.events",      "cgroup.kill"};
#endif

void cgroup_file_made(const char *dir)
{
#ifdef PROCRUN_TEST_HOOKS
  if (getenv("PROCRUN_CGROUP") == NULL) return;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    close(open_file(dir, files[i], O_WRONLY | O_CREAT));
#else
  (void)dir;
#endif
}

void cgroup_file_gone(const char *dir)
{
#ifdef PROCRUN_TEST_HOOKS
  char path[PATH_MAX];
  if (getenv("PROCRUN_CGROUP") == NULL) return;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (snprintf(path, sizeof path, "%s/%s", dir, files[i]) < (int)sizeof path) unlink(path);
#else
  (void)dir;
#endif
}
#endif
