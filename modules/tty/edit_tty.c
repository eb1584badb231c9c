/* edit_tty.c - the terminal around an edited line. */
#include "modules/tty/edit_tty.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "runtime/signals.h"

static int terminal = -1;
static struct termios original;
static volatile sig_atomic_t taken;
static pid_t owner; /* a C module may fork, and its child call exit() */

/* A process in the background may not change its terminal: it would be stopped by TTOU. */
static void set(const struct termios *t)
{
  sigset_t one, old;
  sigemptyset(&one);
  sigaddset(&one, SIGTTOU);
  sigprocmask(SIG_BLOCK, &one, &old);
  while (tcsetattr(terminal, TCSANOW, t) < 0 && errno == EINTR) continue;
  sigprocmask(SIG_SETMASK, &old, NULL);
}

/* Async-signal-safe: it also runs in a program that is crashing. */
static void restore(void)
{
  static const char plain_paste[] = "\033[?2004l\r\n";
  if (!taken || getpid() != owner) return;
  taken = 0;
  set(&original);
  if (write(terminal, plain_paste, sizeof plain_paste - 1) < 0) return;
}

/* The kernel calls it once. Who has put a handler in its place since may call it as well. */
static void on_crash(int signum)
{
  struct sigaction now;
  restore();
  if (sigaction(signum, NULL, &now) == 0 && now.sa_handler == SIG_DFL) raise(signum);
}

/* Where somebody else handles a crash (a sanitizer), it is theirs. */
static void watch_crashes(void)
{
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};
  for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
    struct sigaction now, ours = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    if (sigaction(crashes[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
      sigaction(crashes[i], &ours, NULL);
  }
}

void edit_tty_open(int fd)
{
  static bool registered;
  terminal = fd;
  owner = getpid();
  if (registered) return;
  registered = true;
  atexit(restore);
  signals_at_death(restore);
  watch_crashes();
}

void edit_tty_close(void)
{
  restore();
  terminal = -1;
}

void edit_tty_taken(bool on)
{
  if (on && !taken && tcgetattr(terminal, &original) < 0) return;
  taken = on;
}

void edit_tty_signals(bool on)
{
  struct termios t;
  if (!taken || tcgetattr(terminal, &t) < 0 || !(t.c_lflag & ISIG) == !on) return;
  if (on)
    t.c_lflag |= ISIG;
  else
    t.c_lflag &= ~(tcflag_t)ISIG;
  while (tcsetattr(terminal, TCSANOW, &t) < 0 && errno == EINTR) continue;
}
