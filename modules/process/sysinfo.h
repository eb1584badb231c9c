/* sysinfo.h - the machine: memory, processors, since when it runs. May be called in any thread. */
#ifndef PROCRUN_SYSINFO_H
#define PROCRUN_SYSINFO_H

#include <stddef.h>

/* The columns of a processor's times in /proc/stat. */
enum {
  CPU_USER,
  CPU_NICE,
  CPU_SYSTEM,
  CPU_IDLE,
  CPU_IOWAIT,
  CPU_IRQ,
  CPU_SOFTIRQ,
  CPU_STEAL,
  CPU_FIELDS
};

typedef struct SysCpu {
  double seconds[CPU_FIELDS]; /* negative: not known here */
} SysCpu;

/* Bytes; negative: not known here. */
typedef struct SysMemory {
  long long total, free, available, cached;
  long long limit; /* of the cgroup; negative: none */
  long long swap_total, swap_free;
} SysMemory;

typedef struct SysInfo {
  int usable, online; /* processors that this process may use, and all that run */
  double quota;       /* of them at a time by the cgroup; negative: no limit */
  double load[3];
  double uptime, boot_time;
  SysMemory memory;
  SysCpu total;
  SysCpu *cpus; /* malloc'd */
  size_t cpu_count;
} SysInfo;

int sysinfo_read(SysInfo *info); /* 0 or a libuv code */
void sysinfo_free(SysInfo *info);

/* The files' texts, for sysinfo.c and its test. */
int sysinfo_parse_stat(SysInfo *info, const char *text);
void sysinfo_parse_memory(SysMemory *memory, const char *text);

#endif
