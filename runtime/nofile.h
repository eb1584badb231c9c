/* nofile.h - the limit of open descriptors, raised towards the hard one when it comes near.

   Children get the original soft limit back (the room process does that): programs that use
   select(2), or that close every number up to the limit, rely on it. Thread of the loop only. */
#ifndef PROCRUN_NOFILE_H
#define PROCRUN_NOFILE_H

#include <stdbool.h>
#include <sys/resource.h>

/* A descriptor was made: the limit is raised once half of the numbers below it are in use, so that
   what no call of ours opens (files of C modules, sockets that libuv accepts) finds room too. */
void nofile_note(int fd);

/* Raises the limit now, as after EMFILE; false: it was as high as it may be. */
bool nofile_raise(void);

/* The soft limit as we last saw it. */
rlim_t nofile_limit(void);

/* What a child gets; false: it need not be changed, as ours was not raised. */
bool nofile_original(struct rlimit *limit);

#endif
