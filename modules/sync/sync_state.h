/* sync_state.h - a file's head and the slots of those who hold or wait, as one process changes them.

   Whoever wants to read or change them enters the file, for some microseconds: it has a lock meanwhile,
   which the kernel takes back if it dies. It then changes a copy; commit writes what is different, slot
   by slot in such an order that a death at any moment leaves a state that makes sense. */
#ifndef PROCRUN_SYNC_STATE_H
#define PROCRUN_SYNC_STATE_H

#include "modules/sync/sync_file.h"

/* The state that was entered: one at a time in a process. */
typedef struct SyncState {
  SyncFile *file;
  uint64_t now;   /* the time of the loop */
  SyncHead *head; /* the copy */
  SyncSlot *slots;
  size_t count;
  const SyncHead *old_head; /* as it stands in the file */
  const SyncSlot *old_slots;
  size_t old_count;
} SyncState;

/* 0 or a libuv code: UV_EBUSY where somebody has it for longer than that many microseconds. */
int sync_state_enter(SyncState *state, SyncKind kind, uint32_t units, unsigned patience);
int sync_state_commit(SyncState *state); /* 0 or a libuv code, with nothing written */
void sync_state_leave(SyncState *state);

/* An event, read without entering: is it set, 1, 0 or a libuv code, and how often it was. */
int sync_state_event(SyncFile *file, uint64_t now, uint64_t *sets);

/* The index of a free slot; SIZE_MAX when memory is out. */
size_t sync_state_new_slot(SyncState *state);

#endif
