/* sync_look.c - a look at an object's file: every change of it, ours and that of others, is made or
   seen here.

   Whoever changes a state pokes those who have to know before the change is written, while the file
   is still entered. They look once it has been left, however that came: no death in between leaves
   somebody asleep. */
#include "modules/sync/sync_object.h"
#include "modules/sync/sync_place.h"
#include "modules/sync/sync_queue.h"

#include <string.h>

typedef struct Look {
  SyncObject *s;
  SyncWish wish;
  SyncState state;
  uint64_t me;
  size_t mine; /* our slot; SIZE_MAX: none */
} Look;

/* Microseconds to wait for a change of another process, which takes some: little where the look is
   repeated by itself, more where it is not. */
enum { PATIENT = 100000, IMPATIENT = 500 };
enum { DOUBLINGS = 5 };
static const double BUSY_AGAIN = 0.002, FAILED_AGAIN = 0.1; /* seconds */

static uint64_t free_units;

uint64_t sync_free(void)
{
  return free_units;
}

static bool tasks_wait(const SyncObject *s)
{
  return s->base.open && s->waiters.head;
}

static SyncSlot *my_slot(Look *l)
{
  return l->mine == SIZE_MAX ? NULL : &l->state.slots[l->mine];
}

static void find_mine(Look *l)
{
  l->mine = SIZE_MAX;
  for (size_t i = 0; i < l->state.count; i++) {
    const SyncSlot *slot = &l->state.slots[i];
    if (slot->peer == l->me && slot->token == l->s->token) l->mine = i;
  }
}

static SyncSlot *need_slot(Look *l)
{
  if (l->mine != SIZE_MAX) return my_slot(l);
  l->mine = sync_state_new_slot(&l->state);
  SyncSlot *slot = my_slot(l);
  if (slot) *slot = (SyncSlot){.peer = l->me, .token = l->s->token};
  return slot;
}

/* A process has ended. UV_ESRCH, which means: start over. */
static int bury(Look *l, uint64_t peer)
{
  sync_queue_bury(&l->state, peer);
  sync_place_bury(peer);
  return UV_ESRCH;
}

static int tell_own(Look *l, const SyncSlot *slot)
{
  SyncObject *other = sync_find(slot->token);
  if (other && other != l->s) sync_due(other);
  return 0;
}

/* Somebody is to look, once the change is made. */
static int tell(Look *l, const SyncSlot *slot)
{
  if (slot->peer == l->me) return tell_own(l, slot);
  int r = sync_place_poke(slot->peer, slot->token);
  return r == UV_ESRCH ? bury(l, slot->peer) : r;
}

/* Units that are free go to those who wait, in the order of the queue. */
static int grant(Look *l)
{
  size_t first;
  while (sync_queue_free(&l->state) > 0 && (first = sync_queue_first(&l->state)) != SIZE_MAX) {
    SyncSlot *slot = &l->state.slots[first];
    int r = tell(l, slot);
    if (r == UV_ESRCH) continue;
    if (r < 0) return r;
    slot->held++;
    slot->ticket = 0;
  }
  return 0;
}

static uint32_t held(Look *l)
{
  const SyncSlot *slot = my_slot(l);
  return slot ? slot->held : 0;
}

/* A unit that nobody waits for, or else a place in the queue. Those who stood in it had their turn in
   grant(). */
static int take(Look *l)
{
  SyncObject *s = l->s;
  bool wanted = l->wish.take || tasks_wait(s);
  if (!wanted) return 0;
  if (held(l) > s->owned) {
    my_slot(l)->ticket = 0; /* who granted it may have died before he had written this */
    return 0;
  }
  bool is_free = sync_queue_free(&l->state) > 0;
  if (!is_free && !tasks_wait(s)) return 0;
  SyncSlot *slot = need_slot(l);
  if (slot == NULL) return UV_ENOMEM;
  if (is_free)
    slot->held++;
  else if (slot->ticket == 0)
    slot->ticket = ++l->state.head->tickets;
  return 0;
}

/* What is no longer wanted. A mutex that was abandoned, of which nobody was told, stays so. */
static void give(Look *l)
{
  SyncObject *s = l->s;
  SyncSlot *slot = my_slot(l);
  if (slot == NULL) return;
  if (!l->wish.take && !tasks_wait(s)) {
    if (slot->held > s->owned) slot->held = s->owned;
    slot->ticket = 0;
  } else if (slot->held >= l->wish.give) {
    slot->held -= l->wish.give;
  }
  if (slot->held == 0 && s->abandoned) l->state.head->abandoned = 1;
}

static int watch(Look *l, uint64_t peer)
{
  if (peer == l->me) return 0;
  int r = sync_watch_need(l->s, peer);
  return r == UV_ESRCH ? bury(l, peer) : r;
}

static int watch_holders(Look *l)
{
  for (size_t i = 0; i < l->state.count; i++) {
    const SyncSlot *slot = &l->state.slots[i];
    int r = slot->held ? watch(l, slot->peer) : 0;
    if (r < 0) return r;
  }
  return 0;
}

static int watch_ahead(Look *l)
{
  const SyncSlot *slot = my_slot(l);
  bool stuck = l->wish.take && held(l) <= l->s->owned;
  if (slot && slot->ticket) {
    size_t before = sync_queue_before(&l->state, slot->ticket);
    if (before != SIZE_MAX) return watch(l, l->state.slots[before].peer);
  } else if (!l->wish.check && !stuck) {
    return 0;
  }
  return watch_holders(l);
}

static int tell_moved(Look *l)
{
  size_t index = 0, i;
  while ((i = sync_queue_moved(&l->state, &index)) != SIZE_MAX) {
    int r = i == l->mine ? 0 : tell(l, &l->state.slots[i]);
    if (r < 0) return r;
  }
  return 0;
}

static int settle_units(Look *l)
{
  int r;
  give(l);
  do {
    r = grant(l);
    if (r == 0) r = take(l);
    if (r == 0) r = watch_ahead(l);
    if (r == 0) r = tell_moved(l);
  } while (r == UV_ESRCH);
  return r;
}

/* Whoever waits for an event hears of it; nobody watches anybody. */
static int set_event(Look *l)
{
  for (size_t i = 0; i < l->state.count; i++) {
    const SyncSlot *slot = &l->state.slots[i];
    int r = slot->ticket ? tell(l, slot) : 0;
    if (r < 0 && r != UV_ESRCH) return r;
  }
  l->state.head->set = 1;
  l->state.head->sets++;
  return 0;
}

/* Those who were killed while they waited leave slots; whoever comes looks at a few of them. */
static void check_some(Look *l)
{
  enum { FEW = 2 };
  static size_t at;
  for (int i = 0; i < FEW && l->state.count > 0; i++) {
    uint64_t peer = l->state.slots[at++ % l->state.count].peer;
    if (peer != 0 && peer != l->me && watch(l, peer) == UV_ESRCH) continue;
  }
}

static int settle_event(Look *l)
{
  SyncSlot *slot = my_slot(l);
  if (!tasks_wait(l->s)) {
    if (slot) slot->ticket = 0;
  } else if (slot == NULL) {
    check_some(l);
    slot = need_slot(l);
    if (slot == NULL) return UV_ENOMEM;
    slot->ticket = ++l->state.head->tickets;
  }
  if (l->wish.set > 0) return set_event(l);
  if (l->wish.set < 0) l->state.head->set = 0;
  return 0;
}

/* Does another process hold or stand before us what we wait for? Otherwise only tasks of this one can
   end the wait, and if they do not, it is a deadlock. */
static bool depends_on_others(Look *l)
{
  if (l->s->kind == SYNC_EVENT) return true;
  const SyncSlot *mine = my_slot(l);
  for (size_t i = 0; mine && i < l->state.count; i++) {
    const SyncSlot *slot = &l->state.slots[i];
    bool before = slot->ticket && slot->ticket < mine->ticket;
    if (slot->peer != l->me && (slot->held || before)) return true;
  }
  return false;
}

static void set_needs(SyncObject *s, bool needs)
{
  if (s->needs == needs) return;
  s->needs = needs;
  sync_place_need(needs ? 1 : -1);
}

/* The file was changed: so is the object. */
static int note(Look *l)
{
  SyncObject *s = l->s;
  SyncHead *head = l->state.head;
  const SyncSlot *slot = my_slot(l);
  s->held = held(l);
  s->queued = slot && slot->ticket;
  s->set = head->set;
  s->sets = head->sets;
  set_needs(s, tasks_wait(s) && depends_on_others(l));
  free_units = sync_queue_free(&l->state);
  if (s->held == 0) s->abandoned = false;
  if (s->held == 0 || !head->abandoned) return 0;
  head->abandoned = 0;
  s->abandoned = true;
  return sync_state_commit(&l->state);
}

static int enter_and_settle(Look *l)
{
  SyncObject *s = l->s;
  if (sync_place_forked()) return SYNC_FORKED;
  unsigned patience = l->wish.now ? PATIENT : IMPATIENT;
  int r = sync_state_enter(&l->state, s->kind, s->units, patience);
  if (r < 0) return r;
  find_mine(l);
  if (l->state.head->units != s->units)
    r = UV_EINVAL;
  else if (s->kind == SYNC_EVENT)
    r = settle_event(l);
  else
    r = settle_units(l);
  SyncSlot *slot = my_slot(l);
  if (r == 0 && slot) slot->seen = slot->held > 0;
  if (r == 0 && slot && slot->held == 0 && slot->ticket == 0) memset(slot, 0, sizeof *slot);
  if (r == 0) r = sync_state_commit(&l->state);
  if (r == 0) r = note(l);
  if (r == UV_EINVAL) free_units = l->state.head->units; /* for the message */
  sync_state_leave(&l->state);
  return r;
}

/* What did not work is tried again, and those who wait are told if it was no mere delay. */
static void look_again(SyncObject *s, int r)
{
  bool waiting = tasks_wait(s);
  if (r == SYNC_DAMAGED || r == SYNC_REMOVED || r == SYNC_FORKED) { /* nothing of it is ours */
    s->held = s->owned;
    s->queued = false;
  }
  if (!waiting) set_needs(s, false);
  if (waiting && r != UV_EBUSY) {
    s->error = r;
    wait_wake_all(&s->waiters);
  }
  if (!waiting && !s->queued && s->held == s->owned) return;
  s->again.unref = !waiting;
  double busy_again = BUSY_AGAIN * (1 << s->busy);
  if (r == UV_EBUSY && s->busy < DOUBLINGS) s->busy++;
  deadline_arm(s->base.rt, &s->again, r == UV_EBUSY ? busy_again : FAILED_AGAIN);
}

static int look_once(SyncObject *s, SyncWish wish)
{
  uint64_t sets = s->sets;
  Look l = {.s = s, .wish = wish, .me = sync_place()->id};
  l.state.file = &s->file;
  l.state.now = uv_now(&s->base.rt->loop);
  sync_watch_begin(s);
  int r = enter_and_settle(&l);
  sync_watch_end(s);
  deadline_disarm(s->base.rt, &s->again);
  if (r != UV_EBUSY) s->busy = 0;
  if (r < 0) look_again(s, r);
  if (s->held > s->owned) wait_wake(&s->waiters);
  if (s->set || s->sets != sets) wait_wake_all(&s->waiters);
  return r;
}

void sync_run_due(void)
{
  for (SyncObject *s; (s = sync_next_due());) look_once(s, (SyncWish){0});
}

int sync_look(SyncObject *s, SyncWish wish)
{
  int r = look_once(s, wish);
  uint64_t units = free_units;
  sync_run_due();
  free_units = units;
  return r;
}
