/* fs_copy_job.h - a copy as a job of the pool. */
#ifndef PROCRUN_FS_COPY_JOB_H
#define PROCRUN_FS_COPY_JOB_H

#include "modules/fs/fs_copy.h"

typedef struct CopyJob {
  Job job;
  FsCopy copy;
  bool is_dir;        /* copy_root: what is to be copied */
  bool late;          /* copy_dir: it has to be dressed once it is complete */
  bool made;          /* copy_dir: it was not there before */
  struct stat target; /* copy_dir: the directory `to`; copy_root: the directory `from` */
  int link;           /* copy_dir: may the two paths be links? */
  Buf key;            /* copy_dir: of the directory that was found as `from` */
  Buf dirs;           /* copy_dir: its directories, each as FOUND bytes and the name with its NUL */
  Buf shared;         /* copy_dir: files with several names, in the same form */
} CopyJob;

/* A job from the arguments from, to, how, [mode]. */
CopyJob *fs_copy_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *));

/* Anything but a directory. */
int fs_copy_entry(FsCopy *c, int from_dir, const char *from, const struct stat *st, int to_dir,
                  const char *to);

#endif
