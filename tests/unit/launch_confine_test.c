/* launch_confine_test.c - a child that joins a cgroup and tells a guard of itself before it is the
   program, by every back end; cgroups in a folder of plain files. */
#include "tests/unit/launch_help.h"

#include <sys/socket.h>

#include "modules/process/cgroup.h"
#include "modules/process/guard.h"

static char dir[] = "/tmp/launch_confine.XXXXXX";

static const char *in_dir(const char *name)
{
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  return path;
}

static void put(const char *path, const char *text)
{
  FILE *file = fopen(path, "w");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) abort();
}

static const char *text_of(const char *path)
{
  static char text[256];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  read_all(fd, text, sizeof text);
  close(fd);
  return text;
}

static void test_join(void)
{
  Run run;
  char *argv[] = {"/bin/echo", "here", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  const char *procs = in_dir("members");
  put(procs, "");
  spec.cgroup = procs;
  run_spec(&run, spec);
  CHECK(run.code == 0 && strcmp(run.out, "here\n") == 0, "%d '%s'", run.code, run.out);
  CHECK(strcmp(text_of(procs), "0") == 0, "'%s'", text_of(procs));
  unlink(procs);
  run_spec(&run, spec);
  CHECK(run.code == UV_ENOENT && strcmp(run.error.step, "limits: cgroup") == 0, "%d %s", run.code,
        run.error.step);
  CHECK(no_children(), "a zombie is left");
}

static void test_guard(void)
{
  Run run;
  int ends[2];
  GuardRecord record = {.cgroup = "/some/where"}, told = {0};
  char *argv[] = {self_path, "--fds", "1", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) abort();
  spec.guard = ends[0];
  spec.record = &record;
  run_spec(&run, spec);
  ssize_t n = recv(ends[1], &told, sizeof told, MSG_DONTWAIT);
  CHECK(run.code == 0 && n == (ssize_t)sizeof told, "%d %zd", run.code, n);
  CHECK(told.pid == run.p.pid && strcmp(told.cgroup, "/some/where") == 0, "%d", told.pid);
  CHECK(strstr(run.out, "3:") == NULL, "it has kept '%s'", run.out);
  close(ends[1]);
  run_spec(&run, spec);
  CHECK(run.code == UV_EPIPE && strcmp(run.error.step, "autokill") == 0, "%d %s", run.code,
        run.error.step);
  close(ends[0]);
  CHECK(no_children(), "a zombie is left");
}

static void tests(void)
{
  test_join();
  test_guard();
}

#ifdef PROCRUN_TEST_HOOKS
static void test_cgroup(void)
{
  char path[256];
  put(in_dir("cgroup.procs"), "");
  put(in_dir("cgroup.subtree_control"), "memory");
  put(in_dir("cgroup.controllers"), "cpu memory-not");
  setenv("PROCRUN_CGROUP", dir, 1);
  CHECK(cgroup_new(CGROUP_MEMORY | CGROUP_PROCESSES) == NULL, "without the controller");
  Cgroup *one = cgroup_new(CGROUP_MEMORY), *two = cgroup_new(0);
  if (one == NULL || two == NULL) abort();
  CHECK(cgroup_has(one, CGROUP_MEMORY) && !cgroup_has(one, CGROUP_PROCESSES), "has");
  CHECK(!cgroup_has(two, CGROUP_MEMORY) && !cgroup_has(NULL, CGROUP_MEMORY), "has");
  CHECK(cgroup_limit(one, CGROUP_MEMORY, 4096) == 0, "limit");
  snprintf(path, sizeof path, "%s/memory.max", cgroup_path(one));
  CHECK(strcmp(text_of(path), "4096") == 0, "'%s'", text_of(path));
  snprintf(path, sizeof path, "%s/memory.events", cgroup_path(one));
  put(path, "low 0\noom_kill 2\noom_group_kill 0\n");
  cgroup_ended(one);
  cgroup_ended(two);
  CHECK(cgroup_struck(one) != NULL && strcmp(cgroup_struck(one), "memory") == 0, "struck");
  CHECK(cgroup_struck(two) == NULL && cgroup_struck(NULL) == NULL, "struck");
  CHECK(access(cgroup_path(one), F_OK) != 0 && access(cgroup_path(two), F_OK) != 0, "still there");
  cgroup_free(one);
  cgroup_free(two);
  setenv("PROCRUN_CGROUP", "/nonexistent", 1);
  CHECK(cgroup_new(0) == NULL, "nowhere");
  unsetenv("PROCRUN_CGROUP");
  unlink(in_dir("cgroup.procs"));
  unlink(in_dir("cgroup.subtree_control"));
  unlink(in_dir("cgroup.controllers"));
}
#else
static void test_cgroup(void)
{
}
#endif

int main(int argc, char **argv)
{
  if (argc > 1) return role(argc, argv);
  if (mkdtemp(dir) == NULL) abort();
  set_up();
  test_cgroup();
  int result = for_each_backend(tests);
  rmdir(dir);
  return result;
}
