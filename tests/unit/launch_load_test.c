/* launch_load_test.c - how children are watched: many at once, nothing left, kill, close, death. */
#include <sys/prctl.h>

#include "tests/unit/launch_help.h"

enum { TURNS = 100, CROWD = 300 };

static int turns = TURNS;

static void test_nothing_left(void)
{
  static Run run;
  char *good[] = {"/bin/true", NULL}, *bad[] = {"/nope", NULL}, *away[] = {"nope", NULL};
  run_spec(&run, spec_of(good, NULL)); /* what is kept for good is there after this */
  int before = count_fds();
  for (int i = 0; i < turns; i++) {
    run_spec(&run, spec_of(good, NULL));
    CHECK(run.code == 0 && run.status == 0, "turn %d: %d %x", i, run.code, run.status);
    run_spec(&run, spec_of(i % 2 ? bad : away, NULL));
    CHECK(run.code == UV_ENOENT, "turn %d: %d", i, run.code);
  }
  CHECK(no_children(), "a zombie");
  CHECK(count_fds() == before, "%d descriptors, %d before", count_fds(), before);
}

static void test_crowd(void)
{
  static Run runs[CROWD];
  int fds[] = {null_fd, null_fd, null_fd};
  char script[40];
  char *argv[] = {"/bin/sh", "-c", script, NULL};
  LaunchSpec spec = spec_of(argv, fds);
  for (int i = 0; i < CROWD; i++) {
    snprintf(script, sizeof script, i % 7 ? "exit %d" : "kill -%d $$", i % 7 ? i % 256 : 9);
    CHECK(start(&runs[i], &spec) == 0, "%s %d", runs[i].error.step, runs[i].code);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < CROWD; i++) {
    int want = i % 7 ? (i % 256) << 8 : SIGKILL;
    CHECK(runs[i].exits == 1 && runs[i].status == want, "%d: %x", i, runs[i].status);
    launch_close(&runs[i].p);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < CROWD; i++) CHECK(runs[i].frees == 1, "%d: %d frees", i, runs[i].frees);
  CHECK(no_children(), "a zombie");
}

static void start_sleeper(Run *run)
{
  int fds[] = {null_fd, null_fd, null_fd};
  char *argv[] = {"sleep", "1000", NULL};
  LaunchSpec spec = spec_of(argv, fds);
  CHECK(start(run, &spec) == 0, "%d", run->code);
}

static void finish(Run *run)
{
  launch_close(&run->p);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(run->frees == 1, "%d frees", run->frees);
}

static void test_kill(void)
{
  Run run;
  start_sleeper(&run);
  CHECK(run.p.pid > 1 && run.p.running, "pid %d", run.p.pid);
  CHECK(launch_kill(&run.p, 0) == 0, "signal 0");
  CHECK(launch_kill(&run.p, 1000) == UV_EINVAL, "signal 1000");
  CHECK(launch_kill(&run.p, SIGTERM) == 0, "TERM");
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(run.exits == 1 && run.status == SIGTERM, "%x", run.status);
  CHECK(launch_kill(&run.p, SIGTERM) == UV_ESRCH, "after the reap");
  CHECK(launch_kill(&run.p, 0) == UV_ESRCH, "after the reap");
  finish(&run);
  CHECK(launch_kill(&run.p, 0) == UV_ESRCH, "after the close");
}

/* An unref'd child does not hold the loop; a closed one is reaped all the same. */
static void test_ref_and_close(void)
{
  static Run one, two, three;
  start_sleeper(&one);
  launch_ref(&one.p, false);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(one.exits == 0, "the loop waited");
  launch_ref(&one.p, true);
  CHECK(uv_loop_alive(&loop), "the loop does not wait");
  launch_ref(&one.p, true);
  start_sleeper(&two);
  launch_close(&two.p);
  launch_kill(&two.p, SIGKILL);
  start_sleeper(&three);
  launch_kill(&one.p, SIGKILL);
  while (one.exits + two.exits < 2) uv_run(&loop, UV_RUN_ONCE);
  CHECK(two.status == SIGKILL, "%x", two.status);
  CHECK(three.exits == 0 && three.p.running, "the wrong one");
  launch_kill(&three.p, SIGKILL);
  uv_run(&loop, UV_RUN_DEFAULT);
  finish(&one);
  finish(&three);
  CHECK(two.frees == 1 && no_children(), "%d", two.frees);
}

static void test_quit(void)
{
  static Run one, two;
  start_sleeper(&one);
  start_sleeper(&two);
  pid_t pid = one.p.pid;
  launch_close(&one.p);
  launch_quit(&loop);
  launch_kill(&two.p, SIGKILL);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(one.frees == 1 && one.exits == 0, "%d %d", one.frees, one.exits);
  CHECK(two.exits == 1, "still watched");
  finish(&two);
  if (pid > 0) kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

static Run chain[3];
static int chain_length;

/* Inside on_exit: close this one, end another, start the next. */
static void on_chain_exit(Launched *p, int status, const struct rusage *usage)
{
  on_run_exit(p, status, usage);
  launch_close(p);
  if (++chain_length < 3) {
    start_sleeper(&chain[chain_length]);
    chain[chain_length].p.on_exit = on_chain_exit;
    launch_kill(&chain[chain_length].p, SIGKILL);
  }
}

static void test_chain(void)
{
  chain_length = 0;
  start_sleeper(&chain[0]);
  chain[0].p.on_exit = on_chain_exit;
  launch_kill(&chain[0].p, SIGKILL);
  uv_run(&loop, UV_RUN_DEFAULT);
  for (int i = 0; i < 3; i++)
    CHECK(chain[i].exits == 1 && chain[i].frees == 1, "%d: %d", i, chain[i].exits);
}

/* The kernel must not be left to reap for us, and a status somebody else took is no hang. */
static void test_thieves(void)
{
  Run run;
  if (is_uv()) return;
  foreign_signals = true;
  signal(SIGCHLD, SIG_IGN);
  run_sh(&run, "exit 7");
  foreign_signals = false;
  CHECK(run.status == 7 << 8, "%x", run.status);
  start_sleeper(&run);
  launch_kill(&run.p, SIGKILL);
  waitpid(run.p.pid, NULL, 0);
  if (run.p.pidfd < 0) raise(SIGCHLD);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK(run.exits == 1 && run.status == LAUNCH_LOST, "%x", run.status);
  finish(&run);
}

static void test_usage(void)
{
  Run run;
  run_sh(&run, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  if (is_uv()) return;
  CHECK(run.usage.ru_maxrss > 100, "%ld kB", run.usage.ru_maxrss);
  CHECK(run.usage.ru_utime.tv_sec * 1000000 + run.usage.ru_utime.tv_usec > 0, "no time");
}

/* A child with a death signal ends with its parent: the pipe it holds then reaches its end. */
static void test_death_signal(void)
{
  int ends[2], fds[3] = {null_fd, 0, null_fd};
  char byte;
  if (is_uv() || pipe2(ends, O_CLOEXEC) != 0) return;
  fds[1] = ends[1];
  let_go();
  pid_t middle = fork();
  if (middle == 0) {
    static Run run;
    renew_loop();
    char *argv[] = {"sleep", "1000", NULL};
    LaunchSpec spec = spec_of(argv, fds);
    spec.death_signal = SIGKILL;
    int code = start(&run, &spec);
    launch_close(&run.p);
    launch_quit(&loop);
    uv_run(&loop, UV_RUN_DEFAULT);
    _exit(code != 0 || uv_loop_close(&loop) != 0);
  }
  close(ends[1]);
  int status = -1;
  waitpid(middle, &status, 0);
  CHECK(status == 0, "%x", status);
  alarm(10);
  CHECK(read(ends[0], &byte, 1) == 0, "it wrote");
  alarm(0);
  close(ends[0]);
}

static void tests(void)
{
  test_nothing_left();
  test_crowd();
  test_kill();
  test_ref_and_close();
  test_quit();
  test_chain();
  test_thieves();
  test_usage();
  test_death_signal();
}

int main(int argc, char **argv)
{
  if (argc > 1) return role(argc, argv);
  set_up();
  if (on_valgrind()) turns = TURNS / 10;
  return for_each_backend(tests);
}
