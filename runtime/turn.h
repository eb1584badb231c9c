/* turn.h - work put off to the end of the loop's turn: what a turn wrote goes out in one piece. */
#ifndef PROCRUN_TURN_H
#define PROCRUN_TURN_H

#include "runtime/rt.h"

typedef struct Turn {
  void (*flush)(struct Turn *turn);
  struct Turn *prev, *next;
  bool listed;
} Turn; /* zeroed with `flush` set: ready for use */

void turn_later(Runtime *rt, Turn *turn); /* flush is called once, when the ready tasks have run */
void turn_forget(Runtime *rt, Turn *turn);
void turn_end(Runtime *rt); /* calls and empties the list */

#endif
