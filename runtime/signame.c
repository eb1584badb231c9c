/* signame.c - signal names and numbers, "SIGTERM" <-> 15, real-time signals as "SIGRTMIN+3". */
#include "runtime/signame.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The name a number is known by comes before its other names. */
static const struct {
  const char *name;
  int number;
} names[] = {
    {"SIGHUP", SIGHUP},       {"SIGINT", SIGINT},   {"SIGQUIT", SIGQUIT}, {"SIGILL", SIGILL},
    {"SIGTRAP", SIGTRAP},     {"SIGABRT", SIGABRT}, {"SIGBUS", SIGBUS},   {"SIGFPE", SIGFPE},
    {"SIGKILL", SIGKILL},     {"SIGUSR1", SIGUSR1}, {"SIGSEGV", SIGSEGV}, {"SIGUSR2", SIGUSR2},
    {"SIGPIPE", SIGPIPE},     {"SIGALRM", SIGALRM}, {"SIGTERM", SIGTERM}, {"SIGCHLD", SIGCHLD},
    {"SIGCONT", SIGCONT},     {"SIGSTOP", SIGSTOP}, {"SIGTSTP", SIGTSTP}, {"SIGTTIN", SIGTTIN},
    {"SIGTTOU", SIGTTOU},     {"SIGURG", SIGURG},   {"SIGXCPU", SIGXCPU}, {"SIGXFSZ", SIGXFSZ},
    {"SIGVTALRM", SIGVTALRM}, {"SIGPROF", SIGPROF}, {"SIGSYS", SIGSYS},
#ifdef SIGWINCH
    {"SIGWINCH", SIGWINCH},
#endif
#ifdef SIGIO
    {"SIGIO", SIGIO},
#endif
#ifdef SIGSTKFLT
    {"SIGSTKFLT", SIGSTKFLT},
#endif
#ifdef SIGPWR
    {"SIGPWR", SIGPWR},
#endif
#ifdef SIGINFO
    {"SIGINFO", SIGINFO},
#endif
#ifdef SIGEMT
    {"SIGEMT", SIGEMT},
#endif
#ifdef SIGIOT
    {"SIGIOT", SIGIOT},
#endif
#ifdef SIGPOLL
    {"SIGPOLL", SIGPOLL},
#endif
#ifdef SIGCLD
    {"SIGCLD", SIGCLD},
#endif
};

enum { NAMES = sizeof names / sizeof *names };

#ifdef SIGRTMIN
/* SIGRTMIN is known at run time only; there are at most 32 of them. */
#define RT(n) "SIGRTMIN+" #n
static const char *const realtime[] = {
    "SIGRTMIN", RT(1),  RT(2),  RT(3),  RT(4),  RT(5),  RT(6),  RT(7),  RT(8),  RT(9),  RT(10),
    RT(11),     RT(12), RT(13), RT(14), RT(15), RT(16), RT(17), RT(18), RT(19), RT(20), RT(21),
    RT(22),     RT(23), RT(24), RT(25), RT(26), RT(27), RT(28), RT(29), RT(30), RT(31),
};
#undef RT

enum { REALTIME = sizeof realtime / sizeof *realtime };

/* One or two digits and nothing behind them, or -1. */
static int offset(const char *digits)
{
  int n = 0;
  size_t length = strspn(digits, "0123456789");
  if (length == 0 || length > 2 || digits[length] != '\0') return -1;
  for (; *digits != '\0'; digits++) n = n * 10 + (*digits - '0');
  return n;
}

/* "RTMIN", "RTMIN+n", "RTMAX", "RTMAX-n". */
static int realtime_number(const char *name)
{
  bool from_min = strncasecmp(name, "RTMIN", 5) == 0;
  if (!from_min && strncasecmp(name, "RTMAX", 5) != 0) return 0;
  int n = 0;
  if (name[5] != '\0') {
    if (name[5] != (from_min ? '+' : '-')) return 0;
    n = offset(name + 6);
    if (n < 0) return 0;
  }
  int number = from_min ? SIGRTMIN + n : SIGRTMAX - n;
  return number >= SIGRTMIN && number <= SIGRTMAX ? number : 0;
}
#endif

const char *signame_of(int signum)
{
  for (int i = 0; i < NAMES; i++)
    if (names[i].number == signum) return names[i].name;
#ifdef SIGRTMIN
  if (signum >= SIGRTMIN && signum <= SIGRTMAX && signum - SIGRTMIN < REALTIME)
    return realtime[signum - SIGRTMIN];
#endif
  return NULL;
}

int signame_number(const char *name)
{
  if (strncasecmp(name, "SIG", 3) == 0) name += 3;
  for (int i = 0; i < NAMES; i++)
    if (strcasecmp(names[i].name + 3, name) == 0) return names[i].number;
#ifdef SIGRTMIN
  return realtime_number(name);
#else
  return 0;
#endif
}
