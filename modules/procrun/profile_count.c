/* profile_count.c - how often the profiler has seen each stack: a hash table, in C memory alone. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "modules/procrun/profile.h"

enum { STACKS_MAX = 100000 };

typedef struct Entry {
  char *stack; /* NULL: free */
  size_t hash;
  unsigned long n;
} Entry;

struct Counts {
  Entry *entries;
  size_t cap, used; /* cap: a power of two */
  unsigned long total, others;
};

Counts *counts_new(void)
{
  Counts *c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  c->cap = 256;
  c->entries = calloc(c->cap, sizeof *c->entries);
  if (c->entries) return c;
  free(c);
  return NULL;
}

static size_t hash_of(const char *stack, size_t size)
{
  size_t hash = 5381;
  for (size_t i = 0; i < size; i++) hash = hash * 33 ^ (unsigned char)stack[i];
  return hash;
}

static Entry *place_of(Entry *entries, size_t cap, const char *stack, size_t size, size_t hash)
{
  size_t i = hash & (cap - 1);
  for (; entries[i].stack; i = (i + 1) & (cap - 1)) {
    const Entry *e = &entries[i];
    if (e->hash == hash && strncmp(e->stack, stack, size) == 0 && e->stack[size] == 0) break;
  }
  return &entries[i];
}

static bool grow(Counts *c)
{
  Entry *entries = calloc(c->cap * 2, sizeof *entries);
  if (entries == NULL) return false;
  for (size_t i = 0; i < c->cap; i++) {
    const Entry *e = &c->entries[i];
    if (e->stack) *place_of(entries, c->cap * 2, e->stack, strlen(e->stack), e->hash) = *e;
  }
  free(c->entries);
  c->entries = entries;
  c->cap *= 2;
  return true;
}

/* What does not fit is counted, and told without its stack. */
void counts_add(Counts *c, const char *stack, size_t size, unsigned long n)
{
  size_t hash = hash_of(stack, size);
  Entry *e = place_of(c->entries, c->cap, stack, size, hash);
  c->total += n;
  if (e->stack) {
    e->n += n;
    return;
  }
  bool room = c->used < STACKS_MAX && (c->used * 2 < c->cap || grow(c));
  char *copy = room ? strndup(stack, size) : NULL;
  if (copy == NULL) {
    c->others += n;
    return;
  }
  c->used++;
  *place_of(c->entries, c->cap, stack, size, hash) = (Entry){copy, hash, n};
}

static int by_stack(const void *a, const void *b)
{
  const Entry *const *x = a, *const *y = b;
  return strcmp((*x)->stack, (*y)->stack);
}

int counts_write(const Counts *c, FILE *f)
{
  const Entry **list = calloc(c->used + 1, sizeof *list);
  size_t n = 0;
  int error = 0;
  if (list == NULL) return -ENOMEM;
  for (size_t i = 0; i < c->cap; i++)
    if (c->entries[i].stack) list[n++] = &c->entries[i];
  qsort(list, n, sizeof *list, by_stack);
  for (size_t i = 0; i < n; i++)
    if (fprintf(f, "%s %lu\n", list[i]->stack, list[i]->n) < 0) error = errno;
  if (c->others && fprintf(f, "(others) %lu\n", c->others) < 0) error = errno;
  free(list);
  return error ? -error : fflush(f) != 0 ? -errno : 0;
}

unsigned long counts_total(const Counts *c)
{
  return c->total;
}

void counts_free(Counts *c)
{
  for (size_t i = 0; i < c->cap; i++) free(c->entries[i].stack);
  free(c->entries);
  free(c);
}
