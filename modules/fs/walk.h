/* walk.h - what stands below a directory, found in the thread pool, many entries a request.

   A directory comes before what is in it, names by their bytes. Each is read when the walk gets to
   it, as a whole; only one path of directories from the root down is in memory at a time. */
#ifndef PROCRUN_WALK_H
#define PROCRUN_WALK_H

#include "modules/fs/dir_list.h"
#include "modules/fs/glob_spec.h"
#include "runtime/place.h"

typedef struct WalkLevel {
  DirList list;
  int at;             /* the next of its names */
  size_t length;      /* of its path, with the slash behind it */
  GlobSet want, skip; /* where the patterns are in here */
  dev_t dev;          /* for follow */
  ino_t ino;
} WalkLevel;

/* One name on its way. */
typedef struct WalkStep {
  mode_t type;        /* as listed; with follow, what a link leads to */
  size_t length;      /* of its path */
  GlobSet want, skip; /* inside of it */
  bool found, enter;
  bool mark; /* with a slash behind it */
} WalkStep;

typedef struct WalkRecord { /* in front of each path in `out` */
  int error;                /* of reading this directory */
  int wd;                   /* for a watch */
  int64_t stamp;            /* likewise */
  mode_t type;
} WalkRecord;

typedef struct Walk {
  unsigned refs;
  Place *place;          /* from which its path counts */
  bool busy, dead;       /* a request is under way; one was given up */
  GlobSpec *want, *skip; /* may be NULL: everything; nothing */
  size_t hidden;         /* so many bytes of each path are not shown */
  int depth;             /* how many levels */
  mode_t only;           /* S_IFREG, S_IFDIR or 0 */
  bool follow, mark;     /* links; directories */
  bool strict;           /* a directory that cannot be read ends it */
  bool ask;              /* before a directory is entered */
  bool stat;             /* with the stat of each entry: a uv_stat_t behind its path */
  bool stamps;           /* say of each entry what would show a change */
  int watch, root_wd;    /* an inotify descriptor that is told of each directory, or -1 */
  bool absolute;         /* of the patterns, those that are absolute */
  bool started;
  bool asking; /* `step` is a directory that was asked about */
  WalkStep step;
  WalkLevel *levels;
  size_t level_count, level_cap;
  Buf path, within; /* within: the path below that in which `skip` begins */
  Buf out, index;   /* the batch: records with their paths, and where they begin */
  size_t limit, count;
  bool sort; /* the batch, by its paths */
} Walk;

/* The next batch, or part of it: 0 or a libuv code, of w->path if it is no matter of memory. */
int walk_run(Walk *w, Req *req);
void walk_skip(Walk *w); /* the directory it asks about is not entered */
void walk_free(Walk *w);

int64_t walk_stamp(const char *path, mode_t *type); /* 0: nothing is there */

#endif
