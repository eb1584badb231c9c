/* launch_test.c - how a child is made: failing steps by name, descriptors, signals, ids, search. */
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/unit/launch_help.h"

enum { NOBODY = 65534 };

static char dir[] = "/tmp/launch-test-XXXXXX";

static void expect_step(LaunchSpec spec, int code, const char *step)
{
  Run run;
  run_spec(&run, spec);
  CHECK(run.code == code, "%s: %d instead of %d", step, run.code, code);
  CHECK(run.error.code == run.code, "%d", run.error.code);
  CHECK(run.error.step != NULL && strcmp(run.error.step, step) == 0, "%s instead of %s",
        run.error.step, step);
  CHECK(run.p.pid == 0 && !run.p.running && launch_kill(&run.p, SIGTERM) == UV_ESRCH, "pid");
  CHECK(no_children(), "a zombie after %s", step);
}

static void write_file(const char *name, const void *bytes, size_t size, mode_t mode)
{
  int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || fchmod(fd, mode) != 0) abort();
  close(fd);
}

/* What a back end refuses is told with the step, not skipped. */
static void test_steps(void)
{
  char *argv[] = {"/bin/true", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  LaunchSpec s = spec;
  s.cwd = "/nope";
  expect_step(s, UV_ENOENT, "cwd");
  s.cwd = "/bin/true";
  expect_step(s, UV_ENOTDIR, "cwd");
  LaunchLimit limit = {RLIMIT_CORE, {.rlim_cur = 10, .rlim_max = 5}, NULL};
  s = spec;
  s.limits = &limit;
  s.limit_count = 1;
  expect_step(s, UV_EINVAL, "limit");
  limit.step = "limits: core";
  expect_step(s, UV_EINVAL, "limits: core");
  s = spec;
  s.death_signal = 1000;
  expect_step(s, UV_EINVAL, "death signal");
  int fds[] = {0, 1, 987};
  expect_step(spec_of(argv, fds), UV_EBADF, "stdio");
}

static void exec_fails(const char *file, const char *cwd, int code)
{
  char *argv[] = {(char *)file, NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  spec.cwd = cwd;
  expect_step(spec, code, "exec");
}

static void test_exec_failures(void)
{
  unsigned char noise[200];
  for (size_t i = 0; i < sizeof noise; i++) noise[i] = (unsigned char)(i * 37 + 11);
  write_file("noise", noise, sizeof noise, 0755);
  write_file("empty", "", 0, 0755);
  write_file("plain", "#!/bin/sh\n", 10, 0644);
  write_file("orphan", "#!/no/such/interpreter\n", 23, 0755);
  char name[400];
  memset(name, 'x', sizeof name);
  name[sizeof name - 1] = '\0';
  exec_fails("/nope/nope", NULL, UV_ENOENT);
  exec_fails("no-such-program", NULL, UV_ENOENT);
  exec_fails("", NULL, UV_ENOENT);
  exec_fails("./noise", NULL, -ENOEXEC);
  exec_fails("./empty", NULL, -ENOEXEC);
  exec_fails("./plain", dir, UV_EACCES);
  if (!on_valgrind()) exec_fails("./orphan", NULL, UV_ENOENT);
  exec_fails("/tmp", NULL, UV_EACCES);
  exec_fails("./true", "/", UV_ENOENT);
  exec_fails(name, NULL, UV_ENAMETOOLONG);
}

/* The search goes along the PATH of the child, seen from its cwd. */
static void search(const char *path, const char *file, const char *cwd, int code, const char *out)
{
  Run run;
  char *argv[] = {"zero", NULL}, *envp[] = {(char *)path, NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  spec.file = file;
  spec.envp = path == NULL ? envp + 1 : envp;
  spec.cwd = cwd;
  run_spec(&run, spec);
  CHECK(run.code == code, "%s along %s: %d", file, path, run.code);
  CHECK(code != 0 || strcmp(run.out, out) == 0, "%s along %s: '%s'", file, path, run.out);
}

static void test_search(void)
{
  mkdir("a", 0755);
  mkdir("b", 0755);
  mkdir("b/tool", 0755);
  write_file("a/prog", "#!/bin/sh\necho a $0", 19, 0644);
  write_file("b/prog", "#!/bin/sh\necho b $0", 19, 0755);
  search("PATH=a:b", "prog", dir, 0, "b b/prog\n");
  search("PATH=/nope:b:a", "prog", dir, 0, "b b/prog\n");
  search("PATH=a:/bin", "prog", dir, UV_EACCES, NULL);
  search("PATH=b", "tool", dir, UV_EACCES, NULL);
  search("PATH=/dev/null:b", "prog", dir, 0, "b b/prog\n");
  search("PATH=/nope:", "prog", "b", 0, "b ./prog\n");
  search("PATH=", "prog", "b", 0, "b ./prog\n");
  search("PATH=::a", "prog", "b", 0, "b ./prog\n");
  search("PATH=b", "./prog", "b", 0, "b ./prog\n");
  search(NULL, "pwd", "/", 0, "/\n");
  search(NULL, "prog", "b", UV_ENOENT, NULL);
}

/* Maps fds[i] to i in a child and compares with what it sees, to the last descriptor. */
static void check_fds(int *fds, int count, int out)
{
  Run run;
  char number[12], want[8192] = "";
  snprintf(number, sizeof number, "%d", out);
  char *argv[] = {self_path, "--fds", number, NULL};
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) abort();
  fds[out] = ends[1];
  for (int i = 0; i < count; i++) {
    struct stat st;
    if (fds[i] < 0 || fstat(fds[i], &st) != 0) continue;
    size_t used = strlen(want);
    snprintf(want + used, sizeof want - used, "%d:%llu ", i, (unsigned long long)st.st_ino);
  }
  LaunchSpec spec = spec_of(argv, fds);
  spec.fd_count = count;
  start(&run, &spec);
  close(ends[1]);
  uv_run(&loop, UV_RUN_DEFAULT);
  read_all(ends[0], run.out, sizeof run.out);
  close(ends[0]);
  launch_close(&run.p);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(run.code == 0, "%d %s", run.code, run.error.step);
  CHECK(strcmp(run.out, want) == 0, "\n  got  %s\n  want %s", run.out, want);
}

/* Sources are memfds, low and high, in any order, some of them twice, some left out. */
static void test_fds(void)
{
  enum { FILES = 48, MOST = 40 };
  int files[FILES], leaks[1000], fds[MOST];
  for (int i = 0; i < FILES; i++) files[i] = memfd_create("source", MFD_CLOEXEC);
  for (int i = 0; i < 1000; i++) leaks[i] = fcntl(files[0], F_DUPFD, 3);
  int low[2] = {dup(0), dup(1)};
  unsigned seed = 7;
  static const int counts[] = {3, 4, 5, 6, 9, 16, 17, 20, 25, 33, 40};
  for (size_t round = 0; round < sizeof counts / sizeof *counts; round++) {
    int count = counts[round];
    for (int i = 0; i < count; i++) fds[i] = files[(unsigned)rand_r(&seed) % FILES];
    for (int i = 0; i < 3; i++) fds[i] = i;
    fds[0] = round % 2 ? 1 : fds[0];
    fds[1] = round % 2 ? 0 : files[round];
    if (count > 3 && !is_uv()) fds[3] = -1;
    check_fds(fds, count, count - 1);
  }
  int swap[] = {1, 0, 0};
  check_fds(swap, 3, 2);
  int shift[] = {2, 0, 1, 0, 0};
  check_fds(shift, 5, 4);
  if (!is_uv()) { /* uv gives /dev/null here */
    int closed[] = {-1, -1, -1, 0};
    check_fds(closed, 4, 3);
  }
  for (int i = 0; i < FILES; i++) close(files[i]);
  for (int i = 0; i < 1000; i++) close(leaks[i]);
  close(low[0]);
  close(low[1]);
}

static atomic_bool race_over;

static void *open_and_close(void *arg)
{
  int fds[8];
  while (!race_over) {
    for (int i = 0; i < 8; i++) fds[i] = open("/dev/null", O_RDONLY);
    for (int i = 0; i < 8; i++) close(fds[i]);
  }
  return arg;
}

/* What another thread opens meanwhile, without O_CLOEXEC, never reaches a child. */
static void test_race(void)
{
  if (is_uv()) return;
  pthread_t thread;
  race_over = false;
  if (pthread_create(&thread, NULL, open_and_close, NULL) != 0) abort();
  for (int i = 0; i < 40; i++) {
    int fds[] = {null_fd, null_fd, null_fd, 0};
    check_fds(fds, 4, 3);
  }
  race_over = true;
  pthread_join(thread, NULL);
}

static void test_group_and_session(void)
{
  Run run;
  char *argv[] = {self_path, "--ids", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  char mine[32];
  run_spec(&run, spec);
  snprintf(mine, sizeof mine, "0 0 %d", getpgrp());
  CHECK(strcmp(run.out, mine) == 0, "'%s'", run.out);
  spec.new_group = true;
  run_spec(&run, spec);
  CHECK(strncmp(run.out, "0 1 ", 4) == 0, "'%s'", run.out);
  spec.new_session = true;
  run_spec(&run, spec);
  CHECK(strncmp(run.out, "1 1 ", 4) == 0, "'%s'", run.out);
}

static void test_umask_and_limits(void)
{
  Run run;
  char *argv[] = {"/bin/sh", "-c", "umask; ulimit -n; ulimit -Hn; nice; pwd", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  LaunchLimit limit = {RLIMIT_NOFILE, {.rlim_cur = 77, .rlim_max = 99}, NULL};
  mode_t old = umask(022);
  spec.cwd = "/usr";
  spec.umask = 0135;
  spec.limits = &limit;
  spec.nice = 3;
  spec.set_nice = true;
  spec.limit_count = on_valgrind() ? 0 : 1;
  run_spec(&run, spec);
  const char *want = spec.limit_count == 0 ? "0135\n" : "0135\n77\n99\n3\n/usr\n";
  CHECK(strncmp(run.out, want, strlen(want)) == 0, "'%s'", run.out);
  CHECK(umask(old) == 022, "the parent's umask has changed");
}

static void test_ids(void)
{
  if (geteuid() != 0) return;
  Run run;
  gid_t extra[] = {4, 24};
  if (setgroups(2, extra) != 0) abort();
  char *argv[] = {"/bin/sh", "-c", "echo $(id -u) $(id -g) $(id -G); grep ^.id: /proc/self/status",
                  NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  spec.set_uid = spec.set_gid = true;
  spec.uid = NOBODY;
  spec.gid = NOBODY - 1;
  run_spec(&run, spec);
  CHECK(strncmp(run.out, "65534 65533 65533\n", 18) == 0, "'%s'", run.out);
  CHECK(strstr(run.out, "Uid:\t65534\t65534\t65534\t65534") != NULL, "'%s'", run.out);
  CHECK(geteuid() == 0, "the parent has changed");
  setgroups(0, NULL);
}

static void drop_to_nobody(void)
{
  if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
      setresuid(NOBODY, NOBODY, NOBODY) != 0)
    abort();
}

static void drop_capabilities(void)
{
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  if (syscall(SYS_capset, &head, none) != 0) abort();
}

static void nobody_tries(void)
{
  char *argv[] = {"/bin/true", NULL};
  LaunchSpec spec = spec_of(argv, NULL), s = spec;
  s.set_uid = true;
  expect_step(s, UV_EPERM, "uid");
  s = spec;
  s.set_gid = true;
  expect_step(s, UV_EPERM, "gid");
  s = spec;
  s.set_nice = true;
  s.nice = -5;
  expect_step(s, UV_EACCES, "limits: nice");
}

static void root_without_rights_tries(void)
{
  char *argv[] = {"/bin/true", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  spec.set_uid = true;
  spec.uid = NOBODY;
  if (!is_uv()) expect_step(spec, UV_EPERM, "groups"); /* the re-exec of root has them again */
}

static void tests(void)
{
  test_steps();
  test_exec_failures();
  test_search();
  test_fds();
  test_race();
  test_group_and_session();
  test_umask_and_limits();
  test_ids();
  if (geteuid() != 0) return;
  in_fork(drop_to_nobody, nobody_tries);
  in_fork(drop_capabilities, root_without_rights_tries);
}

int main(int argc, char **argv)
{
  if (argc > 1) return role(argc, argv);
  set_up();
  if (mkdtemp(dir) == NULL || chmod(dir, 0755) != 0 || chdir(dir) != 0) return 1;
  int result = for_each_backend(tests);
  if (chdir("/") != 0) result = 1;
  char command[80];
  snprintf(command, sizeof command, "rm -rf %s", dir);
  return system(command) != 0 || result;
}
