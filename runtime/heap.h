/* heap.h - the memory of a Lua state. */
#ifndef PROCRUN_HEAP_H
#define PROCRUN_HEAP_H

#include <stddef.h>

/* As a lua_Alloc does it: size 0 frees. old_size is what the block was asked for with, or anything
   where block is NULL. */
void *heap_resize(void *block, size_t old_size, size_t size);

/* Strings of a hundred kB come and go from now on: their memory is kept, up to 2 MiB of it. */
void heap_expect_blocks(void);

#endif
