/* launch_signals_test.c - nothing of our signals reaches a child, whether all of them are reset there or
   only those that may be ignored. */
#include "tests/unit/launch_help.h"

static unsigned long long status_mask(const char *status, const char *key)
{
  const char *at = strstr(status, key);
  return at == NULL ? 1 : strtoull(at + strlen(key), NULL, 16);
}

/* Nothing of our signal state is inherited, and ours is as before. */
static void test_signals(void)
{
  Run run;
  sigset_t block, old, now;
  foreign_signals = true;
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  sigaddset(&block, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &block, &old);
  signal(SIGTERM, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  if (!is_uv()) signal(SIGRTMIN + 3, SIG_IGN); /* libuv leaves this one ignored */
  errno = 1234;
  char *argv[] = {"/bin/cat", "/proc/self/status", NULL};
  run_spec(&run, spec_of(argv, NULL));
  CHECK(status_mask(run.out, "SigIgn:") == 0, "ignored %llx", status_mask(run.out, "SigIgn:"));
  CHECK(status_mask(run.out, "SigBlk:") == 0, "blocked %llx", status_mask(run.out, "SigBlk:"));
  struct sigaction action;
  sigaction(SIGTERM, NULL, &action);
  CHECK(action.sa_handler == SIG_IGN, "the parent's disposition has changed");
  sigprocmask(SIG_SETMASK, &old, &now);
  CHECK(sigismember(&now, SIGUSR1) && sigismember(&now, SIGRTMIN + 1), "unblocked in the parent");
  CHECK(!sigismember(&now, SIGTERM), "blocked in the parent");
  signal(SIGTERM, SIG_DFL);
  signal(SIGQUIT, SIG_DFL);
  signal(SIGRTMIN + 3, SIG_DFL);
  foreign_signals = false;
}

static void on_signal(int signum)
{
  (void)signum;
}

static void expect_clean(const char *when, uint64_t ignored)
{
  Run run;
  char *argv[] = {"/bin/cat", "/proc/self/status", NULL};
  LaunchSpec spec = spec_of(argv, NULL);
  spec.ignored = ignored;
  run_spec(&run, spec);
  CHECK(status_mask(run.out, "SigIgn:") == 0, "%s: %llx", when, status_mask(run.out, "SigIgn:"));
  CHECK(status_mask(run.out, "SigBlk:") == 0, "%s: %llx", when, status_mask(run.out, "SigBlk:"));
}

/* In a process of its own, as what is ignored is learnt at the first launch. */
static void own_signals(void)
{
  signal(SIGHUP, SIG_IGN);
  signal(SIGRTMIN + 2, SIG_IGN);
  signal(SIGUSR1, on_signal);
  expect_clean("first", UINT64_C(1) << (SIGUSR1 - 1));
  expect_clean("again", 0);
  signal(SIGUSR1, SIG_IGN);
  signal(SIGUSR2, on_signal);
  signal(SIGHUP, on_signal);
  expect_clean("changed", 0);
  signal(SIGHUP, SIG_IGN);
  expect_clean("back", 0);
}

static int role_own(void)
{
  set_up();
  own_signals();
  let_go();
  return failures != 0 || uv_loop_close(&loop) != 0;
}

static void test_own_signals(void)
{
  Run run;
  char *argv[] = {self_path, "--own", NULL};
  if (is_uv()) return;
  setenv("PROCRUN_LAUNCH", backend, 1);
  run_spec(&run, spec_of(argv, NULL));
  unsetenv("PROCRUN_LAUNCH");
  CHECK(run.status == 0, "status %x", run.status);
}

/* A number that somebody else has by now is nobody's to signal. */
static void test_number(void)
{
  Launched stranger = {.pid = getppid()};
  CHECK(launch_kill_number(&stranger, 0) == UV_ESRCH, "a process that is no child of ours");
}

static void tests(void)
{
  test_number();
  test_own_signals();
  test_signals();
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--own") == 0) return role_own();
  if (argc > 1) return role(argc, argv);
  set_up();
  return for_each_backend(tests);
}
