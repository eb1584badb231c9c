/* launch_child.c - what a child does between clone and exec; see launch_child.h.

   It runs in its parent's memory, with its parent's thread-local storage, on a small stack of its
   own: raw system calls only, nothing allocated, nothing written but its plan and the report, and
   no sanitizer, whose bookkeeping belongs to the parent. */
#include "modules/process/launch_child.h"

#include "modules/process/launch_impl.h"

#ifdef LAUNCH_LINUX
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules/process/guard.h"
#include "modules/process/launch_fds.h"

#define BARE __attribute__((no_sanitize("address", "undefined", "thread")))

enum { SIGNAL_BYTES = (_NSIG - 1 + 7) / 8, MOST_FDS = 1 << 20 };

/* 32-bit machines have a second, wide set of calls for ids. */
#ifdef SYS_setresuid32
enum { SETGROUPS = SYS_setgroups32, SETGID = SYS_setresgid32, SETUID = SYS_setresuid32 };
#else
enum { SETGROUPS = SYS_setgroups, SETGID = SYS_setresgid, SETUID = SYS_setresuid };
#endif

BARE static _Noreturn void quit(void)
{
  for (;;) syscall(SYS_exit_group, 127);
}

BARE static void check(const ChildPlan *plan, ChildStep step, long result)
{
  if (result >= 0) return;
  plan->report->code = errno;
  plan->report->step = (int)step;
  quit();
}

/* An all-zero kernel_sigaction is SIG_DFL, no flags, an empty mask, on every machine. Handlers must
   go before the mask does: they would run in the parent's memory. exec itself leaves ignored
   signals ignored, real-time ones too. */
BARE static void reset_signals(uint64_t set)
{
  const long zero[16] = {0};
  for (int signum = 1; signum < _NSIG; signum++)
    if (set >> (signum - 1) & 1) syscall(SYS_rt_sigaction, signum, zero, NULL, SIGNAL_BYTES);
}

/* A handler of ours was replaced by the default action. */
BARE static void ignore_signals(uint64_t set)
{
#ifdef __mips__
  const long ignore[16] = {0, (long)SIG_IGN};
#else
  const long ignore[16] = {(long)SIG_IGN};
#endif
  for (int signum = 1; signum < _NSIG; signum++)
    if (set >> (signum - 1) & 1) syscall(SYS_rt_sigaction, signum, ignore, NULL, SIGNAL_BYTES);
}

BARE static void empty_mask(void)
{
  const long none[16] = {0};
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, SIGNAL_BYTES);
}

/* Targets are filled in ascending order, so a source below its target would be gone by then: it is
   moved above all targets first. So is the pipe, which must live until exec. */
BARE static void move_fds(const ChildPlan *plan)
{
  int count = plan->spec->fd_count;
  for (int i = 0; i < count; i++) {
    if (plan->from[i] < 0 || plan->from[i] >= i) continue;
    long fd = syscall(SYS_fcntl, plan->from[i], F_DUPFD_CLOEXEC, count);
    check(plan, CHILD_STDIO, fd);
    plan->from[i] = (int)fd;
  }
  if (plan->sync >= 0 && plan->sync < count)
    check(plan, CHILD_STDIO, syscall(SYS_fcntl, plan->sync, F_DUPFD_CLOEXEC, count));
}

/* The kernel's entry of a directory. */
typedef struct Entry {
  uint64_t inode, offset;
  unsigned short size;
  unsigned char type;
  char name[];
} Entry;

BARE static void hide_entry(const ChildPlan *plan, const Entry *entry)
{
  int fd = 0;
  for (const char *c = entry->name; *c != '\0'; c++) {
    if (*c < '0' || *c > '9') return;
    fd = fd * 10 + (*c - '0');
  }
  if (fd >= plan->spec->fd_count) syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
}

/* Those that are open, one by one. */
BARE static bool hide_open(const ChildPlan *plan)
{
  _Alignas(Entry) char buffer[2048];
  long n, list = syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (list < 0) return false;
  while ((n = syscall(SYS_getdents64, list, buffer, sizeof buffer)) > 0)
    for (long at = 0; at < n; at += ((const Entry *)(buffer + at))->size)
      hide_entry(plan, (const Entry *)(buffer + at));
  return n == 0;
}

/* Without /proc: no descriptor stands at the hard limit or above. */
BARE static void hide_all(const ChildPlan *plan)
{
  uint64_t limit[2] = {0, MOST_FDS};
  syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, limit);
  int end = limit[1] > MOST_FDS ? MOST_FDS : (int)limit[1];
  for (int fd = plan->spec->fd_count; fd < end; fd++) syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
}

/* Last, everything above is marked: also what another thread of the parent has opened without
   O_CLOEXEC up to the moment our table became our own. */
BARE static void hide_fds(const ChildPlan *plan)
{
  int count = plan->spec->fd_count;
  if (!plan->no_range && syscall(SYS_close_range, count, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  if (!hide_open(plan)) hide_all(plan);
}

BARE static void place_fds(const ChildPlan *plan)
{
  move_fds(plan);
  for (int i = 0; i < plan->spec->fd_count; i++) {
    if (plan->from[i] < 0)
      syscall(SYS_close, i);
    else if (plan->from[i] == i)
      check(plan, CHILD_STDIO, syscall(SYS_fcntl, i, F_SETFD, 0));
    else
      check(plan, CHILD_STDIO, syscall(SYS_dup3, plan->from[i], i, 0));
  }
  hide_fds(plan);
}

/* While the parent's descriptors are to be seen. */
BARE static void tell_guard(const ChildPlan *plan)
{
  GuardRecord *record = plan->spec->record;
  record->pid = (int32_t)syscall(SYS_getpid);
  check(plan, CHILD_GUARD,
        syscall(SYS_sendto, plan->spec->guard, record, sizeof *record, MSG_NOSIGNAL | MSG_DONTWAIT,
                NULL, 0));
}

BARE static void set_limit(const ChildPlan *plan, int resource, const struct rlimit *limit)
{
  const uint64_t pair[2] = {
      limit->rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit->rlim_cur,
      limit->rlim_max == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit->rlim_max};
  check(plan, CHILD_LIMIT, syscall(SYS_prlimit64, 0, resource, pair, NULL));
}

/* After the descriptors are in place: some may stand above a limit that is lowered here. */
BARE static void set_limits(const ChildPlan *plan)
{
  plan->report->limit = -1;
  if (plan->lower_nofile) set_limit(plan, RLIMIT_NOFILE, &plan->nofile);
  for (int i = 0; i < plan->spec->limit_count; i++) {
    plan->report->limit = i;
    set_limit(plan, plan->spec->limits[i].resource, &plan->spec->limits[i].limit);
  }
}

/* "0" is whoever writes it. Before the ids change, which may lack the right. */
BARE static void join_cgroup(const ChildPlan *plan)
{
  long fd = syscall(SYS_openat, AT_FDCWD, plan->spec->cgroup, O_WRONLY | O_CLOEXEC);
  check(plan, CHILD_CGROUP, fd);
  check(plan, CHILD_CGROUP, syscall(SYS_write, fd, "0", 1));
  syscall(SYS_close, fd);
}

/* glibc's own functions would try to change every thread of the parent. */
BARE static void set_ids(const ChildPlan *plan)
{
  const LaunchSpec *spec = plan->spec;
  if (plan->clear_groups) check(plan, CHILD_GROUPS, syscall(SETGROUPS, 0, NULL));
  if (spec->set_gid) check(plan, CHILD_GID, syscall(SETGID, spec->gid, spec->gid, spec->gid));
  if (spec->set_uid) check(plan, CHILD_UID, syscall(SETUID, spec->uid, spec->uid, spec->uid));
}

/* After the ids, whose change forgets it. A parent that died before the call sends no signal: then
   we have another one by now. 0: the parent is in an outer pid namespace, out of our sight. */
BARE static void set_death_signal(const ChildPlan *plan)
{
  check(plan, CHILD_DEATH_SIGNAL,
        syscall(SYS_prctl, PR_SET_PDEATHSIG, plan->spec->death_signal, 0, 0, 0));
  long parent = syscall(SYS_getppid);
  if (parent != 0 && parent != plan->parent) quit();
}

/* As execvp goes on to the next element, and as it does not: whatever is found, but cannot be run
   for a reason of its own (ENOEXEC, E2BIG, ETXTBSY, …), ends the search. */
BARE static bool search_goes_on(int code)
{
  return code == EACCES || code == ENOENT || code == ENOTDIR || code == ESTALE || code == ENODEV ||
         code == ETIMEDOUT || code == ENAMETOOLONG;
}

BARE static void execute(const ChildPlan *plan)
{
  const LaunchSpec *spec = plan->spec;
  if (plan->path == NULL)
    check(plan, CHILD_EXEC, syscall(SYS_execve, spec->file, spec->argv, spec->envp));
  bool denied = false;
  int code = ENOENT;
  for (const char *rest = plan->path; rest != NULL;) {
    rest = launch_candidate(rest, spec->file, plan->candidate);
    syscall(SYS_execve, plan->candidate, spec->argv, spec->envp);
    code = errno;
    if (!search_goes_on(code)) break;
    if (code == EACCES) denied = true;
    code = denied ? EACCES : ENOENT;
  }
  errno = code;
  check(plan, CHILD_EXEC, -1);
}

BARE int child_main(void *arg)
{
  const ChildPlan *plan = arg;
  const LaunchSpec *spec = plan->spec;
  *plan->seen = true;
  if (spec->guard != 0) tell_guard(plan);
  if (plan->unshare)
    check(plan, CHILD_UNSHARE, syscall(SYS_close_range, SLOT_LOW, ~0U, CLOSE_RANGE_UNSHARE));
  reset_signals(plan->reset);
  if (spec->unheard != 0) ignore_signals(spec->unheard);
  if (spec->new_session)
    check(plan, CHILD_SESSION, syscall(SYS_setsid));
  else if (spec->new_group)
    check(plan, CHILD_GROUP, syscall(SYS_setpgid, 0, 0));
  place_fds(plan);
  if (spec->cwd != NULL) check(plan, CHILD_CWD, syscall(SYS_chdir, spec->cwd));
  if (spec->umask >= 0) syscall(SYS_umask, spec->umask);
  if (spec->cgroup != NULL) join_cgroup(plan);
  if (spec->set_nice)
    check(plan, CHILD_NICE, syscall(SYS_setpriority, PRIO_PROCESS, 0, spec->nice));
  set_limits(plan);
  set_ids(plan);
  if (spec->death_signal != 0) set_death_signal(plan);
  if (plan->masked) empty_mask();
  execute(plan);
  return 0;
}
#endif
