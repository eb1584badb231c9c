/* launch_help.h - what the launch tests share: checks that count, one child run to its end, and the
   roles the test program plays when it is started as a child of itself. */
#ifndef PROCRUN_TESTS_LAUNCH_HELP_H
#define PROCRUN_TESTS_LAUNCH_HELP_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/process/launch_impl.h"

extern char **environ;

static int failures;
static const char *backend = "default";

#define CHECK(condition, ...)                                                                      \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      failures++;                                                                                  \
      fprintf(stderr, "%s:%d [%s] %s: ", __FILE__, __LINE__, backend, #condition);                 \
      fprintf(stderr, __VA_ARGS__);                                                                \
      fputc('\n', stderr);                                                                         \
    }                                                                                              \
  } while (0)

typedef struct Run {
  Launched p;
  LaunchError error;
  int code, status, exits, frees;
  struct rusage usage;
  char out[16384];
} Run;

static bool foreign_signals; /* what a test does to them is none of ours */
static uv_loop_t loop;
static int null_fd;
static char self_path[4096];

static inline bool is_uv(void)
{
  return strcmp(launch_backend(), "uv") == 0;
}

/* valgrind dies of some failing execves, keeps resource limits to itself, and is slow. */
static inline bool on_valgrind(void)
{
  const char *preload = getenv("LD_PRELOAD");
  return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

static inline void on_run_exit(Launched *p, int status, const struct rusage *usage)
{
  Run *run = p->data;
  CHECK(!p->running, "told as running");
  run->exits++;
  run->status = status;
  run->usage = *usage;
}

static inline void on_run_free(Launched *p)
{
  Run *run = p->data;
  CHECK(!p->busy, "freed while busy");
  run->frees++;
}

static inline int start(Run *run, const LaunchSpec *spec)
{
  *run = (Run){.p = {.loop = &loop, .on_exit = on_run_exit, .on_free = on_run_free, .data = run}};
  run->code = launch_start(&run->p, spec, &run->error);
  return run->code;
}

static inline LaunchSpec spec_of(char **argv, const int *fds)
{
  return (LaunchSpec){.own_signals = !foreign_signals,
                      .file = argv[0],
                      .argv = argv,
                      .envp = environ,
                      .fds = fds,
                      .fd_count = 3,
                      .umask = -1};
}

static inline size_t read_all(int fd, char *out, size_t size)
{
  size_t used = 0;
  ssize_t n;
  while (used + 1 < size && (n = read(fd, out + used, size - 1 - used)) > 0) used += (size_t)n;
  out[used] = '\0';
  return used;
}

/* Runs a child whose stdout is captured (small outputs only) until nothing of it is left. */
static inline int run_spec(Run *run, LaunchSpec spec)
{
  int ends[2], fds[3];
  if (pipe2(ends, O_CLOEXEC) != 0) abort();
  fds[0] = null_fd;
  fds[1] = ends[1];
  fds[2] = 2;
  if (spec.fds == NULL) spec.fds = fds;
  start(run, &spec);
  close(ends[1]);
  uv_run(&loop, UV_RUN_DEFAULT);
  read_all(ends[0], run->out, sizeof run->out);
  close(ends[0]);
  launch_close(&run->p);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(run->exits == (run->code == 0), "%d exits", run->exits);
  CHECK(run->frees == 1, "%d frees", run->frees);
  return run->code;
}

static inline void run_sh(Run *run, const char *script)
{
  char *argv[] = {"/bin/sh", "-c", (char *)script, NULL};
  run_spec(run, spec_of(argv, NULL));
}

static inline int count_fds(void)
{
  DIR *dir = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(dir) != NULL) count++;
  closedir(dir);
  return count - 3;
}

static inline bool no_children(void)
{
  return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

/* Role --fds OUT: writes "fd:inode " for each open descriptor to OUT. */
static inline int role_fds(int out)
{
  DIR *dir = opendir("/proc/self/fd");
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    int fd = atoi(entry->d_name);
    struct stat st;
    if (entry->d_name[0] == '.' || fd == dirfd(dir) || fstat(fd, &st) != 0) continue;
    dprintf(out, "%d:%llu ", fd, (unsigned long long)st.st_ino);
  }
  closedir(dir);
  return 0;
}

static inline int role(int argc, char **argv)
{
  launch_role(argc, argv);
  if (strcmp(argv[1], "--fds") == 0) return role_fds(atoi(argv[2]));
  if (strcmp(argv[1], "--ids") == 0)
    return printf("%d %d %d", getpid() == getsid(0), getpid() == getpgrp(), getpgrp()) < 0;
  return 99;
}

static inline void set_up(void)
{
  ssize_t n = readlink("/proc/self/exe", self_path, sizeof self_path - 1);
  if (n <= 0 || uv_loop_init(&loop) != 0) abort();
  null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  signal(SIGPIPE, SIG_IGN);
}

/* Before fork: what launch keeps for the children of a loop. */
static inline void let_go(void)
{
  launch_quit(&loop);
  uv_run(&loop, UV_RUN_NOWAIT);
}

/* After fork: a loop of our own. The parent's is kept where leak checkers see it. */
static inline void renew_loop(void)
{
  static __attribute__((used)) uv_loop_t parents;
  memcpy(&parents, &loop, sizeof loop);
  if (uv_loop_init(&loop) != 0) abort();
}

/* Runs a test in a process of its own that is prepared for it: rights dropped, limits set. */
static inline void in_fork(void (*prepare)(void), void (*test)(void))
{
  fflush(NULL);
  let_go();
  pid_t pid = fork();
  if (pid == 0) {
    failures = 0;
    renew_loop();
    prepare();
    test();
    let_go();
    CHECK(uv_loop_close(&loop) == 0, "something is left in the loop");
    _exit(failures != 0);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  CHECK(status == 0, "status %x", status);
}

/* Runs tests for each back end; 0 when all passed. */
static inline int for_each_backend(void (*tests)(void))
{
#ifdef PROCRUN_TEST_HOOKS
  static const char *const names[] = {
      "clone", "clone-sigchld", "clone-noclear", "clone-norange", "fork-pidfd", "fork-sigchld",
      "uv"};
  launch_backend();
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!launch_force(names[i])) continue;
    backend = names[i];
    tests();
  }
#else
  tests();
#endif
  let_go();
  CHECK(uv_loop_close(&loop) == 0, "something is left in the loop");
  CHECK(no_children(), "a child is left");
  if (failures != 0) fprintf(stderr, "%d failed\n", failures);
  return failures != 0;
}

#endif
