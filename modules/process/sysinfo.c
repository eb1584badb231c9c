/* sysinfo.c - the machine: memory, processors, since when it runs; see sysinfo.h. */
#include "modules/process/sysinfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "modules/process/cgroup_limits.h"

static long long find_size(const char *text, const char *key)
{
  size_t n = strlen(key);
  for (const char *line = text; line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, key, n) == 0) return (long long)(strtoull(line + n, NULL, 10) * 1024);
  }
  return -1;
}

void sysinfo_parse_memory(SysMemory *memory, const char *text)
{
  memory->total = find_size(text, "MemTotal:");
  memory->free = find_size(text, "MemFree:");
  memory->available = find_size(text, "MemAvailable:");
  memory->cached = find_size(text, "Cached:");
  memory->swap_total = find_size(text, "SwapTotal:");
  memory->swap_free = find_size(text, "SwapFree:");
}

static void parse_times(SysCpu *cpu, const char *text)
{
  double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
  for (int i = 0; i < CPU_FIELDS; i++) {
    char *end;
    unsigned long long ticks = strtoull(text, &end, 10);
    cpu->seconds[i] = end == text ? -1 : (double)ticks * tick;
    text = end;
  }
}

/* "cpu  user nice …" is the total, "cpu7 …" one; the numbers may have gaps. */
int sysinfo_parse_stat(SysInfo *info, const char *text)
{
  for (; strncmp(text, "cpu", 3) == 0; text++) {
    if (text[3] == ' ') {
      parse_times(&info->total, text + 4);
    } else {
      SysCpu *larger = realloc(info->cpus, (info->cpu_count + 1) * sizeof *larger);
      if (larger == NULL) return UV_ENOMEM;
      info->cpus = larger;
      parse_times(&larger[info->cpu_count++], text + 3 + strspn(text + 3, "0123456789"));
    }
    text = strchr(text, '\n');
    if (text == NULL) break;
  }
  return 0;
}

#ifdef __linux__
/* A whole file as a NUL-terminated text, to be freed; without the file it is empty. */
static int read_text(const char *path, char **text)
{
  size_t size = 0;
  *text = NULL;
  FILE *file = fopen(path, "re");
  if (file == NULL && errno != ENOENT && errno != EACCES) return -errno;
  if (file == NULL || getdelim(text, &size, '\0', file) < 0) {
    free(*text);
    *text = calloc(1, 1);
  }
  if (file) fclose(file);
  return *text ? 0 : UV_ENOMEM;
}

static int read_system(SysInfo *info)
{
  struct timespec up, now;
  char *text;
  int r = read_text("/proc/meminfo", &text);
  if (r < 0) return r;
  sysinfo_parse_memory(&info->memory, text);
  free(text);
  r = read_text("/proc/stat", &text);
  if (r < 0) return r;
  r = sysinfo_parse_stat(info, text);
  free(text);
  cgroup_limits("/proc/self/cgroup", "/sys/fs/cgroup", &info->memory.limit, &info->quota);
  clock_gettime(CLOCK_BOOTTIME, &up);
  clock_gettime(CLOCK_REALTIME, &now);
  info->uptime = (double)up.tv_sec + (double)up.tv_nsec / 1e9;
  info->boot_time = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - info->uptime;
  return r;
}
#else
static SysCpu cpu_of(const struct uv_cpu_times_s *times)
{
  return (SysCpu){{(double)times->user / 1e3, (double)times->nice / 1e3, (double)times->sys / 1e3,
                   (double)times->idle / 1e3, -1, (double)times->irq / 1e3, -1, -1}};
}

static int read_cpus(SysInfo *info)
{
  uv_cpu_info_t *cpus;
  int count, r = uv_cpu_info(&cpus, &count);
  if (r < 0) return r;
  info->cpus = calloc((size_t)count, sizeof *info->cpus);
  info->cpu_count = info->cpus ? (size_t)count : 0;
  info->total = cpu_of(&(struct uv_cpu_times_s){0});
  for (size_t i = 0; i < info->cpu_count; i++) {
    info->cpus[i] = cpu_of(&cpus[i].cpu_times);
    for (int k = 0; k < CPU_FIELDS; k++)
      if (info->cpus[i].seconds[k] >= 0) info->total.seconds[k] += info->cpus[i].seconds[k];
  }
  uv_free_cpu_info(cpus, count);
  return info->cpus ? 0 : UV_ENOMEM;
}

static int read_system(SysInfo *info)
{
  info->memory.total = (long long)uv_get_total_memory();
  info->memory.free = (long long)uv_get_free_memory();
  uv_uptime(&info->uptime);
  info->boot_time = (double)time(NULL) - info->uptime;
  return read_cpus(info);
}
#endif

int sysinfo_read(SysInfo *info)
{
  info->memory = (SysMemory){-1, -1, -1, -1, -1, -1, -1};
  info->quota = -1;
  info->usable = (int)uv_available_parallelism();
  info->online = (int)sysconf(_SC_NPROCESSORS_ONLN);
  uv_loadavg(info->load);
  return read_system(info);
}

void sysinfo_free(SysInfo *info)
{
  free(info->cpus);
  *info = (SysInfo){0};
}
