/* embed.h - the Lua files built into the executable, as scripts/embed writes them. */
#ifndef PROCRUN_EMBED_H
#define PROCRUN_EMBED_H

#include <stddef.h>

typedef struct Embedded {
  const char *name;           /* what require() is given: "procrun.proc.child" */
  const unsigned char *bytes; /* a binary chunk that keeps its line numbers */
  size_t size;
} Embedded;

extern const Embedded embedded[]; /* sorted by name, in strcmp's order */
extern const size_t embedded_count;

#endif
