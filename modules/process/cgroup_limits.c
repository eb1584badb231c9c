/* cgroup_limits.c - the limits that the control groups around this process set, of version 2 and of
   version 1; see cgroup_limits.h. */
#include "modules/process/cgroup_limits.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { NO_LIMIT_FROM_BITS = 60 }; /* version 1 says "none" by a number near to the largest */

static bool read_line(const char *dir, const char *name, char *line, size_t size)
{
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) return false;
  FILE *file = fopen(path, "re");
  if (file == NULL) return false;
  bool ok = fgets(line, (int)size, file) != NULL;
  fclose(file);
  return ok;
}

static void lower_memory(long long *least, const char *dir, const char *name)
{
  char line[64];
  long long bytes;
  if (!read_line(dir, name, line, sizeof line) || sscanf(line, "%lld", &bytes) != 1) return;
  if (bytes < 0 || bytes >> NO_LIMIT_FROM_BITS) return;
  if (*least < 0 || bytes < *least) *least = bytes;
}

static void lower_cpus(double *least, const char *dir)
{
  char line[64];
  double quota, period;
  int n =
      read_line(dir, "cpu.max", line, sizeof line) ? sscanf(line, "%lf %lf", &quota, &period) : 0;
  if (n == 0 && read_line(dir, "cpu.cfs_quota_us", line, sizeof line)) {
    n = sscanf(line, "%lf", &quota);
    if (n == 1 && read_line(dir, "cpu.cfs_period_us", line, sizeof line))
      n += sscanf(line, "%lf", &period);
  }
  if (n != 2 || quota <= 0 || period <= 0) return;
  if (*least < 0 || quota / period < *least) *least = quota / period;
}

/* From the group up to where its tree is mounted. In a container the path may be one of the host,
   and then only the last step is there: the container's own group. */
static void climb(const char *mount, const char *path, long long *memory, double *cpus)
{
  char dir[PATH_MAX];
  if (snprintf(dir, sizeof dir, "%s%s", mount, path) >= (int)sizeof dir) return;
  for (size_t n = strlen(dir); n >= strlen(mount); n = (size_t)(strrchr(dir, '/') - dir)) {
    dir[n] = '\0';
    if (memory) {
      lower_memory(memory, dir, "memory.max");
      lower_memory(memory, dir, "memory.limit_in_bytes");
    }
    if (cpus) lower_cpus(cpus, dir);
  }
}

static bool has_controller(const char *list, const char *name)
{
  size_t n = strlen(name);
  for (const char *at = list; (at = strstr(at, name)) != NULL; at += n) {
    bool starts = at == list || at[-1] == ',';
    if (starts && (at[n] == '\0' || at[n] == ',')) return true;
  }
  return false;
}

/* One line of /proc/self/cgroup: "4:cpu,memory:/a/b", or "0::/a/b" of version 2. */
static void read_group(char *line, const char *mount, long long *memory, double *cpus)
{
  char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;
  char below[PATH_MAX];
  if (path == NULL) return;
  line[strcspn(line, "\n")] = '\0';
  *path++ = '\0';
  list++;
  if (*list == '\0') climb(mount, path, memory, cpus);
  if (has_controller(list, "memory")) {
    snprintf(below, sizeof below, "%s/memory", mount);
    climb(below, path, memory, NULL);
  }
  if (has_controller(list, "cpu")) {
    snprintf(below, sizeof below, "%s/cpu", mount);
    climb(below, path, NULL, cpus);
  }
}

void cgroup_limits(const char *groups, const char *mount, long long *memory, double *cpus)
{
  char line[PATH_MAX];
  *memory = -1;
  *cpus = -1;
  FILE *file = fopen(groups, "re");
  if (file == NULL) return;
  while (fgets(line, sizeof line, file)) read_group(line, mount, memory, cpus);
  fclose(file);
}
