/* launch_fds.h - low descriptor slots, so that a child need not copy a large descriptor table.

   The child shares our table (CLONE_FILES) until its first step, close_range(LOW, ~0, UNSHARE),
   gives it a copy of the descriptors below LOW. What it needs has to stand there: a few numbers are
   taken for good, held by a placeholder, and lent to one launch after the other. */
#ifndef PROCRUN_LAUNCH_FDS_H
#define PROCRUN_LAUNCH_FDS_H

#include <stdbool.h>

enum { SLOT_LOW = 32, SLOT_MAX = 6 };

/* Takes the last numbers below LOW that are free now, as early as may be: other descriptors stay where
   they are for long. A launch that finds too few tries again. */
void slots_reserve(void);
void slots_release(void); /* the end of a run */

/* Is fd a slot of ours, which nobody may name? */
bool slots_own(int fd);

/* Makes a copy below SLOT_LOW of each of fds[0..count-1] that stands above and puts its number
   there instead. False, and fds as before, when they do not fit. */
bool slots_lend(int *fds, int count);

/* Takes back what is lent. */
void slots_return(void);

#endif
