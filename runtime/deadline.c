/* deadline.c - points in time: one binary heap over one libuv timer. */
#include "runtime/deadline.h"

#include <math.h>
#include <stdlib.h>

static bool earlier(const Deadline *a, const Deadline *b)
{
  return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void place(Runtime *rt, Deadline *d, size_t i)
{
  rt->heap[i] = d;
  d->index = i;
}

static void sift_up(Runtime *rt, Deadline *d)
{
  size_t i = d->index;
  while (i > 1 && earlier(d, rt->heap[i / 2])) {
    place(rt, rt->heap[i / 2], i);
    i /= 2;
  }
  place(rt, d, i);
}

static void sift_down(Runtime *rt, Deadline *d)
{
  size_t i = d->index;
  for (;;) {
    size_t child = i * 2;
    if (child > rt->heap_size) break;
    if (child < rt->heap_size && earlier(rt->heap[child + 1], rt->heap[child])) child++;
    if (!earlier(rt->heap[child], d)) break;
    place(rt, rt->heap[child], i);
    i = child;
  }
  place(rt, d, i);
}

static void on_timer(uv_timer_t *timer);

/* The timer stands at the first deadline, or is stopped. */
static void set_timer(Runtime *rt)
{
  if (rt->heap_size == 0) {
    uv_timer_stop(&rt->timer);
    return;
  }
  uint64_t now = uv_now(&rt->loop), due = rt->heap[1]->due;
  uv_timer_start(&rt->timer, on_timer, due > now ? due - now : 0, 0);
}

static void count_ref(Runtime *rt, int change)
{
  rt->heap_refs += (size_t)change;
  if (rt->heap_refs > 0)
    uv_ref((uv_handle_t *)&rt->timer);
  else
    uv_unref((uv_handle_t *)&rt->timer);
}

static void take_out(Runtime *rt, Deadline *d)
{
  size_t i = d->index;
  Deadline *last = rt->heap[rt->heap_size--];
  d->index = 0;
  if (!d->unref) count_ref(rt, -1);
  if (last == d) return;
  place(rt, last, i);
  sift_up(rt, last);
  sift_down(rt, last);
}

static void on_timer(uv_timer_t *timer)
{
  Runtime *rt = timer->data;
  uint64_t now = uv_now(&rt->loop);
  while (rt->heap_size > 0 && rt->heap[1]->due <= now) {
    Deadline *d = rt->heap[1];
    take_out(rt, d);
    d->fire(d);
    uv_stop(&rt->loop); /* this turn must not wait for more: whoever was woken comes first */
  }
  set_timer(rt);
}

static void grow(Runtime *rt)
{
  size_t cap = rt->heap_cap ? rt->heap_cap * 2 : 64;
  Deadline **heap = realloc(rt->heap, cap * sizeof *heap);
  if (heap == NULL) abort(); /* no caller could go on without its timeout */
  rt->heap = heap;
  rt->heap_cap = cap;
}

void deadline_arm(Runtime *rt, Deadline *d, double seconds)
{
  static uint64_t order;
  if (d->index) take_out(rt, d);
  if (rt->heap_size + 2 > rt->heap_cap) grow(rt);
  double ns = seconds > 0 ? ceil(seconds * 1e9) : 0;
  if (ns > 1e18) ns = 1e18;
  /* Not from the loop's time: the script may have computed for long since the turn began. Rounded
     up: never early. */
  d->due = (uv_hrtime() + (uint64_t)ns + 999999) / 1000000;
  d->order = ++order;
  rt->heap_size++;
  place(rt, d, rt->heap_size);
  sift_up(rt, d);
  if (!d->unref) count_ref(rt, 1);
  if (d->index == 1) set_timer(rt);
}

void deadline_disarm(Runtime *rt, Deadline *d)
{
  if (d->index == 0) return;
  bool first = d->index == 1;
  take_out(rt, d);
  if (first) set_timer(rt);
}

void deadline_ref(Runtime *rt, Deadline *d, bool ref)
{
  if (d->unref == !ref) return;
  d->unref = !ref;
  if (d->index) count_ref(rt, ref ? 1 : -1);
}

int deadline_open(Runtime *rt)
{
  int r = uv_timer_init(&rt->loop, &rt->timer);
  rt->timer.data = rt;
  if (r == 0) uv_unref((uv_handle_t *)&rt->timer);
  return r;
}

void deadline_close(Runtime *rt)
{
  uv_close((uv_handle_t *)&rt->timer, NULL);
  free(rt->heap);
  rt->heap = NULL;
  rt->heap_size = rt->heap_cap = 0;
}
