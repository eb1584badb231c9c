/* fs_change.h - new modes and owners, for one path (fs_change.c, fs_owner.c) or for a tree (fs_each.c). */
#ifndef PROCRUN_FS_CHANGE_H
#define PROCRUN_FS_CHANGE_H

#include "modules/fs/fs.h"

typedef struct FsMode {
  mode_t bits;
  char text[120]; /* a symbolic mode; empty: the bits */
} FsMode;

typedef struct FsOwner {
  unsigned uid, gid;        /* UINT32_MAX: as it is */
  char user[96], group[96]; /* names still to be looked up; or empty */
} FsOwner;

void fs_check_new_mode(lua_State *L, int arg, FsMode *mode);
void fs_check_owner(lua_State *L, int arg, FsOwner *owner); /* user at arg, group behind it */

int fs_chmod_at(int dir, const char *name, const FsMode *mode, int flags);
int fs_find_owner(Job *job, FsOwner *owner);

/* The arguments of the call, as bytes of the job. */
void fs_attach(lua_State *L, Job *job, const void *bytes, size_t n);

#endif
