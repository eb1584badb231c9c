/* lines.c - cuts the bytes of a Buf at '\n', scanning each byte once. */
#include "runtime/lines.h"

#include <string.h>

bool lines_next(Lines *l, const Buf *b, const char **line, size_t *size)
{
  size_t stored = buf_size(b);
  if (l->scanned >= stored) return false; /* also keeps memchr away from the NULL of an empty Buf */
  const char *head = buf_head(b);
  const char *newline = memchr(head + l->scanned, '\n', stored - l->scanned);
  if (newline == NULL) {
    l->scanned = stored;
    return false;
  }
  *line = head;
  *size = l->scanned = (size_t)(newline - head); /* asked again, the '\n' is found at once */
  return true;
}

void lines_consume(Lines *l, Buf *b, size_t size_with_newline)
{
  buf_consume(b, size_with_newline);
  l->scanned = l->scanned > size_with_newline ? l->scanned - size_with_newline : 0;
}
