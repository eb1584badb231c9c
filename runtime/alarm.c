/* alarm.c - a limit for C code that blocks. */
#include "runtime/alarm.h"

#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

static volatile sig_atomic_t ours;

bool alarm_set(double seconds, void (*action)(int signum))
{
  struct sigaction sa;
  struct itimerval timer = {0};
  if (sigaction(SIGALRM, NULL, &sa) != 0 || (!ours && sa.sa_handler != SIG_DFL)) return false;
  sa = (struct sigaction){.sa_handler = action};
  sigaction(SIGALRM, &sa, NULL);
  ours = 1;
  if (seconds > INT_MAX) seconds = INT_MAX;
  timer.it_value.tv_sec = (time_t)seconds;
  timer.it_value.tv_usec = (suseconds_t)((seconds - (double)timer.it_value.tv_sec) * 1e6);
  return setitimer(ITIMER_REAL, &timer, NULL) == 0;
}

void alarm_end(void)
{
  if (!ours) return;
  ours = 0;
  setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
  signal(SIGALRM, SIG_DFL);
}
