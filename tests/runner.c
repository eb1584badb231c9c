/* runner.c - runs the tests, each in a process of its own, several at a time.
   tests-runner [--root DIR] [--procrun PATH] [--unit-dir DIR] [--jobs N] [--repeat N] [--slow]
                [--filter TEXT | TEXT] …
   A test is tests/<room>/<behaviour>.lua, run by procrun, or a unit-* executable. It passes when it
   exits with 0 in time and leaves no process behind; it is skipped when it exits with 77 and its
   last line is "skip: REASON". The last line of ours is "N passed, N failed[, N skipped]". */
#include "tests/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct Job {
  pid_t pid; /* 0: free */
  const Test *test;
  int output;
  Result *result; /* shared with the process that runs the test */
} Job;

typedef struct Run {
  const Options *o;
  TestList list;
  Job *jobs;
  size_t total, started, done, count[SKIPPED + 1];
  const char **failed; /* names */
  bool tty, interrupted;
} Run;

_Noreturn static void die(const char *what, const char *why)
{
  fprintf(stderr, "tests-runner: %s: %s\n", what, why);
  exit(2);
}

void *must(void *p)
{
  if (p == NULL) die("start", strerror(ENOMEM));
  return p;
}

double now(void)
{
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* On a terminal one line is rewritten: how far we are and what runs. */
static void show_progress(const Run *run)
{
  if (!run->tty) return;
  struct winsize w = {0};
  size_t columns = ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 80;
  char line[512];
  size_t n = (size_t)snprintf(line, sizeof line, "[%zu/%zu, %zu failed]", run->done, run->total,
                              run->count[FAILED]);
  for (int i = 0; i < run->o->jobs && n < sizeof line; i++)
    if (run->jobs[i].pid != 0)
      n += (size_t)snprintf(line + n, sizeof line - n, " %s", run->jobs[i].test->name);
  printf("\r\033[K%.*s", (int)columns - 1, line);
  fflush(stdout);
}

/* One line a test; on a terminal only for what did not pass. */
static void report(Run *run, const char *name, const Result *r)
{
  Outcome outcome = r->outcome == LOST ? FAILED : r->outcome;
  if (outcome == FAILED) run->failed[run->count[FAILED]] = name;
  run->count[outcome]++;
  run->done++;
  if (run->tty && outcome == PASSED) return;
  if (run->tty) fputs("\r\033[K", stdout);
  if (outcome == PASSED)
    printf("ok    %s (%.2f s)\n", name, r->seconds);
  else if (outcome == SKIPPED)
    printf("skip  %s: %s\n", name, r->note);
  else
    printf("FAIL  %s (%.2f s)\n", name, r->seconds);
}

/* What a failing test wrote, and why it failed. */
static void show_failure(const Job *job)
{
  enum { PIECE = 65536, SHOWN = 16 * PIECE };
  char buffer[PIECE], last = '\n';
  off_t size = lseek(job->output, 0, SEEK_END);
  ssize_t n;
  for (off_t at = 0; (n = pread(job->output, buffer, sizeof buffer, at)) > 0; at += n) {
    if (at == PIECE && size > SHOWN) { /* the start and the end of very much */
      at = size - SHOWN;
      printf("\n... %ld bytes left out ...\n", (long)(at - PIECE));
      if ((n = pread(job->output, buffer, sizeof buffer, at)) <= 0) break;
    }
    fwrite(buffer, 1, (size_t)n, stdout);
    last = buffer[n - 1];
  }
  if (last != '\n') putchar('\n');
  const char *note = job->result->note;
  for (size_t len; *note != '\0'; note += len + 1) {
    len = strcspn(note, "\n");
    printf("  -> %.*s\n", (int)len, note);
  }
  if (job->result->outcome == LOST) puts("  -> the process that watched the test has died");
}

static void finish(Run *run, Job *job)
{
  Result *r = job->result;
  if (r->outcome == SKIPPED && r->used > 0) r->note[r->used - 1] = '\0'; /* one line, no newline */
  report(run, job->test->name, r);
  if (r->outcome == LOST || r->outcome == FAILED) show_failure(job);
  close(job->output);
  job->pid = 0;
  fflush(stdout);
}

/* A file without a name: a pipe could be held open by what a test leaves behind. */
static int open_output(void)
{
  const char *base = getenv("TMPDIR");
  char name[PATH_MAX];
  snprintf(name, sizeof name, "%s/procrun-out-XXXXXX", base != NULL && *base ? base : "/tmp");
  int fd = mkostemp(name, O_APPEND | O_CLOEXEC);
  if (fd < 0) die(name, strerror(errno));
  unlink(name);
  return fd;
}

static void start(Run *run, Job *job, const Test *test)
{
  run->started++;
  if (test->skip != NULL) {
    Result r = {.outcome = SKIPPED};
    snprintf(r.note, sizeof r.note, "%s", test->skip);
    report(run, test->name, &r);
    return;
  }
  job->test = test;
  job->output = open_output();
  *job->result = (Result){.outcome = LOST};
  fflush(NULL);
  job->pid = fork();
  if (job->pid < 0) die("fork", strerror(errno));
  if (job->pid == 0) run_test(run->o, test, job->output, job->result);
}

static void reap(Run *run)
{
  pid_t pid;
  while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
    for (int i = 0; i < run->o->jobs; i++)
      if (run->jobs[i].pid == pid) finish(run, &run->jobs[i]);
}

static bool busy(const Run *run)
{
  for (int i = 0; i < run->o->jobs; i++)
    if (run->jobs[i].pid != 0) return true;
  return false;
}

/* Ctrl-C: the tests under way are ended, no other is started. */
static void interrupt(Run *run)
{
  run->interrupted = true;
  for (int i = 0; i < run->o->jobs; i++)
    if (run->jobs[i].pid != 0) kill(run->jobs[i].pid, SIGTERM);
}

static void run_all(Run *run)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, NULL);
  for (;;) {
    for (int i = 0; i < run->o->jobs && !run->interrupted; i++)
      while (run->jobs[i].pid == 0 && run->started < run->total)
        start(run, &run->jobs[i], &run->list.items[run->started % run->list.count]);
    if (!busy(run)) break;
    show_progress(run);
    if (sigwaitinfo(&set, NULL) != SIGCHLD) interrupt(run);
    reap(run);
  }
}

static char *absolute(const char *path)
{
  char *full = realpath(path, NULL);
  if (full == NULL) die(path, strerror(errno));
  return full;
}

static const char *value(int argc, char **argv, int *i)
{
  if (*i + 1 >= argc) die(argv[*i], "needs a value");
  return argv[++*i];
}

static int number(int argc, char **argv, int *i)
{
  const char *name = argv[*i], *text = value(argc, argv, i);
  char *end;
  long n = strtol(text, &end, 10);
  if (*end != '\0' || n < 1 || n > 1000000) die(name, "needs a whole number from 1");
  return (int)n;
}

static _Noreturn void help(void)
{
  puts(
      "tests-runner [options] [TEXT ...]   runs the tests whose names contain a TEXT; all without\n"
      "  --filter TEXT    the same\n"
      "  --root DIR       the top of the sources (.)\n"
      "  --procrun PATH   what runs tests/*/*.lua (build/procrun)\n"
      "  --unit-dir DIR   where the unit-* executables are (build)\n"
      "  --jobs N         how many at a time (as many as there are processors)\n"
      "  --repeat N       each so often\n"
      "  --slow           those that take long, too");
  exit(0);
}

static Options parse(int argc, char **argv)
{
  const char *root = ".", *procrun = "build/procrun", *unit_dir = "build";
  Options o = {.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN), .repeat = 1};
  o.filters = must(calloc((size_t)argc, sizeof *o.filters));
  for (int i = 1; i < argc; i++) {
    const char *a = argv[i];
    if (strcmp(a, "--root") == 0)
      root = value(argc, argv, &i);
    else if (strcmp(a, "--procrun") == 0)
      procrun = value(argc, argv, &i);
    else if (strcmp(a, "--unit-dir") == 0)
      unit_dir = value(argc, argv, &i);
    else if (strcmp(a, "--jobs") == 0)
      o.jobs = number(argc, argv, &i);
    else if (strcmp(a, "--repeat") == 0)
      o.repeat = number(argc, argv, &i);
    else if (strcmp(a, "--slow") == 0)
      o.slow = true;
    else if (strcmp(a, "--filter") == 0)
      o.filters[o.filter_count++] = value(argc, argv, &i);
    else if (strcmp(a, "--help") == 0)
      help();
    else if (a[0] == '-')
      die(a, "unknown option; --help lists them");
    else
      o.filters[o.filter_count++] = a;
  }
  if (o.jobs < 1) o.jobs = 1;
  o.root = absolute(root);
  o.procrun = absolute(procrun);
  o.unit_dir = absolute(unit_dir);
  return o;
}

/* The last line of the output, and whether all went well. */
static int summary(const Run *run)
{
  if (run->tty) fputs("\r\033[K", stdout);
  if (run->total == 0) puts("no test was found");
  if (run->interrupted) puts("interrupted");
  for (size_t i = 0; i < run->count[FAILED]; i++) printf("failed: %s\n", run->failed[i]);
  printf("%zu passed, %zu failed", run->count[PASSED], run->count[FAILED]);
  if (run->count[SKIPPED] > 0) printf(", %zu skipped", run->count[SKIPPED]);
  putchar('\n');
  if (run->interrupted) return 130;
  return run->count[FAILED] > 0 || run->count[PASSED] == 0;
}

static void release(Run *run, Options *o)
{
  for (size_t i = 0; i < run->list.count; i++) {
    free(run->list.items[i].name);
    free(run->list.items[i].path);
    free(run->list.items[i].skip);
  }
  free(run->list.items);
  free(run->failed);
  free(run->jobs);
  free(o->filters);
  free(o->root);
  free(o->procrun);
  free(o->unit_dir);
}

int main(int argc, char **argv)
{
  Options o = parse(argc, argv);
  Run run = {.o = &o, .tty = isatty(1)};
  list_tests(&o, &run.list);
  run.total = run.list.count * (size_t)o.repeat;
  run.failed = must(calloc(run.total + 1, sizeof *run.failed));
  run.jobs = must(calloc((size_t)o.jobs, sizeof *run.jobs));
  Result *results = mmap(NULL, (size_t)o.jobs * sizeof *results, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (results == MAP_FAILED) die("start", strerror(errno));
  for (int i = 0; i < o.jobs; i++) run.jobs[i].result = &results[i];

  run_all(&run);
  int status = summary(&run);
  release(&run, &o);
  return status;
}
