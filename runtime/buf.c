/* buf.c - a growable byte buffer that is filled at its tail and emptied at its head. */
#include "runtime/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BUF_FIRST = 256, BUF_KEEP = 128 * 1024, HUGE_FROM = 8 * 1024 * 1024 };

/* Moves what is left to the front; done only when the hole is at least as large as the rest, so the
   copying stays linear in the bytes that pass through. */
static void compact(Buf *b)
{
  size_t size = buf_size(b);
  memmove(b->data, b->data + b->head, size);
  b->head = 0;
  b->tail = size;
}

/* The kernel clears a page at the first touch: fewer and larger ones take half the time. The whole
   mapping, or realloc could not move it as one. */
static void use_huge_pages(char *block, size_t size)
{
#ifdef MADV_HUGEPAGE
  uintptr_t page = 4096, first = (uintptr_t)block & ~(page - 1);
  uintptr_t end = ((uintptr_t)block + size + page - 1) & ~(page - 1);
  madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
  (void)block, (void)size;
#endif
}

char *buf_reserve(Buf *b, size_t n)
{
  if (b->cap - b->tail >= n) return b->data + b->tail;
  size_t size = buf_size(b);
  if (b->head >= size && b->cap - size >= n) {
    compact(b);
    return b->data + b->tail;
  }
  size_t want = b->cap ? b->cap : BUF_FIRST;
  while (want - b->tail < n) {
    if (want > (size_t)-1 / 2) return NULL;
    want *= 2;
  }
  char *block = realloc(b->data ? b->data - BUF_MARGIN : NULL, BUF_MARGIN + want + 1);
  if (block == NULL) return NULL;
  b->data = block + BUF_MARGIN;
  b->cap = want;
  if (want >= HUGE_FROM) use_huge_pages(block, want);
  return b->data + b->tail;
}

bool buf_append(Buf *b, const void *bytes, size_t n)
{
  if (n == 0) return true;
  char *room = buf_reserve(b, n);
  if (room == NULL) return false;
  memcpy(room, bytes, n);
  b->tail += n;
  return true;
}

void buf_consume(Buf *b, size_t n)
{
  b->head += n;
  if (b->head < b->tail) return;
  b->head = b->tail = 0;
  if (b->cap > BUF_KEEP) buf_free(b);
}

void buf_truncate(Buf *b, size_t size)
{
  b->tail = b->head + size;
}

char *buf_detach(Buf *b)
{
  if (b->head > 0 || b->tail == 0) return NULL;
  char *block = b->data - BUF_MARGIN;
  if (b->cap - b->tail > b->cap / 16) {
    char *fitting = realloc(block, BUF_MARGIN + b->tail + 1);
    if (fitting) block = fitting;
  }
  *b = (Buf){0};
  return block;
}

void buf_free(Buf *b)
{
  if (b->data) free(b->data - BUF_MARGIN);
  *b = (Buf){0};
}
