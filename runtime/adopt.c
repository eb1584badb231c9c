/* adopt.c - the bytes of a Buf as a Lua string, not copied where they are many; see adopt.h. */
#include "runtime/adopt.h"

#include <stdlib.h>

enum { ADOPT_MIN = 16 * 1024 }; /* copying less costs less than a new buffer */

/* Pushes n bytes as a string that is to be made in block, if the allocator is asked for its size. */
static void push_into(lua_State *L, char *block, const char *bytes, size_t n)
{
  Adopt *adopt = &rt_get(L)->adopt;
  adopt->block = block;
  adopt->size = BUF_MARGIN + n + 1;
  lua_pushlstring(L, bytes, n);
}

static bool try_out(lua_State *L, Adopt *adopt)
{
  char text[100] = {0}; /* longer than what Lua keeps only once */
  char *block = malloc(BUF_MARGIN + sizeof text + 1);
  if (block == NULL) return false;
  push_into(L, block, text, sizeof text);
  bool works = lua_tostring(L, -1) == block + BUF_MARGIN;
  free(adopt_take(adopt)); /* it was not taken */
  lua_pop(L, 1);
  return works;
}

void adopt_push(lua_State *L, Buf *b)
{
  Adopt *adopt = &rt_get(L)->adopt;
  size_t n = buf_size(b);
  bool many = n >= ADOPT_MIN && n >= b->cap / 4;
  if (many && adopt->works == 0) adopt->works = try_out(L, adopt) ? 1 : -1;
  char *block = many && adopt->works > 0 ? buf_detach(b) : NULL;
  if (block) {
    push_into(L, block, block + BUF_MARGIN, n);
  } else {
    lua_pushlstring(L, n ? buf_head(b) : "", n);
    buf_consume(b, n);
  }
}
