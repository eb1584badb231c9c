/* fs_found.c - names with keys, gathered in a thread and handed to Lua. */
#include "modules/fs/fs_found.h"

#include <string.h>

typedef struct Key {
  dev_t dev;
  ino_t ino;
} Key;

static Key key_of(const struct stat *st)
{
  Key key;
  memset(&key, 0, sizeof key);
  key.dev = st->st_dev;
  key.ino = st->st_ino;
  return key;
}

void fs_found_push_key(lua_State *L, const struct stat *st)
{
  Key key = key_of(st);
  lua_pushlstring(L, (const char *)&key, sizeof key);
}

bool fs_found_add(Buf *found, const struct stat *st, const char *name)
{
  Key key = key_of(st);
  return buf_append(found, &key, sizeof key) && buf_append(found, name, strlen(name) + 1);
}

bool fs_found_is(const Buf *wanted, int fd)
{
  struct stat st;
  if (buf_size(wanted) != sizeof(Key)) return true;
  if (fstat(fd, &st) < 0) return false;
  Key key = key_of(&st);
  return memcmp(&key, buf_head(wanted), sizeof key) == 0;
}

void fs_found_push(lua_State *L, const Buf *found)
{
  const char *p = found->data ? buf_head(found) : NULL, *end = p ? p + buf_size(found) : NULL;
  lua_newtable(L);
  for (lua_Integer i = 1; p < end; i += 2) {
    const char *name = p + sizeof(Key);
    lua_pushstring(L, name);
    lua_rawseti(L, -2, i);
    lua_pushlstring(L, p, sizeof(Key));
    lua_rawseti(L, -2, i + 1);
    p = name + strlen(name) + 1;
  }
}
