/* sync_state.c - a file's head and slots, as one process changes them; see sync_state.h. */
#include "modules/sync/sync_state.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "modules/sync/sync_place.h"

/* The copy that is changed, and the one that tells what was. */
static struct {
  unsigned char *now, *old;
  size_t slots; /* room */
} memory;

static bool reserve(size_t slots)
{
  if (slots <= memory.slots) return true;
  size_t size = sizeof(SyncHead) + slots * sizeof(SyncSlot);
  unsigned char *now = realloc(memory.now, size);
  if (now) memory.now = now;
  unsigned char *old = realloc(memory.old, size);
  if (old) memory.old = old;
  if (now == NULL || old == NULL) return false;
  memory.slots = slots;
  return true;
}

static void point(SyncState *state)
{
  state->head = (SyncHead *)memory.now;
  state->slots = (SyncSlot *)(memory.now + sizeof(SyncHead));
  state->old_head = (SyncHead *)memory.old;
  state->old_slots = (SyncSlot *)(memory.old + sizeof(SyncHead));
}

/* Head and slots, as they stand in the file: one call, but for a long queue. */
static int read_all(SyncState *state)
{
  enum { CELLS = SYNC_SLOTS_AT_FIRST + 1 };
  if (!reserve(SYNC_SLOTS_AT_FIRST)) return UV_ENOMEM;
  int r = sync_file_read(state->file, memory.now, 0, CELLS);
  if (r < 0) return r;
  size_t used = ((SyncHead *)memory.now)->used;
  r = sync_file_fit(state->file, used);
  if (r == 0 && !reserve(used)) r = UV_ENOMEM;
  point(state);
  state->count = state->old_count = used;
  if (r < 0 || used < CELLS) return r;
  return sync_file_read(state->file, state->slots + CELLS - 1, CELLS, used + 1 - CELLS);
}

static int load(SyncState *state, SyncKind kind, uint32_t units)
{
  int r = read_all(state);
  if (r < 0) return r;
  for (size_t i = 0; i < state->count; i++)
    if (state->slots[i].peer == 0) memset(&state->slots[i], 0, sizeof *state->slots);
  memcpy(memory.old, memory.now, sizeof(SyncHead) + state->count * sizeof(SyncSlot));
  SyncHead *head = state->head;
  if (head->magic == 0) {
    head->magic = SYNC_MAGIC;
    head->kind = kind;
    head->units = units;
  }
  return head->magic == SYNC_MAGIC && head->kind == kind && head->units > 0 ? 0 : SYNC_DAMAGED;
}

static int enter(const SyncFile *file, unsigned patience)
{
  enum { NS = 1000, AT_WORK = 20 }; /* microseconds until it is likely that it does not run */
  uint64_t began = uv_hrtime(), passed = 0;
  int r = sync_file_enter(file);
  while (r == UV_EBUSY && passed < patience * (uint64_t)NS) {
    if (passed > AT_WORK * NS) sched_yield();
    r = sync_file_enter(file);
    passed = uv_hrtime() - began;
  }
  return r;
}

int sync_state_enter(SyncState *state, SyncKind kind, uint32_t units, unsigned patience)
{
  int r = sync_file_check(state->file, state->now);
  if (r == 0) r = enter(state->file, patience);
  if (r < 0) return r;
  r = load(state, kind, units);
  if (r < 0) sync_state_leave(state);
  return r;
}

void sync_state_leave(SyncState *state)
{
  sync_file_leave(state->file);
}

int sync_state_event(SyncFile *file, uint64_t now, uint64_t *sets)
{
  SyncHead head;
  int r = sync_place_forked() ? SYNC_FORKED : sync_file_check(file, now);
  if (r == 0) r = sync_file_read(file, &head, 0, 1);
  if (r < 0) return r;
  *sets = head.sets;
  if (head.magic != SYNC_MAGIC) return head.magic == 0 ? 0 : SYNC_DAMAGED;
  return head.set != 0;
}

/* The slots that changed and gave something back, or the others of those that changed. */
static int write_slots(const SyncState *state, bool given)
{
  static const SyncSlot none;
  int r = 0;
  for (size_t i = 0; i < state->count && r == 0; i++) {
    const SyncSlot *now = &state->slots[i];
    bool is_new = i >= state->old_count; /* whatever stands there means nothing */
    const SyncSlot *old = is_new ? &none : &state->old_slots[i];
    bool same = !is_new && memcmp(now, old, sizeof *now) == 0;
    if (!same && (now->held < old->held) == given) r = sync_file_write(state->file, now, i + 1);
  }
  return r;
}

static int write_head(const SyncState *state, const SyncHead *head, const SyncHead *old)
{
  return memcmp(head, old, sizeof *head) == 0 ? 0 : sync_file_write(state->file, head, 0);
}

/* That a mutex was abandoned stands in the head before its holder's slot is gone, and who is in the
   slots is there before they count. */
int sync_state_commit(SyncState *state)
{
  size_t used = state->count;
  int r = sync_file_grow(state->file, used);
  if (r < 0) return r;
  while (used > SYNC_SLOTS_AT_FIRST && state->slots[used - 1].peer == 0) used--;
  state->head->used = (uint32_t)used;
  SyncHead first = *state->head;
  first.used = state->old_head->used;
  if (state->old_head->abandoned) first.abandoned = 1;
  r = write_head(state, &first, state->old_head);
  if (r == 0) r = write_slots(state, true);
  if (r == 0) r = write_slots(state, false);
  if (r == 0) r = write_head(state, state->head, &first);
  state->count = state->old_count = used;
  memcpy(memory.old, memory.now, sizeof(SyncHead) + used * sizeof(SyncSlot));
  return r;
}

size_t sync_state_new_slot(SyncState *state)
{
  size_t i = 0;
  while (i < state->count && state->slots[i].peer != 0) i++;
  if (i < state->count) return i;
  if (state->count == memory.slots && !reserve(memory.slots * 2)) return SIZE_MAX;
  point(state);
  memset(&state->slots[i], 0, sizeof *state->slots);
  state->count++;
  return i;
}
