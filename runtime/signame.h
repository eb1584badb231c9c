/* signame.h - signal names and numbers: "SIGTERM" <-> 15. */
#ifndef PROCRUN_SIGNAME_H
#define PROCRUN_SIGNAME_H

/* "SIGTERM" or NULL for a number that has no name; "SIGRTMIN+3" for real-time signals. */
const char *signame_of(int signum);

/* The number of "SIGTERM", "TERM" or "sigterm" (any case); 0 when there is no such signal. */
int signame_number(const char *name);

#endif
