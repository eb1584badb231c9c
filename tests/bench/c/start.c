/* start.c - milliseconds from the start of a program to its end: start N PROGRAM [ARGUMENT …]
   The median of N runs, one after the other; its standard output is /dev/null. */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double one_run(char **argv, const posix_spawn_file_actions_t *actions)
{
  double began = now();
  pid_t pid;
  int status;
  if (posix_spawn(&pid, argv[0], actions, NULL, argv, environ) != 0) fail(argv[0]);
  if (waitpid(pid, &status, 0) < 0) fail("waitpid");
  if (status != 0) {
    fprintf(stderr, "%s: status %d\n", argv[0], status);
    exit(1);
  }
  return (now() - began) * 1e3;
}

int main(int argc, char **argv)
{
  if (argc < 3) return 2;
  int n = atoi(argv[1]);
  double *times = calloc((size_t)n, sizeof *times);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  one_run(argv + 2, &actions); /* the caches */
  for (int i = 0; i < n; i++) times[i] = one_run(argv + 2, &actions);
  qsort(times, (size_t)n, sizeof *times, by_value);
  result(times[n / 2]);
  return 0;
}
