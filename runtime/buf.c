/* buf.c - a growable byte buffer that is filled at its tail and emptied at its head. */
#include "runtime/buf.h"

#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 256, BUF_KEEP = 128 * 1024 };

/* Moves what is left to the front; done only when the hole is at least as large as the rest, so the
   copying stays linear in the bytes that pass through. */
static void compact(Buf *b)
{
  size_t size = buf_size(b);
  memmove(b->data, b->data + b->head, size);
  b->head = 0;
  b->tail = size;
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
  char *data = realloc(b->data, want);
  if (data == NULL) return NULL;
  b->data = data;
  b->cap = want;
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

void buf_free(Buf *b)
{
  free(b->data);
  *b = (Buf){0};
}
