/* stdio_test.c - procrun on every kind of standard descriptor: nothing is lost to a slow reader, and
   O_NONBLOCK, which would reach whoever shares the descriptor, is never set nor cleared. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { LINES = 20000 };

/* Echoes one line, then prints by every way, with turns of the loop in between. */
static const char script[] =
    "local task = require 'task' local line = io.read()\n"
    "local ways = {print, function(i) io.write(i, '\\n') end,\n"
    "  function(i) process.stdout:write(i .. '\\n') end, function(i) io.stderr:write(i, '\\n') "
    "end}\n"
    "for i = 1, 20000 do ways[i % 4 + 1](i) if i % 1000 == 0 then task.yield() end end\n"
    "print(line) process.stdout:flush()\n";

static int failures;
static const char *kind;

__attribute__((format(printf, 2, 3))) static void check(int ok, const char *format, ...)
{
  if (ok) return;
  va_list args;
  va_start(args, format);
  fprintf(stderr, "%s: ", kind);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  failures++;
}

static void make_fifo(int ends[2])
{
  char path[300];
  snprintf(path, sizeof path, "%s/fifo", getenv("TMPDIR"));
  unlink(path);
  if (mkfifo(path, 0600) < 0) abort();
  ends[0] = open(path, O_RDONLY | O_NONBLOCK);
  ends[1] = open(path, O_WRONLY);
  fcntl(ends[0], F_SETFL, 0);
}

/* ours is read and written here; theirs is fd 0, 1 and 2 of procrun. */
static void make_terminal(int *ours, int *theirs)
{
  *ours = posix_openpt(O_RDWR | O_NOCTTY);
  if (*ours < 0 || grantpt(*ours) < 0 || unlockpt(*ours) < 0) abort();
  *theirs = open(ptsname(*ours), O_RDWR | O_NOCTTY);
  struct termios t;
  if (tcgetattr(*theirs, &t) < 0) abort();
  cfmakeraw(&t);
  tcsetattr(*theirs, TCSANOW, &t);
}

static pid_t start(int in, int out)
{
  pid_t pid = fork();
  if (pid != 0) return pid;
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(126);
  execl(getenv("PROCRUN"), "procrun", "-e", script, (char *)NULL);
  _exit(127);
}

/* Reads to the end, a little at a time; meanwhile the flags of what procrun has are looked at. */
static size_t read_slowly(int from, char *text, size_t room, const int watched[2])
{
  size_t size = 0;
  int flags[2] = {fcntl(watched[0], F_GETFL), fcntl(watched[1], F_GETFL)};
  while (size < room) {
    struct pollfd p = {.fd = from, .events = POLLIN};
    if (poll(&p, 1, 20000) <= 0) break;
    ssize_t n = read(from, text + size, room - size < 1500 ? room - size : 1500);
    if (n <= 0) break;
    size += (size_t)n;
    for (int i = 0; i < 2; i++)
      check(fcntl(watched[i], F_GETFL) == flags[i], "the flags of fd %d have changed", i);
    if (size >= 6 && memcmp(text + size - 6, "\nfirst", 6) == 0) break;
    if (size >= 7 && memcmp(text + size - 7, "\nfirst\n", 7) == 0) break;
  }
  return size;
}

static void compare(const char *text, size_t size)
{
  const char *p = text, *end = text + size;
  for (int i = 1; i <= LINES; i++) {
    char line[16];
    size_t n = (size_t)snprintf(line, sizeof line, "%d\n", i);
    if ((size_t)(end - p) < n || memcmp(p, line, n) != 0) {
      check(0, "line %d is missing after %zu bytes: %.*s", i, size, 200, p);
      return;
    }
    p += n;
  }
  check(end - p >= 5 && memcmp(p, "first", 5) == 0, "the last line: %.20s", p);
}

static void run(const char *name, int in, int out, int ours_in, int ours_out)
{
  static char text[1 << 18];
  kind = name;
  check(write(ours_in, "first\n", 6) == 6, "write: %s", strerror(errno));
  pid_t pid = start(in, out);
  size_t size = read_slowly(ours_out, text, sizeof text - 1, (int[]){in, out});
  int status = -1;
  waitpid(pid, &status, 0);
  check(status == 0, "status %d", status);
  text[size] = 0;
  compare(text, size);
  close(in);
  if (out != in) close(out);
  close(ours_in);
  if (ours_out != ours_in) close(ours_out);
}

static void on_pipes(const char *name, int flags)
{
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC | flags) < 0 || pipe2(out, O_CLOEXEC | flags) < 0) abort();
  run(name, in[0], out[1], in[1], out[0]);
}

static void on_sockets(const char *name, int flags)
{
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0, ends) < 0) abort();
  run(name, ends[0], ends[0], ends[1], ends[1]);
}

static void on_fifo(void)
{
  int in[2], out[2];
  make_fifo(out);
  if (pipe2(in, O_CLOEXEC) < 0) abort();
  run("FIFO", in[0], out[1], in[1], out[0]);
}

static void on_terminal(void)
{
  int ours, theirs;
  make_terminal(&ours, &theirs);
  run("terminal", theirs, theirs, ours, ours);
}

/* Without a way to open them anew: another user's descriptors, for somebody without rights. */
static void on_foreign(void)
{
  int in[2], out[2];
  kind = "pipes of another user";
  if (geteuid() != 0 || pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0) return;
  fchmod(in[0], 0);
  fchmod(out[1], 0);
  pid_t pid = fork();
  if (pid == 0) {
    if (setgid(65534) < 0 || setuid(65534) < 0) _exit(77);
    if (access(getenv("PROCRUN"), X_OK) < 0) _exit(77);
    run(kind, in[0], out[1], in[1], out[0]);
    _exit(failures != 0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  check(status == 0 || WEXITSTATUS(status) == 77, "as nobody: status %d", status);
}

int main(void)
{
  if (getenv("PROCRUN") == NULL || getenv("TMPDIR") == NULL) {
    puts("skip: PROCRUN and TMPDIR say where procrun and scratch space are");
    return 77;
  }
  on_pipes("pipes", 0);
  on_pipes("non-blocking pipes", O_NONBLOCK);
  on_sockets("sockets", 0);
  on_sockets("non-blocking sockets", SOCK_NONBLOCK);
  on_fifo();
  on_terminal();
  on_foreign();
  return failures != 0;
}
