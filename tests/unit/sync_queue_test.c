/* sync_queue_test.c - unit test of modules/sync/sync_queue.c: whatever changes, whoever waits watches
   those it has to watch, if it looks whenever sync_queue_moved names it. Exits 0, or names the line
   that does not hold. */
#include "modules/sync/sync_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

enum { SLOTS = 12, CHANGES = 20000 };

static SyncHead head, old_head;
static SyncSlot slots[SLOTS], old_slots[SLOTS];
static SyncState state = {.head = &head,
                          .slots = slots,
                          .count = SLOTS,
                          .old_head = &old_head,
                          .old_slots = old_slots,
                          .old_count = SLOTS};
static bool watches[SLOTS][SLOTS]; /* [who][whom], by slot; slot i is of process i + 1 */

/* What who waits in slot i has to watch. */
static bool must_watch(size_t i, size_t other)
{
  size_t before = sync_queue_before(&state, slots[i].ticket);
  return before == SIZE_MAX ? slots[other].held > 0 : other == before;
}

static void look(size_t i)
{
  for (size_t other = 0; other < SLOTS; other++)
    watches[i][other] = slots[i].ticket && must_watch(i, other);
}

static void grant(void)
{
  size_t first;
  while (sync_queue_free(&state) > 0 && (first = sync_queue_first(&state)) != SIZE_MAX) {
    slots[first].held++;
    slots[first].ticket = 0;
  }
}

/* Slot i gives back, leaves the queue, joins it, or its process dies. */
static void change(size_t i)
{
  int how = rand() % 8;
  if (slots[i].peer == 0) {
    slots[i] = (SyncSlot){.peer = i + 1};
    if (sync_queue_free(&state) > 0)
      slots[i].held = 1;
    else
      slots[i].ticket = ++head.tickets;
  } else if (how == 0) {
    sync_queue_bury(&state, i + 1);
  } else if (slots[i].ticket) {
    slots[i].ticket = 0;
    if (slots[i].held == 0) memset(&slots[i], 0, sizeof slots[i]);
  } else {
    slots[i].held--;
    if (how == 1 && head.units > 1) slots[i].ticket = ++head.tickets;
    if (slots[i].held == 0 && slots[i].ticket == 0) memset(&slots[i], 0, sizeof slots[i]);
  }
  grant();
}

/* Who changes looks itself, and so do those that it tells. */
static void test_watching(uint32_t units)
{
  memset(slots, 0, sizeof slots);
  memset(watches, 0, sizeof watches);
  head = (SyncHead){.kind = SYNC_SEMAPHORE, .units = units};
  for (int n = 0; n < CHANGES; n++) {
    size_t i = (size_t)rand() % SLOTS, index = 0, moved;
    memcpy(old_slots, slots, sizeof slots);
    change(i);
    while ((moved = sync_queue_moved(&state, &index)) != SIZE_MAX) look(moved);
    look(i);
    for (size_t who = 0; who < SLOTS; who++)
      for (size_t whom = 0; whom < SLOTS; whom++)
        CHECK(!slots[who].ticket || who == whom || !must_watch(who, whom) || watches[who][whom]);
  }
}

static void test_order(void)
{
  memset(slots, 0, sizeof slots);
  head = (SyncHead){.kind = SYNC_MUTEX, .units = 1};
  CHECK(sync_queue_free(&state) == 1 && sync_queue_first(&state) == SIZE_MAX);
  slots[0] = (SyncSlot){.peer = 1, .held = 1, .seen = 1};
  slots[1] = (SyncSlot){.peer = 2, .ticket = 9};
  slots[2] = (SyncSlot){.peer = 3, .ticket = 4};
  CHECK(sync_queue_free(&state) == 0 && sync_queue_first(&state) == 2);
  CHECK(sync_queue_before(&state, 9) == 2 && sync_queue_before(&state, 4) == SIZE_MAX);
  sync_queue_bury(&state, 1);
  CHECK(sync_queue_free(&state) == 1 && head.abandoned == 1 && slots[0].peer == 0);
}

/* Whoever dies before it knows that it holds a mutex has abandoned nothing. */
static void test_unseen(void)
{
  memset(slots, 0, sizeof slots);
  head = (SyncHead){.kind = SYNC_MUTEX, .units = 1};
  slots[0] = (SyncSlot){.peer = 1, .held = 1};
  sync_queue_bury(&state, 1);
  CHECK(sync_queue_free(&state) == 1 && head.abandoned == 0);
}

int main(void)
{
  test_order();
  test_unseen();
  for (uint32_t units = 1; units <= 4; units++) test_watching(units);
  return 0;
}
