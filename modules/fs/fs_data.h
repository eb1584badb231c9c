/* fs_data.h - the contents of one open file into another. */
#ifndef PROCRUN_FS_DATA_H
#define PROCRUN_FS_DATA_H

#include <sys/stat.h>

#include "runtime/req.h"

typedef struct FsData {
  Req *req;      /* ends the copying when it is dropped */
  char *room;    /* for reads and writes; NULL until needed */
  bool no_clone; /* the file system has said that it does not share blocks */
} FsData;

/* All of `in`, a regular file of which st is true, into `out`, an empty one. 0 or a libuv code. */
int fs_data_copy(FsData *d, int in, const struct stat *st, int out);

void fs_data_free(FsData *d);

#endif
