/* launch_uv.c - the portable back end of launch.h: uv_spawn.

   What that cannot do is done by a re-exec of this program (launch_shim.c), which then becomes the
   child. What degrades here: a death signal is ignored where the system has none; ignored real-time
   signals stay ignored; usage is all zero; an end that somebody else reaps is never told; and the
   whole parent is copied, however large it is. */
#include "modules/process/launch_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/process/launch_shim.h"
#include "runtime/nofile.h"
#include "runtime/signals.h"

static void on_closed(uv_handle_t *handle)
{
  launch_idle(handle->data);
}

/* The last one takes libuv's action for SIGCHLD with it. */
static void close_handle(Launched *p)
{
  sigset_t mask;
  signals_lend(SIGCHLD, &mask);
  uv_close((uv_handle_t *)&p->process, on_closed);
  signals_renew(SIGCHLD, &mask);
}

static void release(Launched *p)
{
  launch_unlink(p);
  close_handle(p);
}

static void on_exit_uv(uv_process_t *process, int64_t code, int signum)
{
  Launched *p = process->data;
  struct rusage usage = {0};
  release(p);
  launch_ended(p, signum != 0 ? signum : (int)(code & 0xff) << 8, &usage);
}

/* dir/name where name is relative and dir is given. NULL: no memory. */
static char *join(const char *dir, const char *name)
{
  if (dir == NULL || *name == '/') return strdup(name);
  size_t size = strlen(dir) + strlen(name) + 2;
  char *path = malloc(size);
  if (path == NULL) return NULL;
  strcpy(path, dir);
  strcat(path, "/");
  return strcat(path, name);
}

/* execvp would hand what the kernel does not know to /bin/sh. A file that may be run but not read
   cannot be a script, so it passes. */
static int sniff(const char *path)
{
  char head[4] = {0};
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return errno == EACCES ? 0 : -errno;
  ssize_t n = read(fd, head, sizeof head);
  int code = n < 0 ? -errno : 0;
  close(fd);
  if (code != 0) return code;
  if (memcmp(head, "#!", 2) == 0 || memcmp(head, "\177ELF", 4) == 0) return 0;
#ifdef __APPLE__
  static const char *const macho[] = {"\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe",
                                      "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"};
  for (size_t i = 0; i < sizeof macho / sizeof *macho; i++)
    if (memcmp(head, macho[i], sizeof head) == 0) return 0;
#endif
  return -ENOEXEC; /* has no name in libuv */
}

/* Would this file run, seen from cwd? */
static int runnable(const char *cwd, const char *name)
{
  char *path = join(cwd, name);
  if (path == NULL) return UV_ENOMEM;
  struct stat st;
  int code;
  if (stat(path, &st) != 0)
    code = -errno;
  else if (!S_ISREG(st.st_mode) || access(path, X_OK) != 0)
    code = UV_EACCES;
  else
    code = sniff(path);
  free(path);
  return code;
}

/* The search of execvp, done before the spawn. *found is to be freed. */
static int resolve(const LaunchSpec *spec, char **found)
{
  *found = NULL;
  size_t length = strlen(spec->file);
  if (length == 0) return UV_ENOENT;
  if (strchr(spec->file, '/') != NULL) {
    *found = strdup(spec->file);
    return *found == NULL ? UV_ENOMEM : runnable(spec->cwd, *found);
  }
  if (length > NAME_MAX) return UV_ENAMETOOLONG;
  const char *rest = launch_path(spec->envp);
  char *candidate = *found = malloc(strlen(rest) + length + 3);
  if (candidate == NULL) return UV_ENOMEM;
  int result = UV_ENOENT;
  while (rest != NULL) {
    rest = launch_candidate(rest, spec->file, candidate);
    int code = runnable(spec->cwd, candidate);
    if (code == UV_EACCES)
      result = code;
    else if (code != UV_ENOENT && code != UV_ENOTDIR && code != UV_ENAMETOOLONG)
      return code;
  }
  return result;
}

static int check_cwd(const char *cwd)
{
  struct stat st;
  if (cwd == NULL) return 0;
  if (stat(cwd, &st) != 0) return -errno;
  if (!S_ISDIR(st.st_mode)) return UV_ENOTDIR;
  return access(cwd, X_OK) == 0 ? 0 : -errno;
}

/* uv_spawn closes nothing at and above 3: our own descriptors are marked for good instead. */
static void hide_fds(void)
{
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) == 0) return;
#endif
  struct rlimit limit = {.rlim_cur = 1024};
  getrlimit(RLIMIT_NOFILE, &limit);
  int end = limit.rlim_cur > 65536 ? 65536 : (int)limit.rlim_cur;
  for (int fd = 3; fd < end; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && !(flags & FD_CLOEXEC)) fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
  }
}

/* uv_spawn tells one errno and no step. */
static const char *guess_step(int code)
{
  bool fork = code == UV_EMFILE || code == UV_ENFILE || code == UV_EAGAIN || code == UV_ENOMEM;
  return fork ? "fork" : "exec";
}

/* Under the limit that we were started with, which the child inherits, unless there is no room below
   it for the pipe of uv_spawn: such a child gets the raised one. */
static int spawn_limited(Launched *p, const uv_process_options_t *options)
{
  struct rlimit original, now;
  int probe[2] = {INT_MAX, INT_MAX};
  bool lower = nofile_original(&original) && getrlimit(RLIMIT_NOFILE, &now) == 0;
  if (lower && pipe(probe) == 0) {
    close(probe[0]);
    close(probe[1]);
  }
  lower = lower && (rlim_t)probe[0] < original.rlim_cur && (rlim_t)probe[1] < original.rlim_cur;
  if (lower) setrlimit(RLIMIT_NOFILE, &original);
  int code = uv_spawn(p->loop, &p->process, options);
  if (lower) setrlimit(RLIMIT_NOFILE, &now);
  return code;
}

/* -1 becomes UV_IGNORE: /dev/null below 3, closed above. Behind them comes what a re-exec needs. */
static int spawn(Launched *p, const LaunchSpec *spec, const char *file, char **argv, int socket)
{
  const int extra[] = {socket, spec->guard};
  int count = spec->fd_count + (socket >= 0) + (spec->guard != 0);
  uv_stdio_container_t *stdio = calloc((size_t)count, sizeof *stdio);
  if (stdio == NULL) return UV_ENOMEM;
  for (int i = 0; i < count; i++) {
    int fd = i < spec->fd_count ? spec->fds[i] : extra[i - spec->fd_count];
    stdio[i].flags = fd < 0 ? UV_IGNORE : UV_INHERIT_FD;
    stdio[i].data.fd = fd;
  }
  uv_process_options_t options = {.exit_cb = on_exit_uv,
                                  .file = file,
                                  .args = argv,
                                  .env = spec->envp,
                                  .cwd = spec->cwd,
                                  .flags = spec->new_session ? UV_PROCESS_DETACHED : 0,
                                  .stdio_count = count,
                                  .stdio = stdio};
  hide_fds();
  sigset_t mask;
  signals_lend(SIGCHLD, &mask);
  p->process.data = p;
  p->busy = true; /* also after a failed spawn the handle has to be closed */
  int code = spawn_limited(p, &options);
  signals_renew(SIGCHLD, &mask);
  if (code != 0) close_handle(p);
  free(stdio);
  return code;
}

/* A launch that has failed leaves no zombie: libuv does not wait for a handle that was closed. */
static int bury(Launched *p, const LaunchSpec *spec, const ChildReport *report, LaunchError *error)
{
  while (waitpid(p->process.pid, NULL, 0) < 0 && errno == EINTR) continue;
  close_handle(p);
  return launch_fail(error, -report->code, child_step(report, spec));
}

static int spawn_shim(Launched *p, const LaunchSpec *spec, const char *file, LaunchError *error)
{
  int ends[2];
  const char *program = shim_program();
  if (program == NULL) return launch_fail(error, UV_ENOENT, "fork");
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return launch_fail(error, -errno, "fork");
  char **argv = shim_argv(spec, file, spec->fd_count);
  int code = argv != NULL ? shim_send(ends[0], spec) : UV_ENOMEM;
  if (code == 0) code = spawn(p, spec, program, argv, ends[1]);
  free(argv);
  close(ends[1]);
  ChildReport report = {0};
  if (code == 0) shim_await(ends[0], &report);
  close(ends[0]);
  if (code != 0) return launch_fail(error, code, guess_step(code));
  return report.step == CHILD_OK ? 0 : bury(p, spec, &report, error);
}

static int spawn_plain(Launched *p, const LaunchSpec *spec, const char *file, LaunchError *error)
{
  int code = spawn(p, spec, file, spec->argv, -1);
  return code == 0 ? 0 : launch_fail(error, code, guess_step(code));
}

static int uv_start(Launched *p, const LaunchSpec *spec, LaunchError *error)
{
  if (launch_check_fds(spec) != 0) return launch_fail(error, UV_EBADF, "stdio");
  int code = check_cwd(spec->cwd);
  if (code != 0) return launch_fail(error, code, "cwd");
  char *file;
  code = resolve(spec, &file);
  if (code != 0)
    launch_fail(error, code, "exec");
  else
    code = (shim_wanted(spec) ? spawn_shim : spawn_plain)(p, spec, file, error);
  free(file);
  if (code != 0) return code;
  p->pid = p->process.pid;
  p->running = true;
  launch_link(p);
  return 0;
}

static void uv_ref_child(Launched *p, bool ref)
{
  if (ref)
    uv_ref((uv_handle_t *)&p->process);
  else
    uv_unref((uv_handle_t *)&p->process);
}

const LaunchOps launch_uv_ops = {
    .start = uv_start, .kill = launch_kill_number, .ref = uv_ref_child, .give_up = release};
