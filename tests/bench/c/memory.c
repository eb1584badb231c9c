/* memory.c - the memory of a program that is Lua and libuv and nothing else, has answered a message
   and is idle; the mean of N, in kB: memory N BARE */
#include "bench.h"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts one with the socket as its descriptor 3 and talks to it once. */
static pid_t start(char *program, int *channel)
{
  char *argv[] = {program, "3", NULL}, answer[8];
  int fds[2];
  pid_t pid;
  posix_spawn_file_actions_t a;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) fail("socketpair");
  posix_spawn_file_actions_init(&a);
  if (fds[1] == 3) { /* dup2 to itself would keep the close-on-exec flag */
    fds[1] = dup(fds[1]);
    close(3);
  }
  posix_spawn_file_actions_adddup2(&a, fds[1], 3);
  if (posix_spawn(&pid, program, &a, NULL, argv, environ) != 0) fail(program);
  posix_spawn_file_actions_destroy(&a);
  close(fds[1]);
  if (write(fds[0], "{\"n\":1}\n", 8) != 8 || read(fds[0], answer, 8) != 8) fail("answer");
  *channel = fds[0];
  return pid;
}

static void add_memory(pid_t pid, long *pss, long *dirty)
{
  char name[64], line[256];
  long kilobytes;
  snprintf(name, sizeof name, "/proc/%d/smaps_rollup", (int)pid);
  FILE *f = fopen(name, "r");
  if (f == NULL) fail(name);
  while (fgets(line, sizeof line, f) != NULL) {
    if (sscanf(line, "Pss: %ld", &kilobytes) == 1) *pss += kilobytes;
    if (sscanf(line, "Private_Dirty: %ld", &kilobytes) == 1) *dirty += kilobytes;
  }
  fclose(f);
}

int main(int argc, char **argv)
{
  if (argc != 3) return 2;
  int n = atoi(argv[1]);
  int *channels = calloc((size_t)n, sizeof *channels);
  pid_t *pids = calloc((size_t)n, sizeof *pids);
  long pss = 0, dirty = 0;
  for (int i = 0; i < n; i++) pids[i] = start(argv[2], &channels[i]);
  for (int i = 0; i < n; i++) add_memory(pids[i], &pss, &dirty);
  for (int i = 0; i < n; i++) close(channels[i]);
  for (int i = 0; i < n; i++) waitpid(pids[i], NULL, 0);
  printf("{\"value\": %.9g, \"private\": %.9g}\n", (double)pss / n, (double)dirty / n);
  return 0;
}
