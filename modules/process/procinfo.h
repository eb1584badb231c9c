/* procinfo.h - processes in full, as /proc shows them: one, or all that a filter lets through.

   Rules:
   - A process is read through a descriptor of its directory: one that takes over its number
     meanwhile is never mistaken for it; what has ended is not there.
   - May be called in any thread, and may take long: a name of a user can come from a server. */
#ifndef PROCRUN_PROCINFO_H
#define PROCRUN_PROCINFO_H

#include <stdatomic.h>

#include "modules/process/procfs.h"
#include "modules/process/usage.h"
#include "runtime/buf.h"

/* Bytes in the text of a list. */
typedef struct ProcText {
  size_t at, size;
} ProcText;

enum { PROC_NAME = 64 }; /* the kernel's own threads have longer names than 15 bytes */

typedef struct ProcInfo {
  pid_t pid, ppid, pgid, sid;
  char state;
  char name[PROC_NAME];
  char tty[24]; /* "pts/3"; empty: none */
  long nice, threads;
  long long uid, gid;       /* effective; -1: not known */
  unsigned long long start; /* clock ticks since boot */
  long long vsize, rss;     /* bytes */
  Usage usage;
  ProcText argv, exe, user; /* argv: each ended by NUL. exe, user: empty where not known */
} ProcInfo;

typedef struct ProcFilter {
  long long ppid, pgid, sid, uid, gid; /* -1: any */
  char state;                          /* 0: any */
  char *name, *user;                   /* NULL: any */
} ProcFilter;

typedef struct ProcList {
  ProcInfo *infos;
  size_t count, cap;
  Buf text;               /* strings of the infos */
  Buf page;               /* the file being read */
  struct ProcUser *users; /* names that were asked for */
  size_t user_count, user_cap;
  ProcLook look;
} ProcList; /* zeroed: empty */

extern const bool procinfo_works; /* is this a system whose /proc can be read? */

/* All of them, by number; `stop` set: not to the end. 0 or a negative errno. Who is whose child:
   procfs_find in list->look. */
int procinfo_list(ProcList *list, const ProcFilter *filter, atomic_bool *stop);

/* One; its children's numbers stand in list->look. -ESRCH: there is no such process; -ENOENT: no /proc. */
int procinfo_one(ProcList *list, pid_t pid);

/* One, only what it has used, its state and its threads: nothing that may wait. */
int procinfo_usage(ProcList *list, pid_t pid);

void procinfo_free(ProcList *list);

/* The files' texts, for procinfo.c and its test. False: not what it should be. */
bool procinfo_parse_stat(ProcInfo *info, const char *text);
bool procinfo_parse_status(ProcInfo *info, const char *text);
void procinfo_parse_io(ProcInfo *info, const char *text);

#endif
