/* alarm.h - a limit for C code that blocks, of which neither the loop nor a hook hears: SIGALRM, where
   nobody else has a use for it. */
#ifndef PROCRUN_ALARM_H
#define PROCRUN_ALARM_H

#include <stdbool.h>

/* Calls `action` as the handler of SIGALRM after so long; false: somebody else has a handler, and nothing
   is set. A later call replaces the time. Async-signal-safe, as is alarm_end. */
bool alarm_set(double seconds, void (*action)(int signum));
void alarm_end(void);

#endif
