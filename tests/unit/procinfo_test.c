/* procinfo_test.c - unit test of the texts of /proc: exits 0, or names the line that does not hold. */
#include "modules/process/procinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/process/cgroup_limits.h"
#include "modules/process/sysinfo.h"

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

#define NUMBERS                                                                                    \
  " 10 20 30 34819 -1 4194304 101 7 3 9 250 50 1 2 20 -5 4 0 2236503 3133440 380 "                 \
  "18446744073709551615 1 2 3\n"

static void test_name(const char *text, const char *name, char state)
{
  ProcInfo info = {.pid = 1};
  CHECK(procinfo_parse_stat(&info, text));
  CHECK(strcmp(info.name, name) == 0 && info.state == state);
  CHECK(info.ppid == 10 && info.pgid == 20 && info.sid == 30);
  CHECK(info.nice == -5 && info.threads == 4 && info.start == 2236503 && info.vsize == 3133440);
  CHECK(info.rss == 380 * sysconf(_SC_PAGESIZE));
  CHECK(info.usage.minor_faults == 101 && info.usage.major_faults == 3);
  CHECK(info.usage.cpu_user == 250.0 / (double)sysconf(_SC_CLK_TCK));
  CHECK(info.usage.read_bytes < 0 && info.usage.voluntary_switches < 0);
  CHECK(strcmp(info.tty, "pts/3") == 0); /* 34819 is 136:3 */
}

static void test_names(void)
{
  test_name("1 (sh) S" NUMBERS, "sh", 'S');
  test_name("1 () R" NUMBERS, "", 'R');
  test_name("1 (a b) Z" NUMBERS, "a b", 'Z');
  test_name("1 (a) S (b) D" NUMBERS, "a) S (b", 'D');
  test_name("1 ()))((() I" NUMBERS, ")))(((", 'I');
  test_name("1 (a\nb) T" NUMBERS, "a\nb", 'T');
  test_name("1 (\xff\xfe) t" NUMBERS, "\xff\xfe", 't');
  char text[400], name[PROC_NAME];
  memset(name, 'k', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  snprintf(text, sizeof text, "1 (%smore) S" NUMBERS, name);
  test_name(text, name, 'S');
}

static void test_no_stat(void)
{
  static const char *const texts[] = {
      "",       "1",        "1 (sh",       "1 sh) S 1 2", "1 (sh)",         "1 (sh) ",
      "1 )( S", "1 (sh) S", "1 (sh) SS 1", "1 (sh)S 1 2", "1 (sh) S 1 2 3", "1 (sh) S x y z"};
  ProcInfo info = {.pid = 1};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    CHECK(!procinfo_parse_stat(&info, texts[i]));
}

/* Bytes of good texts changed at random: any answer will do, but no crash. */
static void test_spoilt(void)
{
  static const char *const texts[] = {
      "1 (a) S (b) D" NUMBERS, "Tgid:\t7\nUid:\t1\t2\t3\t4\nGid:\t1\t2\nVmHWM:\t 9 kB\n",
      "read_bytes: 4096\nwrite_bytes: 512\n", "cpu  30 0 5 9 1\ncpu0 10 0 2 3 1 0 0 0\nintr 5\n",
      "MemTotal:  8 kB\nMemFree: 2 kB\nCached: 3 kB\n"};
  static const char bytes[] = "() \n\t:-0129kBcpu\xff";
  unsigned seed = 1;
  for (int round = 0; round < 100000; round++) {
    char text[300];
    size_t n = strlen(texts[round % 5]);
    memcpy(text, texts[round % 5], n + 1);
    for (int i = 0; i < 4; i++) {
      seed = seed * 1103515245 + 12345;
      text[(seed >> 8) % n] = bytes[(seed >> 24) % sizeof bytes]; /* NUL, too */
    }
    ProcInfo info = {.pid = 7};
    SysInfo system = {0};
    procinfo_parse_stat(&info, text);
    procinfo_parse_status(&info, text);
    procinfo_parse_io(&info, text);
    sysinfo_parse_stat(&system, text);
    sysinfo_parse_memory(&system.memory, text);
    sysinfo_free(&system);
  }
}

static const char *tty_of(const char *number)
{
  static ProcInfo info = {.pid = 1};
  char text[200];
  snprintf(text, sizeof text, "1 (x) S 1 1 1 %s -1 0 0 0 0 0 0 0 0 0 0 0 1 0 5 6 7", number);
  CHECK(procinfo_parse_stat(&info, text));
  return info.tty;
}

static void test_terminals(void)
{
  CHECK(strcmp(tty_of("0"), "") == 0);
  CHECK(strcmp(tty_of("1025"), "tty1") == 0);
  CHECK(strcmp(tty_of("1088"), "ttyS0") == 0);
  CHECK(strcmp(tty_of("35072"), "pts/256") == 0);    /* 137:0 */
  CHECK(strcmp(tty_of("1083392"), "136:2048") != 0); /* a minor of more than 8 bits */
  CHECK(strcmp(tty_of("-16777216"), "") != 0);       /* the kernel prints it signed */
}

static void test_status(void)
{
  ProcInfo info = {.pid = 7};
  CHECK(procinfo_parse_status(&info, "Name:\tUid:\\nTgid: 9\nTgid:\t7\nPid:\t7\n"
                                     "Uid:\t1000\t0\t5\t5\nGid:\t4294967294\t4294967294\t1\t1\n"
                                     "VmHWM:\t    1781 kB\nVmRSS:\t   1780 kB\n"
                                     "voluntary_ctxt_switches:\t5\n"
                                     "nonvoluntary_ctxt_switches:\t6\n"));
  CHECK(info.uid == 0 && info.gid == 4294967294);
  CHECK(info.rss == 1780 * 1024 && info.usage.peak_rss == 1781 * 1024);
  CHECK(info.usage.voluntary_switches == 5 && info.usage.involuntary_switches == 6);
  CHECK(procinfo_parse_status(&info, "Tgid:\t7\nUid:\t\nVmRSS:")); /* one that tells little */
  CHECK(info.uid == -1 && info.gid == -1 && info.rss == 0 && info.usage.voluntary_switches == -1);
  CHECK(!procinfo_parse_status(&info, "Tgid:\t8\nPid:\t7\n")); /* a thread of 8 */
  CHECK(!procinfo_parse_status(&info, ""));
}

static void test_io(void)
{
  ProcInfo info = {.pid = 7};
  procinfo_parse_io(&info, "rchar: 1\nread_bytes: 4096\nwrite_bytes: 512\n"
                           "cancelled_write_bytes: 9\n");
  CHECK(info.usage.read_bytes == 4096 && info.usage.write_bytes == 512);
  procinfo_parse_io(&info, "cancelled_write_bytes: 9\n");
  CHECK(info.usage.read_bytes == -1 && info.usage.write_bytes == -1);
}

static void test_system(void)
{
  SysInfo info = {0};
  double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
  CHECK(sysinfo_parse_stat(&info, "cpu  30 0 5 9 1 0 0 0 0 0\ncpu0 10 0 2 3 1 0 0 0 0 0\n"
                                  "cpu12 20 0 3 6\nintr 5 6\ncpu9 no\n") == 0);
  CHECK(info.cpu_count == 2 && info.total.seconds[CPU_USER] == 30 * tick);
  CHECK(info.cpus[0].seconds[CPU_IOWAIT] == 1 * tick);
  CHECK(info.cpus[1].seconds[CPU_IDLE] == 6 * tick);
  sysinfo_free(&info);
  CHECK(sysinfo_parse_stat(&info, "") == 0 && sysinfo_parse_stat(&info, "cpu") == 0);
  sysinfo_free(&info);
  SysMemory m;
  sysinfo_parse_memory(&m, "MemTotal:  8 kB\nMemFree: 2 kB\nSwapCached: 7 kB\nCached: 3 kB\n");
  CHECK(m.total == 8192 && m.free == 2048 && m.cached == 3072);
  CHECK(m.available == -1 && m.swap_total == -1);
}

static void put(const char *dir, const char *name, const char *text)
{
  char path[300];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static char *make(const char *base, const char *name)
{
  static char path[300];
  snprintf(path, sizeof path, "%s/%s", base, name);
  CHECK(mkdir(path, 0700) == 0);
  return path;
}

static void test_cgroups(void)
{
  const char *tmp = getenv("TMPDIR");
  char base[200], groups[220];
  long long memory;
  double cpus;
  snprintf(base, sizeof base, "%s/cgroups-XXXXXX", tmp ? tmp : "/tmp");
  CHECK(mkdtemp(base) != NULL);
  snprintf(groups, sizeof groups, "%s/self", base);
  cgroup_limits(groups, base, &memory, &cpus);
  CHECK(memory == -1 && cpus == -1);

  put(base, "self", "0::/a/b\n"); /* the least on the way up */
  char *dir = make(base, "a");
  put(dir, "memory.max", "1000000\n");
  put(dir, "cpu.max", "max 100000\n");
  dir = make(base, "a/b");
  put(dir, "memory.max", "max\n");
  put(dir, "cpu.max", "150000 100000\n");
  cgroup_limits(groups, base, &memory, &cpus);
  CHECK(memory == 1000000 && cpus == 1.5);

  put(base, "self", "4:cpuset,cpu:/c\n3:memory:/gone/on/the/host\n0::/\n1:name=x\nnonsense\n");
  dir = make(base, "memory"); /* version 1, in a container */
  put(dir, "memory.limit_in_bytes", "500000\n");
  make(base, "cpu");
  dir = make(base, "cpu/c");
  put(dir, "cpu.cfs_quota_us", "-1\n");
  put(dir, "cpu.cfs_period_us", "100000\n");
  cgroup_limits(groups, base, &memory, &cpus);
  CHECK(memory == 500000 && cpus == -1);
  put(base, "memory/memory.limit_in_bytes", "9223372036854771712\n");
  put(dir, "cpu.cfs_quota_us", "50000\n");
  cgroup_limits(groups, base, &memory, &cpus);
  CHECK(memory == -1 && cpus == 0.5);
  char command[260];
  snprintf(command, sizeof command, "rm -r '%s'", base);
  CHECK(system(command) == 0);
}

int main(void)
{
  test_names();
  test_no_stat();
  test_spoilt();
  test_terminals();
  test_status();
  test_io();
  test_system();
  test_cgroups();
  return 0;
}
