/* signame_test.c - every signal number has a name that leads back to it, and nothing else has. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runtime/signame.h"

static int failures;

static void number(const char *name, int want)
{
  int got = signame_number(name);
  if (got == want) return;
  failures++;
  fprintf(stderr, "signame_number(\"%s\") is %d, not %d\n", name, got, want);
}

static void name(int signum, const char *want)
{
  const char *got = signame_of(signum);
  if (got == want || (got != NULL && want != NULL && strcmp(got, want) == 0)) return;
  failures++;
  fprintf(stderr, "signame_of(%d) is %s, not %s\n", signum, got, want);
}

int main(void)
{
  static const char *const none[] = {
      "",       "SIG",      "SIGFOO",   "15",       "TER",       "TERMX",    "SIGSIGTERM",
      " TERM",  "RTMIN+",   "RTMIN-1",  "RTMIN+31", "RTMIN+100", "RTMAX+1",  "RTMAX-31",
      "RTMINX", "RTMIN+1x", "RTMIN++1", "SIGRT",    "RTMIN+-1",  "RTMIN+ 1", "SIGRTMAX-"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) number(none[i], 0);
  number("SIGTERM", SIGTERM);
  number("TERM", SIGTERM);
  number("sigterm", SIGTERM);
  number("SigKill", SIGKILL);
  number("iot", SIGABRT);
  number("CLD", SIGCHLD);
  number("POLL", SIGIO);
  number("rtmin", SIGRTMIN);
  number("SIGRTMIN+0", SIGRTMIN);
  number("SIGRTMIN+3", SIGRTMIN + 3);
  number("SIGRTMAX", SIGRTMAX);
  number("rtmax-2", SIGRTMAX - 2);
  name(SIGTERM, "SIGTERM");
  name(SIGABRT, "SIGABRT");
  name(SIGIO, "SIGIO");
  name(SIGCHLD, "SIGCHLD");
  name(SIGRTMIN, "SIGRTMIN");
  name(SIGRTMIN + 3, "SIGRTMIN+3");
  name(0, NULL);
  name(-1, NULL);
  name(SIGRTMAX + 1, NULL);
  for (int i = 1; i <= SIGRTMAX; i++) {
    if (i > 31 && i < SIGRTMIN) { /* glibc's own */
      name(i, NULL);
      continue;
    }
    const char *text = signame_of(i);
    if (text == NULL) {
      failures++;
      fprintf(stderr, "signal %d has no name\n", i);
    } else {
      number(text, i);
    }
  }
  return failures != 0;
}
