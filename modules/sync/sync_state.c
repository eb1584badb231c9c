/* sync_state.c - a file's head and slots, as one process changes them; see sync_state.h.

   What is shared is read and written through atomic words, in the order of the text; so another
   process, and whoever takes the place of one that died, sees them in that order. */
#include "modules/sync/sync_state.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "modules/sync/sync_place.h"

#define LOAD(word)         __atomic_load_n(&(word), __ATOMIC_SEQ_CST)
#define STORE(word, value) __atomic_store_n(&(word), value, __ATOMIC_SEQ_CST)

static const uint64_t SUSPECT_NS = 200000; /* whoever is inside for longer may have died there */

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

static int load(SyncState *state, SyncKind kind, uint32_t units)
{
  SyncFile *file = state->file;
  size_t used = LOAD(file->head->used);
  int r = sync_file_map(file, used);
  if (r < 0) return r;
  if (!reserve(used < 63 ? 63 : used * 2)) return UV_ENOMEM;
  point(state);
  state->count = state->old_count = used;
  size_t size = sizeof(SyncHead) + used * sizeof(SyncSlot);
  memcpy(memory.now, file->head, size);
  for (size_t i = 0; i < used; i++)
    if (state->slots[i].peer == 0) memset(&state->slots[i], 0, sizeof *state->slots);
  memcpy(memory.old, memory.now, size);
  SyncHead *head = state->head;
  if (head->magic == 0) {
    head->magic = SYNC_MAGIC;
    head->kind = kind;
    head->units = units;
  }
  return head->magic == SYNC_MAGIC && head->kind == kind && head->units > 0 ? 0 : SYNC_DAMAGED;
}

static bool swap_inside(SyncHead *head, uint64_t from, uint64_t to)
{
  return __atomic_compare_exchange_n(&head->inside, &from, to, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
}

/* Takes the place of a process that has ended inside. */
static bool follow(SyncHead *head, uint64_t me)
{
  uint64_t other = LOAD(head->inside);
  if (other == 0) return swap_inside(head, 0, me);
  int fd = sync_place_find(other);
  if (fd >= 0) close(fd);
  return fd == UV_ESRCH && swap_inside(head, other, me);
}

static int enter(SyncHead *head, unsigned patience)
{
  uint64_t me = sync_place()->id;
  if (swap_inside(head, 0, me)) return 0;
  uint64_t began = uv_hrtime(), suspect = began + SUSPECT_NS, now = began;
  while (now - began < patience * (uint64_t)1000) {
    sched_yield();
    if (swap_inside(head, 0, me)) return 0;
    now = uv_hrtime();
    if (now < suspect) continue;
    if (follow(head, me)) return 0;
    suspect = now + SUSPECT_NS;
  }
  return UV_EBUSY;
}

int sync_state_enter(SyncState *state, SyncKind kind, uint32_t units, unsigned patience)
{
  int r = sync_file_check(state->file, state->now);
  if (r == 0) r = enter(state->file->head, patience);
  if (r < 0) return r;
  r = load(state, kind, units);
  if (r < 0) sync_state_leave(state);
  return r;
}

void sync_state_leave(SyncState *state)
{
  STORE(state->file->head->inside, 0);
}

int sync_state_is_set(SyncFile *file, uint64_t now)
{
  int r = sync_file_check(file, now);
  return r < 0 ? r : LOAD(file->head->set) != 0;
}

/* A slot is there when it has its peer, and gone when it has none. One that is granted a unit has it
   before it has left the queue: whoever is both counts as a holder. */
static void write_slot(SyncSlot *to, const SyncSlot *from)
{
  if (from->peer == 0 || from->peer != to->peer) STORE(to->peer, 0);
  if (from->peer == 0) return;
  STORE(to->token, from->token);
  STORE(to->held, from->held);
  STORE(to->seen, from->seen);
  STORE(to->ticket, from->ticket);
  STORE(to->peer, from->peer);
}

/* The slots that changed and gave something back, or the others of those that changed. */
static void write_slots(const SyncState *state, bool given)
{
  static const SyncSlot none;
  for (size_t i = 0; i < state->count; i++) {
    const SyncSlot *now = &state->slots[i];
    const SyncSlot *old = i < state->old_count ? &state->old_slots[i] : &none;
    bool same = i < state->old_count && memcmp(now, old, sizeof *now) == 0;
    if (!same && (now->held < old->held) == given) write_slot(&state->file->slots[i], now);
  }
}

/* That a mutex was abandoned stands in the head before its holder's slot is gone, and who is in the
   slots is there before they count. */
static void write_head(SyncHead *to, const SyncHead *from, bool before)
{
  if (before) {
    STORE(to->kind, from->kind);
    STORE(to->units, from->units);
    STORE(to->magic, from->magic);
    STORE(to->tickets, from->tickets);
    STORE(to->set, from->set);
    STORE(to->sets, from->sets);
    if (from->abandoned) STORE(to->abandoned, 1);
  } else {
    STORE(to->used, from->used);
    STORE(to->abandoned, from->abandoned);
  }
}

int sync_state_commit(SyncState *state)
{
  size_t used = state->count;
  int r = sync_file_grow(state->file, used);
  if (r < 0) return r;
  while (used > 0 && state->slots[used - 1].peer == 0) used--;
  state->head->used = (uint32_t)used;
  bool changed = memcmp(state->head, state->old_head, sizeof(SyncHead)) != 0;
  if (changed) write_head(state->file->head, state->head, true);
  write_slots(state, true);
  write_slots(state, false);
  if (changed) write_head(state->file->head, state->head, false);
  state->count = state->old_count = used;
  memcpy(memory.old, memory.now, sizeof(SyncHead) + used * sizeof(SyncSlot));
  return 0;
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
