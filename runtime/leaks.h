/* leaks.h - with PROCRUN_CHECK=1 in a test build: what a program left behind makes it exit 70. */
#ifndef PROCRUN_LEAKS_H
#define PROCRUN_LEAKS_H

#include "runtime/rt.h"

void leaks_start(void);       /* remembers the open descriptors */
void leaks_note(Runtime *rt); /* before the state is closed: tasks */
/* After the loop was closed. outlived: children go on after us, so one may end at any moment. */
void leaks_report(Runtime *rt, int loop_end, bool outlived);

#endif
