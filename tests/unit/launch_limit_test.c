/* launch_limit_test.c - children near the limit of descriptors: the limit grows, pidfds give way, and
   those that SIGCHLD tells about are told apart from strangers. Each test has a process of its own,
   with limits of its own. */
#include "runtime/nofile.h"
#include "tests/unit/launch_help.h"

enum { CROWD = 60 };

static Run runs[CROWD];

static struct rlimit limit_of_test;

static void set_limit(void)
{
  if (setrlimit(RLIMIT_NOFILE, &limit_of_test) != 0) abort();
}

static void limited(rlim_t soft, rlim_t hard, void (*test)(void))
{
  limit_of_test = (struct rlimit){.rlim_cur = soft, .rlim_max = hard};
  in_fork(set_limit, test);
}

static rlim_t soft_limit(void)
{
  struct rlimit limit;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

static void start_sleeper(Run *run, int out)
{
  int fds[] = {null_fd, out, null_fd};
  char *argv[] = {"sleep", "1000", NULL};
  LaunchSpec spec = spec_of(argv, fds);
  CHECK(start(run, &spec) == 0, "%s %d", run->error.step, run->code);
}

static int count_pidfds(void)
{
  int count = 0;
  for (int i = 0; i < CROWD; i++) count += runs[i].p.running && runs[i].p.pidfd >= 0;
  return count;
}

static void end_all(void)
{
  for (int i = 0; i < CROWD; i++) launch_kill(&runs[i].p, SIGKILL);
  uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < CROWD; i++) {
    if (runs[i].p.pid == 0) continue;
    CHECK(runs[i].exits == 1 && runs[i].status == SIGKILL, "%d: %x", i, runs[i].status);
    launch_close(&runs[i].p);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(no_children(), "a zombie");
}

/* A crowd of children, each with a pipe whose other end stays with us. */
static void start_crowd(int *kept)
{
  for (int i = 0; i < CROWD; i++) {
    int ends[2], r;
    do r = pipe2(ends, O_CLOEXEC);
    while (r != 0 && errno == EMFILE && launch_make_room(&loop));
    if (r != 0) abort();
    nofile_note(ends[1]);
    start_sleeper(&runs[i], ends[1]);
    close(ends[1]);
    kept[i] = ends[0];
  }
}

static void test_growth(void)
{
  static Run run;
  int kept[CROWD];
  run_sh(&run, "ulimit -Sn");
  CHECK(strcmp(run.out, "64\n") == 0 && soft_limit() == 64, "'%s'", run.out);
  int before = count_fds();
  start_crowd(kept);
  CHECK(soft_limit() == 400, "%ld", (long)soft_limit());
  int pidfds = is_uv() || strstr(launch_backend(), "sigchld") ? 0 : CROWD;
  CHECK(count_pidfds() == pidfds, "%d pidfds", count_pidfds());
  CHECK(count_fds() <= before + CROWD + pidfds + 8, "%d descriptors", count_fds());
  for (int i = 0; i < CROWD; i++) launch_ref(&runs[i].p, false);
  run_sh(&run, "ulimit -Sn; ulimit -Hn");
  for (int i = 0; i < CROWD; i++) launch_ref(&runs[i].p, true);
  CHECK(strcmp(run.out, is_uv() ? "400\n400\n" : "64\n400\n") == 0, "'%s'", run.out);
  end_all();
  for (int i = 0; i < CROWD; i++) close(kept[i]);
  CHECK(count_fds() <= before + 8, "%d descriptors, %d before", count_fds(), before);
  run_sh(&run, "ulimit -Sn; ulimit -Hn");
  CHECK(strcmp(run.out, "64\n400\n") == 0, "'%s'", run.out);
}

/* What a script asks for goes before what we were started with. */
static void test_asked_limit(void)
{
  Run run;
  LaunchLimit limit = {RLIMIT_NOFILE, {.rlim_cur = 77, .rlim_max = 99}, NULL};
  char *argv[] = {"/bin/sh", "-c", "ulimit -Sn; ulimit -Hn", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  CHECK(nofile_raise() && soft_limit() == 400, "%ld", (long)soft_limit());
  spec.limits = &limit;
  spec.limit_count = 1;
  run_spec(&run, spec);
  CHECK(strcmp(run.out, "77\n99\n") == 0, "'%s'", run.out);
}

/* A table of descriptors longer than the limit. */
static void test_high_target(void)
{
  Run run;
  int fds[70];
  char *argv[] = {"/bin/sh", "-c", "test -e /proc/self/fd/69 && ulimit -Sn", NULL};
  if (is_uv()) return;
  for (int i = 0; i < 70; i++) fds[i] = null_fd;
  LaunchSpec spec = spec_of(argv, fds);
  spec.fd_count = 70;
  CHECK(run_spec(&run, spec) == 0 && run.status == 0, "%s %x", run.error.step, run.status);
  CHECK(soft_limit() == 400, "%ld", (long)soft_limit());
}

/* Sixty pipes and sixty pidfds do not fit: pidfds only below one half, and fewer when need be. */
static void test_give_way(void)
{
  int kept[CROWD];
  int before = count_fds();
  start_crowd(kept);
  CHECK(soft_limit() == 90, "%ld", (long)soft_limit());
  CHECK(count_pidfds() < 45 && count_fds() <= 90, "%d of %d", count_pidfds(), count_fds());
  end_all();
  for (int i = 0; i < CROWD; i++) close(kept[i]);
  CHECK(count_fds() <= before + 8, "%d descriptors, %d before", count_fds(), before);
}

static void test_yield(void)
{
  static Run last;
  int files[90], used = 0, fd;
  if (is_uv()) return;
  for (int i = 0; i < CROWD; i++) start_sleeper(&runs[i], null_fd);
  int pidfds = count_pidfds();
  launch_close(&runs[0].p);
  launch_ref(&runs[1].p, false);
  while ((fd = dup(null_fd)) >= 0) files[used++] = fd;
  CHECK(soft_limit() == 90, "%ld", (long)soft_limit());
  CHECK(launch_make_room(&loop) == (pidfds > 0), "%d pidfds", pidfds);
  CHECK(count_pidfds() == 0, "%d pidfds", count_pidfds());
  CHECK(!launch_make_room(&loop), "there was nothing left to give");
  int freed = 0;
  while ((fd = dup(null_fd)) >= 0) files[used++] = fd, freed++;
  CHECK(freed == pidfds, "%d freed", freed);
  bool none_needed = launch_mode()->shared;
  if (none_needed) start_sleeper(&last, null_fd);
  while (used > 0) close(files[--used]);
  launch_ref(&runs[1].p, true);
  if (none_needed) launch_kill(&last.p, SIGKILL);
  launch_kill(&runs[0].p, SIGKILL); /* it does not keep the loop alive: the others do */
  while (runs[0].exits == 0) uv_run(&loop, UV_RUN_ONCE);
  end_all();
  CHECK(runs[0].frees == 1 && last.exits == none_needed, "%d", runs[0].frees);
  if (none_needed) launch_close(&last.p);
}

static void test_no_descriptor(void)
{
  Run run;
  char *argv[] = {"/bin/true", NULL};
  int files[64], used = 0, fd;
  int fds[] = {null_fd, null_fd, null_fd};
  if (is_uv()) return;
  LaunchSpec spec = spec_of(argv, fds);
  while ((fd = dup(null_fd)) >= 0) files[used++] = fd;
  start(&run, &spec);
  while (used > 0) close(files[--used]);
  CHECK(run.code == 0 || (run.code == UV_EMFILE && strcmp(run.error.step, "fork") == 0), "%d %s",
        run.code, run.error.step);
  uv_run(&loop, UV_RUN_DEFAULT);
  launch_close(&run.p);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(run.frees == 1, "%d frees", run.frees);
}

/* The child of somebody else stands first among the dead, and stays for whom it belongs to. */
static void test_stranger(void)
{
  siginfo_t info;
  if (is_uv()) return;
  pid_t stranger = fork();
  if (stranger == 0) _exit(7);
  waitid(P_PID, (id_t)stranger, &info, WEXITED | WNOWAIT);
  for (int i = 0; i < CROWD; i++) start_sleeper(&runs[i], null_fd);
  for (int i = 0; i < CROWD; i++) launch_kill(&runs[i].p, SIGKILL);
  uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < CROWD; i++)
    CHECK(runs[i].exits == 1 && runs[i].status == SIGKILL, "%d: %x", i, runs[i].status);
  int status = -1;
  CHECK(waitpid(stranger, &status, 0) == stranger && status == 7 << 8, "%x", status);
  end_all();
}

/* One is reaped by somebody else, in between others that are not: it is told as lost. */
static void test_thief(void)
{
  if (is_uv()) return;
  for (int i = 0; i < 3; i++) {
    start_sleeper(&runs[i], null_fd);
    launch_kill(&runs[i].p, SIGKILL);
  }
  waitpid(runs[1].p.pid, NULL, 0);
  uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < 3; i++) {
    int want = i == 1 ? LAUNCH_LOST : SIGKILL;
    CHECK(runs[i].exits == 1 && runs[i].status == want, "%d: %x", i, runs[i].status);
    launch_close(&runs[i].p);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
}

static void tests(void)
{
  limited(64, 400, test_growth);
  limited(64, 400, test_asked_limit);
  limited(64, 400, test_high_target);
  limited(90, 90, test_give_way);
  limited(90, 90, test_yield);
  limited(64, 64, test_no_descriptor);
  limited(400, 400, test_stranger);
  limited(400, 400, test_thief);
}

int main(int argc, char **argv)
{
  if (argc > 1) return role(argc, argv);
  if (on_valgrind()) return 77; /* it keeps the limit of descriptors to itself */
  set_up();
  return for_each_backend(tests);
}
