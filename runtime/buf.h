/* buf.h - a growable byte buffer that is filled at its tail and emptied at its head. */
#ifndef PROCRUN_BUF_H
#define PROCRUN_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* In front of the bytes stand as many as Lua 5.4 has in front of those of a string: see adopt.h. */
enum { BUF_MARGIN = 24 };

typedef struct Buf {
  char *data;  /* NULL while nothing was ever stored */
  size_t head; /* first byte not yet consumed */
  size_t tail; /* one past the last byte stored */
  size_t cap;  /* bytes allocated */
} Buf;         /* a zeroed Buf is an empty one */

static inline size_t buf_size(const Buf *b)
{
  return b->tail - b->head;
}

static inline char *buf_head(const Buf *b)
{
  return b->data + b->head;
}

/* Room for n more bytes at the tail; NULL when memory is out (the buffer is then unchanged). */
char *buf_reserve(Buf *b, size_t n);

/* n bytes of the room given by buf_reserve have been filled. */
static inline void buf_commit(Buf *b, size_t n)
{
  b->tail += n;
}

/* Copies n bytes to the tail; false when memory is out. */
bool buf_append(Buf *b, const void *bytes, size_t n);

/* Drops n bytes from the head; a large buffer that becomes empty gives its memory back. */
void buf_consume(Buf *b, size_t n);

/* Drops bytes from the tail until `size` are left. */
void buf_truncate(Buf *b, size_t size);

/* Gives up the allocated block: BUF_MARGIN bytes, what is stored, room for one byte more. NULL, and
   nothing happens, when it is empty or bytes were taken from its head. */
char *buf_detach(Buf *b);

void buf_free(Buf *b);

#endif
