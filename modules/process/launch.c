/* launch.c - starts, signals and releases children through the back end in force; see launch.h. */
#include "modules/process/launch_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "modules/process/guard.h"
#include "modules/process/launch_shim.h"
#ifdef LAUNCH_LINUX
#include "modules/process/launch_fds.h"
#include "modules/process/launch_watch.h"
#endif
#include "runtime/nofile.h"
#ifdef PROCRUN_TEST_HOOKS
#include <stdlib.h>
#endif

#ifdef LAUNCH_LINUX
static LaunchMode mode = {
    .clone = true, .shared = true, .pidfd = true, .clear = true, .range = true};
#else
static LaunchMode mode = {.clone = false};
#endif

#ifdef PROCRUN_TEST_HOOKS
bool launch_force(const char *name)
{
  static const struct {
    const char *name;
    LaunchMode mode;
  } modes[] = {
      {"uv", {.clone = false}},
#ifdef LAUNCH_LINUX
      {"clone", {true, true, true, true, true}},
      {"clone-sigchld", {true, true, false, true, true}},
      {"clone-noclear", {true, true, true, false, true}},
      {"clone-norange", {true, true, true, true, false}},
      {"fork-pidfd", {true, false, true, true, true}},
      {"fork-sigchld", {true, false, false, false, false}},
#endif
  };
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    if (strcmp(name, modes[i].name) != 0) continue;
    mode = modes[i].mode;
    return true;
  }
  return false;
}

/* The environment is asked once; launch_force before the first launch is overruled by it. */
static void ask_environment(void)
{
  static bool asked;
  if (asked) return;
  asked = true;
  const char *name = getenv("PROCRUN_LAUNCH");
  if (name != NULL) launch_force(name);
}
#endif

const LaunchMode *launch_mode(void)
{
#ifdef PROCRUN_TEST_HOOKS
  ask_environment();
#endif
  return &mode;
}

const char *launch_backend(void)
{
#ifdef LAUNCH_LINUX
  if (launch_mode()->clone) return launch_linux_name();
#endif
  return "uv";
}

int launch_fail(LaunchError *error, int code, const char *step)
{
  *error = (LaunchError){.code = code, .step = step};
  return code;
}

const char *launch_path(char **envp)
{
  for (; *envp != NULL; envp++)
    if (strncmp(*envp, "PATH=", 5) == 0) return *envp + 5;
  return "/usr/local/bin:/bin:/usr/bin";
}

const char *child_step(const ChildReport *report, const LaunchSpec *spec)
{
  static const char *const names[] = {[CHILD_UNSHARE] = "fork",
                                      [CHILD_GUARD] = "autokill",
                                      [CHILD_CGROUP] = "limits: cgroup",
                                      [CHILD_SESSION] = "session",
                                      [CHILD_GROUP] = "group",
                                      [CHILD_STDIO] = "stdio",
                                      [CHILD_CWD] = "cwd",
                                      [CHILD_NICE] = "limits: nice",
                                      [CHILD_LIMIT] = "limit",
                                      [CHILD_GROUPS] = "groups",
                                      [CHILD_GID] = "gid",
                                      [CHILD_UID] = "uid",
                                      [CHILD_DEATH_SIGNAL] = "death signal",
                                      [CHILD_EXEC] = "exec"};
  bool named = report->step == CHILD_LIMIT && report->limit >= 0;
  const char *own = named ? spec->limits[report->limit].step : NULL;
  return own != NULL ? own : names[report->step];
}

int launch_check_fds(const LaunchSpec *spec)
{
  for (int i = 0; i < spec->fd_count; i++)
    if (spec->fds[i] >= 0 && fcntl(spec->fds[i], F_GETFD) < 0) return UV_EBADF;
  return 0;
}

/* Descriptors of our own are nobody's to hand over. */
static bool names_ours(const LaunchSpec *spec)
{
#ifdef LAUNCH_LINUX
  for (int i = 0; i < spec->fd_count; i++)
    if (slots_own(spec->fds[i])) return true;
#else
  (void)spec;
#endif
  return false;
}

void launch_ended(Launched *p, int status, const struct rusage *usage)
{
  bool closed = p->closed;
  p->running = false;
  p->on_exit(p, status, usage);
  /* an owner that closes it only now, inside on_exit, may already have freed it */
  if (closed && !p->busy) p->on_free(p);
}

void launch_look(Launched *p)
{
#ifdef LAUNCH_LINUX
  if (p->running && !p->closed && p->ops == &launch_linux_ops) watch_reap(p);
#else
  (void)p;
#endif
}

void launch_idle(Launched *p)
{
  p->busy = false;
  if (p->closed && !p->running) p->on_free(p);
}

void launch_open(void)
{
#ifdef LAUNCH_LINUX
  slots_reserve();
#endif
}

void launch_role(int argc, char **argv)
{
  if (argc < 2 || argv[1][0] != '-' || argv[1][1] != '-') return;
  shim_main(argc, argv);
  guard_main(argc, argv);
}

int launch_start(Launched *p, const LaunchSpec *spec, LaunchError *error)
{
  p->pid = 0;
  p->pidfd = -1;
  p->referenced = true;
  p->ops = &launch_uv_ops;
#ifdef LAUNCH_LINUX
  if (launch_mode()->clone) p->ops = &launch_linux_ops;
#endif
  if (names_ours(spec)) return launch_fail(error, UV_EBADF, "stdio");
  int saved = errno; /* a child that shares our memory shares errno too */
  int code = p->ops->start(p, spec, error);
  errno = saved;
  return code;
}

/* Others may have reaped the child: libuv, which reaps a batch first and tells afterwards, or foreign
   code. Then the number may be anybody's. */
int launch_kill_number(Launched *p, int signum)
{
  siginfo_t info;
  if (p->pid <= 1) return UV_ESRCH;
  if (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return UV_ESRCH;
  return kill(p->pid, signum) == 0 ? 0 : -errno;
}

int launch_kill(Launched *p, int signum)
{
  return p->running ? p->ops->kill(p, signum) : UV_ESRCH;
}

void launch_ref(Launched *p, bool ref)
{
  if (p->referenced == ref) return;
  p->referenced = ref;
  if (p->running) p->ops->ref(p, ref);
}

void launch_close(Launched *p)
{
  if (p->closed) return;
  p->closed = true;
  if (p->running)
    launch_ref(p, false); /* whoever lives on is reaped in the background */
  else if (!p->busy)
    p->on_free(p);
}

bool launch_make_room(uv_loop_t *loop)
{
  if (nofile_raise()) return true;
#ifdef LAUNCH_LINUX
  return watch_yield(loop);
#else
  (void)loop;
  return false;
#endif
}

typedef struct Quit {
  uv_loop_t *loop;
  int given_up;
} Quit;

static void give_up(Launched *p, void *arg)
{
  Quit *quit = arg;
  if (p->loop != quit->loop || !p->closed) return;
  quit->given_up++;
  p->running = false;
  p->ops->give_up(p);
  if (!p->busy) p->on_free(p);
}

int launch_quit(uv_loop_t *loop)
{
  Quit quit = {.loop = loop};
  guard_quit(loop);
  launch_each(give_up, &quit);
#ifdef LAUNCH_LINUX
  watch_quit(loop);
  slots_release();
#endif
  return quit.given_up;
}
