/* deadline.h - points in time: one heap of them over one libuv timer. */
#ifndef PROCRUN_DEADLINE_H
#define PROCRUN_DEADLINE_H

#include "runtime/rt.h"

struct Deadline {
  uint64_t due;              /* loop time in milliseconds */
  uint64_t order;            /* the earlier armed of two with the same due time goes first */
  size_t index;              /* place in the heap, from 1; 0: not armed */
  bool unref;                /* does not keep the process alive */
  void (*fire)(Deadline *d); /* called once, disarmed; C memory only */
};                           /* a zeroed Deadline with `fire` set is ready for use */

void deadline_arm(Runtime *rt, Deadline *d, double seconds); /* from now; arms anew if armed */
void deadline_disarm(Runtime *rt, Deadline *d);              /* nothing if not armed */
void deadline_ref(Runtime *rt, Deadline *d, bool ref);

int deadline_open(Runtime *rt); /* once, at start: a libuv code */
void deadline_close(Runtime *rt);

#endif
