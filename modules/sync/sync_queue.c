/* sync_queue.c - the rules of a state; they stand in sync_queue.h. */
#include "modules/sync/sync_queue.h"

#include <string.h>

uint64_t sync_queue_free(const SyncState *state)
{
  uint64_t held = 0;
  for (size_t i = 0; i < state->count; i++) held += state->slots[i].held;
  return held < state->head->units ? state->head->units - held : 0;
}

/* The slot with the smallest ticket above a limit, or the largest one below it. */
static size_t find_after(const SyncSlot *slots, size_t count, uint64_t ticket)
{
  size_t first = SIZE_MAX;
  for (size_t i = 0; i < count; i++) {
    uint64_t other = slots[i].ticket;
    if (other > ticket && (first == SIZE_MAX || other < slots[first].ticket)) first = i;
  }
  return first;
}

static size_t find_before(const SyncSlot *slots, size_t count, uint64_t ticket)
{
  size_t last = SIZE_MAX;
  for (size_t i = 0; i < count; i++) {
    uint64_t other = slots[i].ticket;
    if (other && other < ticket && (last == SIZE_MAX || other > slots[last].ticket)) last = i;
  }
  return last;
}

size_t sync_queue_first(const SyncState *state)
{
  return find_after(state->slots, state->count, 0);
}

size_t sync_queue_before(const SyncState *state, uint64_t ticket)
{
  return find_before(state->slots, state->count, ticket);
}

void sync_queue_bury(SyncState *state, uint64_t peer)
{
  for (size_t i = 0; i < state->count; i++) {
    SyncSlot *slot = &state->slots[i];
    if (slot->peer != peer) continue;
    if (slot->held && slot->seen && state->head->kind == SYNC_MUTEX) state->head->abandoned = 1;
    memset(slot, 0, sizeof *slot);
  }
}

/* Does this slot hold units since this change? */
static bool holds_news(const SyncState *state, size_t i)
{
  const SyncSlot *now = &state->slots[i];
  if (!now->held) return false;
  if (i >= state->old_count) return true;
  const SyncSlot *old = &state->old_slots[i];
  return !old->held || old->peer != now->peer;
}

/* Who becomes first has watched the one before it, and nobody else. */
static bool knows_holders(const SyncState *state, const SyncSlot *slot)
{
  size_t before = find_before(state->old_slots, state->old_count, slot->ticket);
  uint64_t watched = before == SIZE_MAX ? 0 : state->old_slots[before].peer;
  for (size_t i = 0; i < state->count; i++) {
    if (!state->slots[i].held) continue;
    if (before == SIZE_MAX ? holds_news(state, i) : state->slots[i].peer != watched) return false;
  }
  return true;
}

static bool has_moved(const SyncState *state, size_t index)
{
  const SyncSlot *slot = &state->slots[index];
  if (!slot->ticket || index >= state->old_count) return false;
  if (state->old_slots[index].ticket != slot->ticket)
    return false; /* new: it is the one who looks */
  size_t before = find_before(state->slots, state->count, slot->ticket);
  if (before == SIZE_MAX) return !knows_holders(state, slot);
  size_t old = find_before(state->old_slots, state->old_count, slot->ticket);
  return old == SIZE_MAX || state->old_slots[old].peer != state->slots[before].peer;
}

/* Whoever stood behind somebody who has left, and at last the first in the queue. */
static size_t candidate(const SyncState *state, size_t index)
{
  if (index == state->old_count) return sync_queue_first(state);
  uint64_t left = state->old_slots[index].ticket;
  if (left == 0 || state->slots[index].ticket == left) return SIZE_MAX;
  return find_after(state->slots, state->count, left);
}

size_t sync_queue_moved(const SyncState *state, size_t *index)
{
  while (*index <= state->old_count) {
    size_t found = candidate(state, (*index)++);
    if (found != SIZE_MAX && has_moved(state, found)) return found;
  }
  return SIZE_MAX;
}
