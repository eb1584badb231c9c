/* fs_copy.h - one file, link or special file copied: for fs.copy and for each one of a tree. */
#ifndef PROCRUN_FS_COPY_H
#define PROCRUN_FS_COPY_H

#include "modules/fs/fs.h"
#include "modules/fs/fs_data.h"

enum {                    /* how to copy; the Lua half builds sums of them */
       COPY_FOLLOW = 1,   /* links are copied as what they lead to */
       COPY_TIMES = 2,    /* the times, too */
       COPY_PRESERVE = 4, /* times, owner, extended attributes, set-id bits */
       COPY_SYNC = 8,     /* wait until the disk has it */
       COPY_NEW = 16,     /* never over anything: UV_EEXIST */
       COPY_SKIP = 32,    /* what is there stays: COPY_SKIPPED */
       COPY_TREE =
           64, /* a file that is new gets its name at once; a link is replaced, not followed */
       COPY_IN_PLACE = 128 /* never by renaming */
};

enum { COPY_SKIPPED = 1 };

typedef struct FsCopy {
  FsData data;
  int how;
  int mode; /* permission bits of files, or -1: those of the original */
} FsCopy;

/* Each gives 0, COPY_SKIPPED or a libuv code, and leaves nothing half-made behind. `in` is open for
   reading, st its fstat. `to` is a name in the directory to_dir. */
int fs_copy_file(FsCopy *c, int in, const struct stat *st, int to_dir, const char *to);
int fs_copy_link(FsCopy *c, int from_dir, const char *from, const struct stat *st, int to_dir,
                 const char *to);
int fs_copy_special(FsCopy *c, const struct stat *st, int to_dir, const char *to);
int fs_copy_hard(FsCopy *c, int from_dir, const char *from, int to_dir, const char *to);

/* What a directory has beside its names, once these are complete. */
int fs_copy_dress_dir(FsCopy *c, int in, const struct stat *st, int out);

/* The complete `temp` gets its name; what stands there goes at that moment. */
int fs_copy_put(FsCopy *c, int dir, const char *temp, const char *to);

int fs_copy_open(int dir, const char *name, bool follow, struct stat *st); /* fd or a libuv code */

#endif
