/* heap.c - the memory of a Lua state: small blocks without headers from one region, the rest from malloc.

   Lua says the size of what it frees, so a block needs no header, and a free one is found again by
   its size alone. A start and a small worker fit into the region, which saves them a fifth of their
   memory and most of malloc's time. It is never given back, nor is a free block ever cut or joined:
   at worst the region is lost to a large program, which is why there is only one. */
#include "runtime/heap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { REGION = 256 * 1024, STEP = 8, SMALL = 512 }; /* 8: what Lua aligns to */

typedef struct Free {
  struct Free *next;
} Free;

#ifdef PROCRUN_SANITIZE
static const size_t limit; /* every block is malloc's, so that a wrong access is seen */
#else
static const size_t limit = REGION;
#endif
/* common: behind all small variables, which then share their pages. */
__attribute__((common)) _Alignas(16) unsigned char heap_region[REGION];
static size_t used;
static Free *lists[SMALL / STEP + 1];

static size_t steps(size_t size)
{
  return (size + STEP - 1) / STEP;
}

static void *take(size_t size)
{
  if (size > SMALL) return malloc(size);
  size_t n = steps(size);
  Free *block = lists[n];
  if (block) {
    lists[n] = block->next;
    return block;
  }
  if (limit - used < n * STEP) return malloc(size);
  used += n * STEP;
  return heap_region + used - n * STEP;
}

static void give(void *block, size_t size)
{
  Free *freed = block;
  freed->next = lists[steps(size)];
  lists[steps(size)] = freed;
}

static void *move(void *block, size_t old_size, size_t size)
{
  if (steps(old_size) == steps(size)) return block;
  void *moved = take(size);
  if (moved == NULL) return size < old_size ? block : NULL; /* Lua counts on it: shrinking works */
  memcpy(moved, block, old_size < size ? old_size : size);
  give(block, old_size);
  return moved;
}

void *heap_resize(void *block, size_t old_size, size_t size)
{
  bool ours = (uintptr_t)block - (uintptr_t)heap_region < REGION;
  if (block == NULL) return size > 0 ? take(size) : NULL;
  if (ours && size > 0) return move(block, old_size, size);
  if (ours)
    give(block, old_size);
  else if (size > 0)
    return realloc(block, size);
  else
    free(block);
  return NULL;
}

/* malloc takes it from what is freed how large the blocks are that are worth keeping: it maps those of
   128 KiB, and gives back what is free at its end, until it has seen a larger one go. */
void heap_expect_blocks(void)
{
  void *volatile block = malloc(1024 * 1024);
  free(block);
}
