/* runner_test.c - one test, from its temp directory to the search for what it left behind. */
#include "tests/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SKIP_STATUS = 77, MAX_OUTPUT = 64 << 20 };

/* A child that was to die with the test gets this long to do so. */
static const double GRACE = 0.5;

void result_note(Result *r, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  int n = vsnprintf(r->note + r->used, sizeof r->note - r->used, format, args);
  va_end(args);
  size_t room = sizeof r->note - 2 - r->used;
  r->used += (size_t)n < room ? (size_t)n : room;
  r->note[r->used++] = '\n';
  r->note[r->used] = '\0';
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
  (void)st, (void)ftw;
  if (kind == FTW_DP || kind == FTW_D || kind == FTW_DNR)
    rmdir(path);
  else
    unlink(path);
  return 0;
}

/* Directories a test made unreadable are opened up first, for a runner that is not root. */
static int unlock_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
  (void)st, (void)ftw;
  if (kind == FTW_D || kind == FTW_DNR) chmod(path, 0700);
  return 0;
}

static void remove_tree(const char *dir)
{
  nftw(dir, unlock_entry, 16, FTW_PHYS);
  nftw(dir, remove_entry, 16, FTW_PHYS | FTW_DEPTH);
}

static void set_environment(const Options *o, const char *tmp)
{
  /* What the user's shell says about Lua, or a channel above us, is no part of a test. */
  static const char *const gone[] = {
      "LUA_INIT",     "LUA_INIT_5_4",  "LUA_PATH",        "LUA_CPATH",
      "LUA_PATH_5_4", "LUA_CPATH_5_4", "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE"};
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) unsetenv(gone[i]);
  setenv("TMPDIR", tmp, 1);
  setenv("PROCRUN", o->procrun, 1);
  setenv("PROCRUN_CHECK", "1", 1);
  setenv("PROCRUN_BUILD", RUNNER_BUILD, 1);
  setenv("UBSAN_OPTIONS", "print_stacktrace=1", 0);
  char self[4096];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n > 0) {
    self[n] = '\0';
    setenv("PROCRUN_RUNNER", self, 1);
  }
}

/* The test itself: a session of its own, so that no terminal reaches it. */
_Noreturn static void exec_test(const Options *o, const Test *t, int output, const char *tmp)
{
  int null = open("/dev/null", O_RDONLY);
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  static const int left[] = {SIGHUP, SIGINT, SIGQUIT}; /* ignored by nohup, by a script's & */
  for (size_t i = 0; i < sizeof left / sizeof *left; i++) signal(left[i], SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  set_environment(o, tmp);
  if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(127);
  close(null);
  if (chdir(o->root) != 0) _exit(127);
  if (t->unit)
    execl(t->path, t->path, (char *)NULL);
  else
    execl(o->procrun, o->procrun, t->path, (char *)NULL);
  fprintf(stderr, "%s: %s\n", t->unit ? t->path : o->procrun, strerror(errno));
  _exit(127);
}

/* Reaps; true when the test itself has ended. Orphans that end meanwhile are no fault. */
static bool reap(pid_t test, int *status, bool *none_left)
{
  bool ended = false;
  int s;
  pid_t pid;
  while ((pid = waitpid(-1, &s, WNOHANG)) > 0)
    if (pid == test) {
      *status = s;
      ended = true;
    }
  *none_left = pid < 0 && errno == ECHILD;
  return ended;
}

/* The next signal of the set, or 0 after at most `seconds`. */
static int next_signal(const sigset_t *set, double seconds)
{
  if (seconds < 0) seconds = 0;
  struct timespec ts = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  int signum = sigtimedwait(set, NULL, &ts);
  return signum < 0 ? 0 : signum;
}

static bool too_much(int output)
{
  struct stat st;
  return fstat(output, &st) == 0 && st.st_size > MAX_OUTPUT;
}

/* Waits for the end. False, with a note, when the test has to be ended by force. */
static bool watch(pid_t pid, const Test *t, int output, const sigset_t *set, int *status, Result *r)
{
  bool none_left;
  double end = now() + t->limit;
  while (!reap(pid, status, &none_left)) {
    double left = end - now();
    if (left <= 0) {
      result_note(r, "timed out after %g s", t->limit);
      tree_describe(r, "still running");
      return false;
    }
    if (too_much(output)) {
      result_note(r, "wrote more than %d MiB", MAX_OUTPUT >> 20);
      return false;
    }
    int signum = next_signal(set, left < 1 ? left : 1);
    if (signum == SIGTERM || signum == SIGINT) {
      result_note(r, "interrupted");
      return false;
    }
  }
  return true;
}

/* Whatever lives on after the test is told. */
static void check_left_behind(const sigset_t *set, Result *r)
{
  int status;
  bool none_left;
  double end = now() + GRACE;
  reap(0, &status, &none_left);
  while (!none_left && now() < end) {
    next_signal(set, end - now());
    reap(0, &status, &none_left);
  }
  if (!none_left) tree_describe(r, "left behind");
}

/* The reason on the last line of the output ("skip: no IPv6 here"), or NULL. */
static const char *skip_reason(int output, char *text, size_t room)
{
  off_t size = lseek(output, 0, SEEK_END);
  off_t from = size > (off_t)room - 1 ? size - (off_t)room + 1 : 0;
  ssize_t n = pread(output, text, room - 1, from);
  while (n > 0 && text[n - 1] == '\n') n--;
  text[n > 0 ? n : 0] = '\0';
  char *line = strrchr(text, '\n');
  line = line != NULL ? line + 1 : text;
  return strncmp(line, "skip: ", 6) == 0 ? line + 6 : NULL;
}

static void judge(int status, int output, Result *r)
{
  char text[1024];
  if (WIFSIGNALED(status))
    result_note(r, "died of signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
  else if (WEXITSTATUS(status) == SKIP_STATUS && r->used == 0) {
    const char *reason = skip_reason(output, text, sizeof text);
    result_note(r, "%s", reason != NULL ? reason : "exit status 77 without a line 'skip: REASON'");
    r->outcome = reason != NULL ? SKIPPED : FAILED;
    return;
  } else if (WEXITSTATUS(status) != 0)
    result_note(r, "exit status %d", WEXITSTATUS(status));
  r->outcome = r->used == 0 ? PASSED : FAILED;
}

void run_test(const Options *o, const Test *t, int output, Result *r)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);

  const char *base = getenv("TMPDIR");
  char tmp[4096];
  snprintf(tmp, sizeof tmp, "%s/procrun-test-XXXXXX", base != NULL && *base ? base : "/tmp");
  if (mkdtemp(tmp) == NULL) {
    result_note(r, "%s: %s", tmp, strerror(errno));
    r->outcome = FAILED;
    _exit(0);
  }
  double start = now();
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) exec_test(o, t, output, tmp);
  bool ended = pid > 0 && watch(pid, t, output, &set, &status, r);
  r->seconds = now() - start;
  if (ended) check_left_behind(&set, r);
  tree_kill();
  if (pid < 0) result_note(r, "fork: %s", strerror(errno));
  if (ended)
    judge(status, output, r);
  else
    r->outcome = FAILED;
  remove_tree(tmp);
  _exit(0);
}
