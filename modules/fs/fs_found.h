/* fs_found.h - what a job of the pool has met in a directory and leaves to the Lua half: names, each
   with a key that no other file has. */
#ifndef PROCRUN_FS_FOUND_H
#define PROCRUN_FS_FOUND_H

#include <lua.h>
#include <sys/stat.h>

#include "runtime/buf.h"

bool fs_found_add(Buf *found, const struct stat *st, const char *name);

void fs_found_push_key(lua_State *L, const struct stat *st);

/* Is the open file that of the key? An empty one is any file's. */
bool fs_found_is(const Buf *key, int fd);

/* Pushes { name, key, name, key, … }. */
void fs_found_push(lua_State *L, const Buf *found);

#endif
