/* spawn.c - the limit for whoever makes children, with posix_spawn and blocking calls:
   spawn true8 N, true8_heap N (with 1 GB of heap), true8_fds N (with 10,000 open descriptors):
   /bin/true, 8 at a time, per second; spawn exec N: `sh -c 'echo hi'`, output and error read,
   one after the other, per second; spawn read N WRITER: N MB of a child's output, MB/s. */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 8, BLOCKS = 16384, BLOCK = 64 * 1024, FILES = 10000 };

extern char **environ;
static char buffer[BLOCK];

static void wait_for(pid_t pid)
{
  int status;
  if (waitpid(pid, &status, 0) < 0 || status != 0) fail("waitpid");
}

/* With the descriptors for its standard streams; what is given as -1 is /dev/null. */
static pid_t spawn(char **argv, int out, int err)
{
  pid_t pid;
  posix_spawn_file_actions_t a;
  posix_spawn_file_actions_init(&a);
  posix_spawn_file_actions_addopen(&a, 0, "/dev/null", O_RDONLY, 0);
  if (out < 0) posix_spawn_file_actions_addopen(&a, 1, "/dev/null", O_WRONLY, 0);
  if (out >= 0) posix_spawn_file_actions_adddup2(&a, out, 1);
  if (err < 0) posix_spawn_file_actions_addopen(&a, 2, "/dev/null", O_WRONLY, 0);
  if (err >= 0) posix_spawn_file_actions_adddup2(&a, err, 2);
  if (posix_spawn(&pid, argv[0], &a, NULL, argv, environ) != 0) fail(argv[0]);
  posix_spawn_file_actions_destroy(&a);
  return pid;
}

static double true8(int n)
{
  char *argv[] = {"/bin/true", NULL};
  int running = 0;
  double began = now();
  for (int left = n; left > 0 || running > 0;) {
    while (left > 0 && running < AT_ONCE) {
      spawn(argv, -1, -1);
      left--;
      running++;
    }
    wait_for(-1);
    running--;
  }
  return n / (now() - began);
}

static void fill_heap(void)
{
  for (int i = 0; i < BLOCKS; i++) {
    char *p = malloc(BLOCK);
    if (p == NULL) fail("malloc");
    memset(p, i, BLOCK);
    buffer[i % BLOCK] = *(volatile char *)p; /* so that it is not left out */
  }
}

static void open_files(void)
{
  for (int i = 0; i < FILES; i++)
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) fail("open");
}

static long read_all(int fd)
{
  long sum = 0;
  ssize_t n;
  while ((n = read(fd, buffer, BLOCK)) > 0) sum += n;
  if (n < 0) fail("read");
  close(fd);
  return sum;
}

static double exec_echo(int n)
{
  char *argv[] = {"/bin/sh", "-c", "echo hi", NULL};
  double began = now();
  for (int i = 0; i < n; i++) {
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) fail("pipe2");
    pid_t pid = spawn(argv, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    if (read_all(out[0]) != 3 || read_all(err[0]) != 0) fail("echo");
    wait_for(pid);
  }
  return n / (now() - began);
}

static double read_output(char **argv)
{
  int out[2];
  double began = now();
  if (pipe2(out, O_CLOEXEC) != 0) fail("pipe2");
  pid_t pid = spawn(argv, out[1], 2);
  close(out[1]);
  long bytes = read_all(out[0]);
  wait_for(pid);
  return (double)bytes / (now() - began) / 1e6;
}

int main(int argc, char **argv)
{
  if (argc < 3) return 2;
  const char *work = argv[1];
  int n = atoi(argv[2]);
  if (strcmp(work, "exec") == 0) {
    result(exec_echo(n));
  } else if (strcmp(work, "read") == 0 && argc == 4) {
    char *writer[] = {argv[3], argv[2], NULL};
    result(read_output(writer));
  } else {
    if (strcmp(work, "true8_heap") == 0) fill_heap();
    if (strcmp(work, "true8_fds") == 0) open_files();
    result(true8(n));
  }
  return 0;
}
