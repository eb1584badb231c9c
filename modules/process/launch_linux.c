/* launch_linux.c - the Linux back end of launch.h: clone with our memory and our descriptor table.

   The parent's thread sleeps until the child has called execve or ended, so one stack and one page
   for the report serve all launches. What the kernel or an emulator (valgrind) does not offer is
   learnt once: first the pidfd is dropped, then the sharing. */
#include "modules/process/launch_impl.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/process/launch_child.h"
#include "modules/process/launch_clone3.h"
#include "modules/process/launch_fds.h"
#include "modules/process/launch_watch.h"
#include "runtime/nofile.h"

enum { STACK_SIZE = 64 * 1024, FEW_FDS = 32 };

/* ThreadSanitizer wraps clone and takes every child for a forked one. */
#ifdef __has_feature
#define FEATURE(name) __has_feature(name)
#else
#define FEATURE(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || FEATURE(thread_sanitizer)
#define ALWAYS_FORK true
#else
#define ALWAYS_FORK false
#endif

/* Learnt at run time. */
static bool shares;                     /* a child really runs in our memory */
static bool never_shares = ALWAYS_FORK; /* clone refuses, or emulates it by a fork */
static bool never_unshare; /* no close_range: a shared descriptor table could not be left */
static bool never_clear;   /* no clone3, or without CLONE_CLEAR_SIGHAND */
static uint64_t ignored;   /* signals that may be ignored: bit n - 1 */

static char *stack; /* STACK_SIZE, downwards from its end */
static ChildReport *report;

/* One attempt at a child. */
typedef struct Attempt {
  ChildPlan plan;
  bool shared; /* CLONE_VM and CLONE_VFORK */
  bool pidfd;
  bool clear; /* CLONE_CLEAR_SIGHAND */
  volatile bool seen;
  int sync; /* read end of the pipe that exec closes; -1 where clone itself waits for exec */
  int few[FEW_FDS];
} Attempt;

/* Both are made once: the stack with a page below it that nobody may touch. */
static int make_memory(void)
{
  if (report != NULL) return 0;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *memory = mmap(NULL, STACK_SIZE + page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return UV_ENOMEM;
  void *shared = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
    munmap(memory, STACK_SIZE + page);
    if (shared != MAP_FAILED) munmap(shared, page);
    return UV_ENOMEM;
  }
  stack = memory + page;
  report = shared;
  return 0;
}

/* Inherited "ignore SIGCHLD" would let the kernel reap our children and drop their status. */
static void mend_sigchld(void)
{
  struct sigaction now;
  if (sigaction(SIGCHLD, NULL, &now) != 0) return;
  if (now.sa_handler != SIG_IGN && !(now.sa_flags & SA_NOCLDWAIT)) return;
  if (now.sa_handler == SIG_IGN) now.sa_handler = SIG_DFL;
  now.sa_flags &= ~SA_NOCLDWAIT;
  sigaction(SIGCHLD, &now, NULL);
}

/* Those that are ignored now. */
static void learn_signals(void)
{
  for (int signum = 1; signum < _NSIG; signum++) {
    long now[16] = {
        0}; /* glibc's own function hides two; the handler is the first or second word */
    syscall(SYS_rt_sigaction, signum, NULL, now, (_NSIG - 1 + 7) / 8);
    if (now[0] == (long)SIG_IGN || now[1] == (long)SIG_IGN) ignored |= UINT64_C(1) << (signum - 1);
  }
}

static void mend_signals(const LaunchSpec *spec)
{
  static bool learnt;
  ignored |= spec->ignored;
  if (learnt && spec->own_signals) return;
  mend_sigchld();
  if (!learnt) learn_signals();
  learnt = true;
}

/* Everything the child would otherwise have to allocate. 0, or a code told with *step. */
static int make_plan(Attempt *a, const LaunchSpec *spec, const char **step)
{
  ChildPlan *plan = &a->plan;
  *plan = (ChildPlan){.spec = spec,
                      .no_range = !launch_mode()->range,
                      .sync = -1,
                      .report = report,
                      .seen = &a->seen,
                      .from = a->few};
  if (spec->death_signal != 0) plan->parent = getpid();
  plan->lower_nofile = nofile_original(&plan->nofile);
  plan->clear_groups = (spec->set_uid || spec->set_gid) && geteuid() == 0;
  *step = "exec";
  size_t length = strlen(spec->file);
  if (length == 0) return UV_ENOENT;
  *step = "fork";
  if (spec->fd_count > FEW_FDS) {
    plan->from = malloc((size_t)spec->fd_count * sizeof *plan->from);
    if (plan->from == NULL) return UV_ENOMEM;
  }
  if (strchr(spec->file, '/') != NULL) return 0;
  *step = "exec";
  if (length > NAME_MAX) return UV_ENAMETOOLONG;
  *step = "fork";
  plan->path = launch_path(spec->envp);
  plan->candidate = malloc(strlen(plan->path) + length + 3);
  return plan->candidate == NULL ? UV_ENOMEM : 0;
}

static void free_plan(Attempt *a)
{
  if (a->plan.from != a->few) free(a->plan.from);
  free(a->plan.candidate);
}

/* glibc's own functions leave its two internal signals unblocked. */
static void block_all(uint64_t *old)
{
  uint64_t all[2] = {UINT64_MAX, UINT64_MAX};
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, all, old, (_NSIG - 1 + 7) / 8);
}

static void unblock(const uint64_t *old)
{
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, old, NULL, (_NSIG - 1 + 7) / 8);
}

/* A clone that shares memory returns when the child has left it by exec or exit. Any other is
   followed by a pipe; so is the first, since we do not know yet which kind it is. */
static int open_sync(Attempt *a)
{
  int ends[2];
  a->sync = a->plan.sync = -1;
  if (a->shared && shares) return 0;
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  a->sync = ends[0];
  a->plan.sync = ends[1];
  return 0;
}

static void await_exec(Attempt *a)
{
  if (a->sync < 0) return;
  char byte;
  close(a->plan.sync);
  while (read(a->sync, &byte, 1) < 0 && errno == EINTR) continue;
  close(a->sync);
}

/* Handlers would run in the parent's memory: the child has none, or all signals are blocked. */
static pid_t call_clone(Attempt *a, unsigned flags, int *pidfd)
{
  if (a->clear) {
    struct clone_args args = {.flags = flags | CLONE_CLEAR_SIGHAND,
                              .pidfd = (uintptr_t)pidfd,
                              .exit_signal = SIGCHLD,
                              .stack = (uintptr_t)stack,
                              .stack_size = STACK_SIZE};
    return (pid_t)clone3_run(&args, child_main, &a->plan);
  }
  uint64_t mask[2];
  block_all(mask);
  pid_t pid =
      clone(child_main, stack + STACK_SIZE, (int)(flags | SIGCHLD), &a->plan, pidfd, NULL, NULL);
  if (pid < 0) pid = -errno;
  unblock(mask);
  return pid;
}

/* Runs one child up to its exec. The pid or a libuv code. CLONE_FILES only once the memory is known
   to be shared: valgrind, which emulates the rest by fork, ends the program at it. */
static pid_t run_clone(Attempt *a, int *pidfd)
{
  const LaunchSpec *spec = a->plan.spec;
  size_t bytes = (size_t)spec->fd_count * sizeof *spec->fds;
  memcpy(a->plan.from, spec->fds, bytes);
  a->seen = false;
  *report = (ChildReport){0};
  int code = open_sync(a);
  if (code != 0) return code;
  a->plan.unshare = a->shared && shares && !a->plan.no_range && !never_unshare &&
                    slots_lend(a->plan.from, spec->fd_count);
  a->plan.masked = !a->clear;
  a->plan.reset = (a->clear ? ignored : UINT64_MAX) & ~spec->unheard;
  *pidfd = -1;
  pid_t pid = call_clone(a,
                         (a->pidfd ? CLONE_PIDFD : 0) | (a->plan.unshare ? CLONE_FILES : 0) |
                             (a->shared ? CLONE_VM | CLONE_VFORK : 0),
                         pidfd);
  slots_return();
  await_exec(a);
  return pid;
}

/* Drops what the kernel refuses until it takes the rest, and remembers it if that was why. */
static pid_t try_clone(Attempt *a, int *pidfd)
{
  const bool shared = a->shared;
  bool unknown = false;
  pid_t pid;
  for (;;) {
    pid = run_clone(a, pidfd);
    bool refused = pid == UV_EINVAL || pid == UV_ENOSYS;
    bool full = pid == UV_EMFILE || pid == UV_ENFILE;
    if (a->clear && refused) {
      a->clear = false;
      never_clear = true;
    } else if (a->pidfd && (refused || full)) {
      a->pidfd = false;
      unknown = refused;
    } else if (a->shared && refused) {
      a->shared = false;
    } else {
      break;
    }
  }
  if (pid < 0) return pid;
  if (a->shared && a->seen) shares = true;
  if (shared && !(a->shared && a->seen))
    never_shares = true;
  else if (unknown)
    watch_no_pidfd();
  return pid;
}

/* At once, so that a failed launch leaves no zombie. */
static void bury(pid_t pid, int *pidfd)
{
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  if (*pidfd >= 0) close(*pidfd);
  *pidfd = -1;
}

/* A pidfd costs one descriptor a child; what only a descriptor can do comes first, so that half of
   them are not for pidfds. SIGCHLD does without. */
static bool pidfd_fits(int fd)
{
  nofile_note(fd);
  return (rlim_t)fd < nofile_limit() / 2;
}

static bool wants_pidfd(const LaunchSpec *spec)
{
  int highest = 0;
  for (int i = 0; i < spec->fd_count; i++)
    if (spec->fds[i] > highest) highest = spec->fds[i];
  return launch_mode()->pidfd && watch_has_pidfd() && pidfd_fits(highest);
}

/* A child whose first step failed for want of close_range is made anew without CLONE_FILES. */
static int run_once(Attempt *a, LaunchError *error, pid_t *pid, int *pidfd)
{
  do {
    a->shared = launch_mode()->shared && !never_shares;
    a->pidfd = wants_pidfd(a->plan.spec);
    a->clear =
        a->shared && shares && launch_mode()->clear && !never_clear && a->plan.spec->own_signals;
    *pid = try_clone(a, pidfd);
    if (*pid < 0) return launch_fail(error, *pid, "fork");
    if (report->step == CHILD_OK) return 0;
    bury(*pid, pidfd);
    if (report->step == CHILD_UNSHARE) never_unshare = true;
  } while (report->step == CHILD_UNSHARE);
  /* a bad descriptor is either a source that is not open or a target over the limit */
  bool bad = report->code == EBADF || report->code == EINVAL;
  if (report->step == CHILD_STDIO && bad)
    report->code = launch_check_fds(a->plan.spec) != 0 ? EBADF : EMFILE;
  return launch_fail(error, -report->code, child_step(report, a->plan.spec));
}

static int run_child(Launched *p, Attempt *a, LaunchError *error, int *pidfd)
{
  int code;
  do code = run_once(a, error, &p->pid, pidfd);
  while (code == UV_EMFILE && launch_make_room(p->loop));
  if (code != 0) p->pid = 0;
  return code;
}

static int linux_start(Launched *p, const LaunchSpec *spec, LaunchError *error)
{
  if (make_memory() != 0) return launch_fail(error, UV_ENOMEM, "fork");
  mend_signals(spec);
  Attempt a;
  const char *step;
  int pidfd = -1;
  int code = make_plan(&a, spec, &step);
  if (code != 0)
    launch_fail(error, code, step);
  else
    code = run_child(p, &a, error, &pidfd);
  free_plan(&a);
  if (code != 0) return code;
  if (pidfd >= 0 && !pidfd_fits(pidfd)) {
    close(pidfd);
    pidfd = -1;
  }
  p->pidfd = pidfd;
  p->running = true;
  code = watch_start(p);
  if (code == 0) return 0;
  kill(p->pid, SIGKILL);
  bury(p->pid, &p->pidfd);
  p->running = false;
  p->pid = 0;
  return launch_fail(error, code, "fork");
}

static int linux_kill(Launched *p, int signum)
{
#ifdef SYS_pidfd_send_signal
  static bool missing;
  if (p->pidfd >= 0 && !missing) {
    if (syscall(SYS_pidfd_send_signal, p->pidfd, signum, NULL, 0) == 0) return 0;
    if (errno != ENOSYS) return -errno;
    missing = true;
  }
#endif
  return launch_kill_number(p, signum);
}

const char *launch_linux_name(void)
{
  static char name[40];
  const LaunchMode *mode = launch_mode();
  bool shared = mode->shared && !never_shares, clear = mode->clear && !never_clear;
  snprintf(name, sizeof name, "%s+%s%s",
           !shared ? "fork"
           : clear ? "clone3"
                   : "clone",
           mode->pidfd && watch_has_pidfd() ? "pidfd" : "sigchld",
           mode->range && !never_unshare ? "+close_range" : "");
  return name;
}

const LaunchOps launch_linux_ops = {
    .start = linux_start, .kill = linux_kill, .ref = watch_ref, .give_up = watch_stop};
#endif
