/* heap_test.c - unit test of runtime/heap.c: exits 0, or names the line that does not hold. */
#include "runtime/heap.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

enum { BLOCKS = 4000, ROUNDS = 400000 };

typedef struct Block {
  unsigned char *bytes;
  size_t size;
  unsigned char fill;
} Block;

static Block blocks[BLOCKS];

static unsigned next_random(void)
{
  static unsigned state = 1;
  state = state * 1664525 + 1013904223;
  return state >> 8;
}

static bool is_whole(const Block *b, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (b->bytes[i] != b->fill) return false;
  return true;
}

/* Every size from nothing to well beyond the small ones, grown, shrunk and freed in any order: no
   block ever loses a byte to another. */
static void change(Block *b)
{
  size_t size = next_random() % 4 == 0 ? 0 : next_random() % (next_random() % 8 ? 200 : 2000);
  CHECK(is_whole(b, b->size));
  b->bytes = heap_resize(b->bytes, b->size, size);
  CHECK((b->bytes == NULL) == (size == 0));
  CHECK((uintptr_t)b->bytes % 8 == 0);
  CHECK(is_whole(b, b->size < size ? b->size : size));
  b->size = size;
  b->fill = (unsigned char)next_random();
  if (size > 0) memset(b->bytes, b->fill, size);
}

/* A block that was freed is the next one of its size. */
static void test_reuse(void)
{
  void *first = heap_resize(NULL, 0, 40);
  CHECK(heap_resize(first, 40, 0) == NULL);
  void *second = heap_resize(NULL, 5, 37); /* the old size of no block says what it is for */
#ifndef PROCRUN_SANITIZE
  CHECK(second == first);
#endif
  CHECK(heap_resize(second, 37, 0) == NULL);
}

int main(void)
{
  test_reuse();
  for (int i = 0; i < ROUNDS; i++) change(&blocks[next_random() % BLOCKS]);
  for (int i = 0; i < BLOCKS; i++) {
    CHECK(is_whole(&blocks[i], blocks[i].size));
    CHECK(heap_resize(blocks[i].bytes, blocks[i].size, 0) == NULL);
  }
  return 0;
}
