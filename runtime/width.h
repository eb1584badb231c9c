/* width.h - how text stands on a terminal: its columns, and what of it is escape sequences. UTF-8,
   whatever the locale of the program is. */
#ifndef PROCRUN_WIDTH_H
#define PROCRUN_WIDTH_H

#include <stddef.h>

/* The bytes of the escape sequence that begins at s[0], an ESC. */
size_t width_escape(const char *s, size_t n);

/* The bytes of the character or escape sequence at s, n > 0; *width is its columns, 0 for a control
   character, -1 for an escape sequence. A byte that is no UTF-8 takes one column. */
size_t width_next(const char *s, size_t n, int *width);

/* The columns of the text; of several lines, those of the widest. */
size_t width_of(const char *s, size_t n);

#endif
