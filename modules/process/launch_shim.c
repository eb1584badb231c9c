/* launch_shim.c - the re-exec behind launch_uv.c; see launch_shim.h.

   It is started with a word that no script's name begins with, the number of a socket, the file, and
   the arguments proper. What it is to do comes over the socket, which exec closes; what has failed
   goes back over it. */
#include "modules/process/launch_shim.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#elif defined(__FreeBSD__)
#include <sys/procctl.h>
#endif

#include "modules/process/guard.h"

#if defined(__linux__) || defined(__FreeBSD__)
enum { HAS_DEATH_SIGNAL = true };
#else
enum { HAS_DEATH_SIGNAL = false }; /* autokill then acts at our exit only */
#endif

enum { OWN_ARGUMENTS = 4, MOST_LIMITS = 16, FD_SIZE = 12 };
static const char ROLE[] = "--procrun-launch";

/* Both ends are the same program. */
typedef struct ShimPlan {
  LaunchSpec spec; /* what is no pointer, of what the re-exec is for */
  LaunchLimit limits[MOST_LIMITS];
  char cgroup[PATH_MAX];
  GuardRecord record;
  pid_t parent;
} ShimPlan;

bool shim_wanted(const LaunchSpec *spec)
{
  bool dies = HAS_DEATH_SIGNAL && spec->death_signal != 0;
  bool grouped = spec->new_group && !spec->new_session;
  return grouped || spec->umask >= 0 || spec->set_nice || spec->limit_count > 0 || dies ||
         spec->set_uid || spec->set_gid || spec->cgroup != NULL || spec->guard != 0 ||
         spec->unheard != 0;
}

/* Ours is opened, not asked for by name: that is how valgrind and qemu show the program and not
   themselves. Without /proc there is no other way to it. */
bool shim_runs_from(const char *path)
{
  bool same = true;
#ifdef __linux__
  struct stat own, named;
  int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd >= 0 && fstat(fd, &own) == 0)
    same = stat(path, &named) == 0 && named.st_dev == own.st_dev && named.st_ino == own.st_ino;
  if (fd >= 0) close(fd);
#endif
  return same;
}

/* The file may have been moved or replaced since the start: the kernel still has it. */
const char *shim_program(void)
{
  static char path[PATH_MAX];
  size_t size = sizeof path;
  if (path[0] == '\0' && uv_exepath(path, &size) != 0) path[0] = '\0';
  if (path[0] != '\0' && shim_runs_from(path)) return path;
  return access("/proc/self/exe", X_OK) == 0 ? "/proc/self/exe" : NULL;
}

char **shim_argv(const LaunchSpec *spec, const char *file, int fd)
{
  size_t count = 1;
  while (spec->argv[count - 1] != NULL) count++;
  char **argv = malloc((count + OWN_ARGUMENTS) * sizeof *argv + FD_SIZE);
  if (argv == NULL) return NULL;
  char *number = (char *)(argv + count + OWN_ARGUMENTS);
  snprintf(number, FD_SIZE, "%d", fd);
  argv[0] = (char *)"procrun";
  argv[1] = (char *)ROLE;
  argv[2] = number;
  argv[3] = (char *)file;
  memcpy(argv + OWN_ARGUMENTS, spec->argv, count * sizeof *argv);
  return argv;
}

int shim_send(int fd, const LaunchSpec *spec)
{
  static ShimPlan plan;
  if (spec->limit_count > MOST_LIMITS) return UV_EINVAL;
  if (spec->cgroup != NULL && strlen(spec->cgroup) >= sizeof plan.cgroup) return UV_ENAMETOOLONG;
  memset(&plan, 0, sizeof plan);
  plan.spec.new_group = spec->new_group && !spec->new_session;
  plan.spec.set_uid = spec->set_uid;
  plan.spec.uid = spec->uid;
  plan.spec.set_gid = spec->set_gid;
  plan.spec.gid = spec->gid;
  plan.spec.death_signal = spec->death_signal;
  plan.spec.umask = spec->umask;
  plan.spec.set_nice = spec->set_nice;
  plan.spec.nice = spec->nice;
  plan.spec.limit_count = spec->limit_count;
  plan.spec.guard = spec->guard;
  plan.spec.unheard = spec->unheard;
  plan.parent = getpid();
  for (int i = 0; i < spec->limit_count; i++) {
    plan.limits[i].resource = spec->limits[i].resource;
    plan.limits[i].limit = spec->limits[i].limit;
  }
  if (spec->cgroup != NULL) strcpy(plan.cgroup, spec->cgroup);
  if (spec->guard != 0) plan.record = *spec->record;
  ssize_t n = send(fd, &plan, sizeof plan, MSG_DONTWAIT);
  return n == (ssize_t)sizeof plan ? 0 : n < 0 ? -errno : UV_ENOBUFS;
}

void shim_await(int fd, ChildReport *report)
{
  ssize_t n;
  do n = recv(fd, report, sizeof *report, MSG_WAITALL);
  while (n < 0 && errno == EINTR);
  if (n != (ssize_t)sizeof *report) *report = (ChildReport){0};
}

/* The child's side ------------------------------------------------------------------------------- */

typedef struct Shim {
  ShimPlan plan;
  ChildReport report;
  int fd;
} Shim;

static void check(Shim *shim, ChildStep step, int result)
{
  if (result >= 0) return;
  shim->report.step = (int)step;
  shim->report.code = errno;
  while (send(shim->fd, &shim->report, sizeof shim->report, 0) < 0 && errno == EINTR) continue;
  _exit(127);
}

/* The guard's descriptor is the one behind ours. */
static void tell_guard(Shim *shim)
{
  int fd = shim->fd + 1;
  GuardRecord *record = &shim->plan.record;
  record->pid = (int32_t)getpid();
  check(shim, CHILD_GUARD, (int)send(fd, record, sizeof *record, MSG_NOSIGNAL | MSG_DONTWAIT));
  close(fd);
}

static void join_cgroup(Shim *shim)
{
  int fd = open(shim->plan.cgroup, O_WRONLY | O_CLOEXEC);
  check(shim, CHILD_CGROUP, fd);
  check(shim, CHILD_CGROUP, (int)write(fd, "0", 1));
  close(fd);
}

static void set_limits(Shim *shim)
{
#ifdef __GLIBC__
  typedef enum __rlimit_resource Resource;
#else
  typedef int Resource;
#endif
  for (int i = 0; i < shim->plan.spec.limit_count; i++) {
    const LaunchLimit *one = &shim->plan.limits[i];
    shim->report.limit = i;
    check(shim, CHILD_LIMIT, setrlimit((Resource)one->resource, &one->limit));
  }
}

static void set_ids(Shim *shim)
{
  const LaunchSpec *spec = &shim->plan.spec;
  if (!spec->set_uid && !spec->set_gid) return;
  if (geteuid() == 0) check(shim, CHILD_GROUPS, setgroups(0, NULL));
  if (spec->set_gid) check(shim, CHILD_GID, setgid(spec->gid));
  if (spec->set_uid) check(shim, CHILD_UID, setuid(spec->uid));
}

/* After the ids, whose change forgets it; see launch_child.c. */
static void set_death_signal(Shim *shim)
{
  int signum = shim->plan.spec.death_signal;
#ifdef __linux__
  check(shim, CHILD_DEATH_SIGNAL, prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0));
#elif defined(__FreeBSD__)
  check(shim, CHILD_DEATH_SIGNAL, procctl(P_PID, 0, PROC_PDEATHSIG_CTL, &signum));
#endif
  pid_t parent = getppid();
  if (parent != 0 && parent != shim->plan.parent) _exit(127);
}

static void do_steps(Shim *shim)
{
  const LaunchSpec *spec = &shim->plan.spec;
  if (spec->guard != 0) tell_guard(shim);
  for (int signum = 1; signum < 64; signum++)
    if (spec->unheard >> (signum - 1) & 1) signal(signum, SIG_IGN);
  if (spec->new_group) check(shim, CHILD_GROUP, setpgid(0, 0));
  if (spec->umask >= 0) umask((mode_t)spec->umask);
  if (shim->plan.cgroup[0] != '\0') join_cgroup(shim);
  if (spec->set_nice) check(shim, CHILD_NICE, setpriority(PRIO_PROCESS, 0, spec->nice));
  set_limits(shim);
  set_ids(shim);
  if (spec->death_signal != 0 && HAS_DEATH_SIGNAL) set_death_signal(shim);
}

void shim_main(int argc, char **argv)
{
  extern char **environ;
  static Shim shim;
  if (argc <= OWN_ARGUMENTS || strcmp(argv[1], ROLE) != 0) return;
  shim.fd = atoi(argv[2]);
  fcntl(shim.fd, F_SETFD, FD_CLOEXEC);
  ssize_t n = recv(shim.fd, &shim.plan, sizeof shim.plan, MSG_WAITALL);
  if (n != (ssize_t)sizeof shim.plan) _exit(127);
  do_steps(&shim);
  execve(argv[3], argv + OWN_ARGUMENTS, environ);
  check(&shim, CHILD_EXEC, -1);
}
