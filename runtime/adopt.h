/* adopt.h - the bytes of a Buf as a Lua string, not copied where they are many.

   lua_pushlstring asks the allocator for a block and copies the bytes into it, behind the string's
   header. Here the allocator answers with the block in which they stand already, at the very place:
   the copy is one of memory to itself, which memcpy leaves out. A Buf keeps room for the header; one
   trial shows whether it has the right size. If not, bytes are copied as everywhere. */
#ifndef PROCRUN_ADOPT_H
#define PROCRUN_ADOPT_H

#include "runtime/rt.h"

void adopt_push(lua_State *L, Buf *b); /* pushes all that is stored; the buffer is then empty */

/* For the allocator: the block that was meant for this string. */
static inline void *adopt_take(Adopt *adopt)
{
  void *block = adopt->block;
  adopt->block = NULL;
  return block;
}

#endif
