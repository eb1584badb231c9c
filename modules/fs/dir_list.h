/* dir_list.h - the names in a directory with their types, as one block of memory. */
#ifndef PROCRUN_DIR_LIST_H
#define PROCRUN_DIR_LIST_H

#include <sys/stat.h>

#include "runtime/buf.h"
#include "runtime/req.h"

typedef struct DirList {
  Buf bytes;
  int count;
  int most; /* more names are UV_EFBIG; 0: any number */
} DirList;  /* a zeroed DirList is an empty one */

/* Adds every name but "." and ".."; closes fd. 0 or a libuv code; UV_ECANCELED: req was dropped. */
int dir_list_read(DirList *list, int fd, Req *req);
bool dir_list_add(DirList *list, mode_t mode, const char *name);

/* By bytes; nothing can be added afterwards, and only now are these two allowed. */
int dir_list_sort(DirList *list);
const char *dir_list_name(const DirList *list, int i);
mode_t dir_list_type(const DirList *list, int i); /* the S_IFMT bits; 0: it has gone meanwhile */

void dir_list_free(DirList *list);

#endif
