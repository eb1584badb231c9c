/* sync_queue.h - the rules of a state: how many units are free, who is next, and whose end each of
   those who wait has to watch. The first in the queue watches every holder, each other one the one
   before it; so somebody sees the end of everybody who matters, and no end wakes a crowd. */
#ifndef PROCRUN_SYNC_QUEUE_H
#define PROCRUN_SYNC_QUEUE_H

#include "modules/sync/sync_state.h"

uint64_t sync_queue_free(const SyncState *state); /* units */

/* The slot of the first who waits, or of the last of those before `ticket`; SIZE_MAX: nobody. */
size_t sync_queue_first(const SyncState *state);
size_t sync_queue_before(const SyncState *state, uint64_t ticket);

/* A process has ended: what it held comes back. */
void sync_queue_bury(SyncState *state, uint64_t peer);

/* Somebody who waits and has to watch somebody else than before this change; SIZE_MAX: nobody more.
   *index, 0 at first, walks through all of them. */
size_t sync_queue_moved(const SyncState *state, size_t *index);

#endif
