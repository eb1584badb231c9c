/* fs_name.h - names beside other names, and names that must be new. */
#ifndef PROCRUN_FS_NAME_H
#define PROCRUN_FS_NAME_H

#include "modules/fs/fs.h"

char *fs_dir_of(const char *path);   /* of what is in it; NULL: no memory */
char *fs_temp_name(const char *dir); /* ".procrun-…" in it, most likely free; NULL: no memory */

char *fs_temp_beside(const char *path); /* the same in the directory of path */

/* Renames, but over nothing (UV_EEXIST): 0 or a libuv code. */
int fs_rename_new(int from_dir, const char *from, int to_dir, const char *to);

/* The option `overwrite` of the table at arg; raises for others. */
bool fs_check_overwrite(lua_State *L, int arg, bool otherwise);

#endif
