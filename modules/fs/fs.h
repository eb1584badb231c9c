/* fs.h - what the files of the room share: one file operation as a request of the thread pool. */
#ifndef PROCRUN_FS_H
#define PROCRUN_FS_H

#include <sys/stat.h>

#include "runtime/buf.h"
#include "runtime/req.h"

typedef struct Job Job;

struct Job {
  Req req;
  int (*work)(Job *job);               /* in the thread: 0 or a libuv code */
  int (*push)(lua_State *L, Job *job); /* the results of success; NULL: true */
  void (*undo)(Job *job);              /* may be NULL: nobody has taken the result of success */
  void (*forget)(Job *job);            /* may be NULL: frees what a larger job owns besides */
  char *path, *other;                  /* copies; failures name them */
  char *blame;                         /* the path that failed, where it is not `path` */
  char *note;                          /* what is wrong, where errno says too little */
  char *home;                          /* remove_tree: must not be removed */
  int error;
  bool ended, taken;
  int mode, flags;
  int fd;         /* -1, or open: closed with the job */
  uv_fs_t fs;     /* of libuv's synchronous calls; cleaned up with the job */
  Buf bytes;      /* read, or to be written; or further arguments */
  int64_t offset; /* in a file */
  size_t limit;   /* of bytes to read; write_file: how */
};

/* A job for the paths at arg and (0: none) at other; pushes its request. Raises for a NUL byte. */
Job *fs_job(lua_State *L, int arg, int other, int (*work)(Job *), int (*push)(lua_State *, Job *));

/* The same for a struct of `size` bytes that begins with a Job. */
void *fs_job_of(lua_State *L, size_t size, int arg, int other, int (*work)(Job *),
                int (*push)(lua_State *, Job *));

/* return fs_run(L, job): true or push's results | nil, "PATH: message", code */
int fs_run(lua_State *L, Job *job);

int fs_check_mode(lua_State *L, int arg, int otherwise); /* 420, or "644" in octal */
int fs_push_stat(lua_State *L, Job *job);                /* of job->fs */
const char *fs_type_name(mode_t mode);                   /* "file", "directory", "link", … */
int fs_open(const char *path, int flags, int mode,
            struct stat *st);               /* a descriptor or a libuv code */
int fs_push_stream(lua_State *L, Job *job); /* gives job->fd, opened with job->flags, away */

extern const luaL_Reg fs_stat_functions[], fs_dir_functions[], fs_open_functions[],
    fs_read_functions[], fs_write_functions[], fs_tree_functions[], fs_name_functions[],
    fs_change_functions[], fs_copy_functions[], fs_copy_dir_functions[], fs_each_functions[],
    fs_file_functions[], fs_mkdir_functions[], fs_owner_functions[], fs_glob_functions[],
    fs_walk_functions[], fs_watch_functions[], fs_stamp_functions[];

#endif
