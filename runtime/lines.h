/* lines.h - cuts the bytes of a Buf at '\n', scanning each byte once. */
#ifndef PROCRUN_LINES_H
#define PROCRUN_LINES_H

#include "runtime/buf.h"

/* Rule: while a Lines follows a Buf, bytes are appended to it freely, but taken from its head by
   lines_consume only, and never truncated. */
typedef struct Lines {
  size_t scanned; /* bytes from the head of the Buf known to hold no '\n' */
} Lines;          /* a zeroed Lines is at the start */

/* The next complete line without its '\n' ("\r" stays). It is not consumed: the same line is given
   again until lines_consume; *line is valid until the Buf is changed. False when no line is
   complete: l->scanned is then the size of the unfinished one, to be held against a limit. */
bool lines_next(Lines *l, const Buf *b, const char **line, size_t *size);

/* Drops bytes from the head: for a line just given, its size + 1. */
void lines_consume(Lines *l, Buf *b, size_t size_with_newline);

#endif
