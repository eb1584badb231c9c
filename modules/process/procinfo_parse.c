/* procinfo_parse.c - the texts of /proc/<pid>/stat, status and io; see procinfo.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/process/procinfo.h"

static void name_terminal(ProcInfo *info, long long number)
{
  unsigned device = (unsigned)number;
  unsigned major = device >> 8 & 0xfff, minor = (device & 0xff) | (device >> 12 & 0xfff00);
  if (device == 0)
    info->tty[0] = '\0';
  else if (major >= 136 && major <= 143)
    snprintf(info->tty, sizeof info->tty, "pts/%u", (major - 136) * 256 + minor);
  else if (major == 4)
    snprintf(info->tty, sizeof info->tty, minor < 64 ? "tty%u" : "ttyS%u",
             minor < 64 ? minor : minor - 64);
  else
    snprintf(info->tty, sizeof info->tty, "%u:%u", major, minor);
}

/* Numbers that no kernel writes give numbers without a sense, but no undefined behaviour. */
static long long bytes_of(long long count, long long unit)
{
  return (long long)((unsigned long long)count * (unsigned long long)unit);
}

bool procinfo_parse_stat(ProcInfo *info, const char *text)
{
  ProcLine line;
  if (!procfs_parse(text, &line)) return false;
  const long long *field = line.field;
  size_t n = line.name_size < PROC_NAME ? line.name_size : PROC_NAME - 1;
  double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
  memcpy(info->name, line.name, n);
  info->name[n] = '\0';
  info->state = line.state;
  info->ppid = (pid_t)field[STAT_PPID];
  info->pgid = (pid_t)field[STAT_PGID];
  info->sid = (pid_t)field[STAT_SID];
  name_terminal(info, field[STAT_TTY]);
  info->nice = (long)field[STAT_NICE];
  info->threads = (long)field[STAT_THREADS];
  info->start = (unsigned long long)field[STAT_START];
  info->vsize = field[STAT_VSIZE];
  info->rss = bytes_of(field[STAT_RSS], sysconf(_SC_PAGESIZE));
  info->usage = (Usage){.cpu_user = (double)field[STAT_USER] * tick,
                        .cpu_system = (double)field[STAT_SYSTEM] * tick,
                        .minor_faults = field[STAT_MINOR_FAULTS],
                        .major_faults = field[STAT_MAJOR_FAULTS],
                        .voluntary_switches = -1,
                        .involuntary_switches = -1,
                        .read_bytes = -1,
                        .write_bytes = -1};
  info->usage.cpu = info->usage.cpu_user + info->usage.cpu_system;
  return true;
}

/* The text behind "key" at the start of a line; NULL if there is none. No value of these files holds
   a newline: the kernel escapes it in a name. */
static const char *find_line(const char *text, const char *key)
{
  size_t n = strlen(key);
  for (const char *line = text; line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, key, n) == 0) return line + n;
  }
  return NULL;
}

static long long find_number(const char *text, const char *key, long long otherwise)
{
  const char *rest = find_line(text, key);
  return rest ? strtoll(rest, NULL, 10) : otherwise;
}

/* The second number of a line: real, effective, saved, of the file system. */
static long long find_effective(const char *text, const char *key)
{
  const char *rest = find_line(text, key);
  long long real, effective;
  return rest && sscanf(rest, "%lld %lld", &real, &effective) == 2 ? effective : -1;
}

bool procinfo_parse_status(ProcInfo *info, const char *text)
{
  if (find_number(text, "Tgid:", -1) != info->pid) return false; /* a thread, or not such a text */
  info->uid = find_effective(text, "Uid:");
  info->gid = find_effective(text, "Gid:");
  info->rss = bytes_of(find_number(text, "VmRSS:", 0), 1024); /* the kernel's own have none */
  info->usage.peak_rss = bytes_of(find_number(text, "VmHWM:", 0), 1024);
  info->usage.voluntary_switches = find_number(text, "voluntary_ctxt_switches:", -1);
  info->usage.involuntary_switches = find_number(text, "nonvoluntary_ctxt_switches:", -1);
  return true;
}

void procinfo_parse_io(ProcInfo *info, const char *text)
{
  info->usage.read_bytes = find_number(text, "read_bytes:", -1);
  info->usage.write_bytes = find_number(text, "write_bytes:", -1);
}
