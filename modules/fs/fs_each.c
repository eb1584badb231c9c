/* fs_each.c - one directory of a tree: its entries changed or measured. core.chmod_dir(path, top, mode),
   core.chown_dir, core.measure_dir; and core.chmod_self, core.chown_self for a directory itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/dir_list.h"
#include "modules/fs/fs_change.h"
#include "modules/fs/fs_deep.h"
#include "modules/fs/fs_found.h"

typedef struct EachJob {
  Job job;
  bool top; /* the path may be a link; else job.bytes is the key of the directory that was found */
  int (*each)(struct EachJob *e, int dir, const char *name, mode_t type); /* 0 or a libuv code */
  int (*self)(struct EachJob *e, int dir, const char *name); /* changes the directory itself */
  bool mend; /* a directory that cannot be read is changed first */
  FsMode mode;
  FsOwner owner;
  Buf dirs, shared;
  uint64_t size, blocks, files, others;
} EachJob;

static int do_self(Job *job);

static void forget(Job *job)
{
  EachJob *e = (EachJob *)job;
  buf_free(&e->dirs);
  buf_free(&e->shared);
}

static int blame(Job *job, int error, const char *name)
{
  if (asprintf(&job->blame, "%s/%s", job->path, name) < 0) job->blame = NULL;
  return error;
}

static int for_each(EachJob *e, int dir, const DirList *names)
{
  for (int i = 0; i < names->count; i++) {
    const char *name = dir_list_name(names, i);
    int r = e->each(e, dir, name, dir_list_type(names, i));
    if (r < 0 && r != UV_ENOENT) return blame(&e->job, r, name); /* ENOENT: it has gone meanwhile */
    if (req_is_dropped(&e->job.req)) return UV_ECANCELED;
  }
  return 0;
}

/* Somebody may put a link in the place of a directory on the way to this one. */
static int check_key(Job *job, int dir)
{
  if (fs_found_is(&job->bytes, dir)) return 0;
  if (job->note == NULL) job->note = strdup("another directory has taken its place");
  return UV_EBUSY;
}

static int do_dir(Job *job)
{
  EachJob *e = (EachJob *)job;
  DirList names = {0};
  int dir = fs_deep_open(job->path, e->top);
  if (dir == UV_EACCES && e->mend && do_self(job) == 0) dir = fs_deep_open(job->path, e->top);
  if (dir < 0) return dir;
  if (check_key(job, dir) < 0) return close(dir), UV_EBUSY;
  int list = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int r = list < 0 ? -errno : dir_list_read(&names, list, &job->req);
  if (r == 0) r = dir_list_sort(&names);
  if (r == 0) r = for_each(e, dir, &names);
  dir_list_free(&names);
  close(dir);
  return r;
}

static int push_dirs(lua_State *L, Job *job)
{
  fs_found_push(L, &((EachJob *)job)->dirs);
  return 1;
}

static EachJob *new_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  EachJob *e = fs_job_of(L, sizeof *e, 1, 0, work, push);
  e->job.forget = forget;
  e->top = lua_isboolean(L, 2);
  if (!e->top) {
    size_t n;
    const char *key = luaL_checklstring(L, 2, &n);
    fs_attach(L, &e->job, key, n);
  }
  return e;
}

static int add_dir(EachJob *e, int dir, const char *name)
{
  struct stat st;
  if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
  return fs_found_add(&e->dirs, &st, name) ? 0 : UV_ENOMEM;
}

/* A directory changes when all in it has changed: it might bar us before. */
static int each_chmod(EachJob *e, int dir, const char *name, mode_t type)
{
  if (S_ISDIR(type)) return add_dir(e, dir, name);
  if (S_ISLNK(type)) return 0;
  return fs_chmod_at(dir, name, &e->mode, AT_SYMLINK_NOFOLLOW);
}

static int each_chown(EachJob *e, int dir, const char *name, mode_t type)
{
  if (S_ISDIR(type)) return add_dir(e, dir, name);
  unsigned uid = e->owner.uid, gid = e->owner.gid;
  return fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int chmod_self(EachJob *e, int dir, const char *name)
{
  return fs_chmod_at(dir, name, &e->mode, 0);
}

static int chown_self(EachJob *e, int dir, const char *name)
{
  return fchownat(dir, name, e->owner.uid, e->owner.gid, 0) < 0 ? -errno : 0;
}

/* The directory itself is held while it is changed, so that it is the one that was found. */
static int change_held(EachJob *e, int dir, const char *name)
{
#ifdef O_PATH
  char held[40];
  int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -errno;
  snprintf(held, sizeof held, "/proc/self/fd/%d", fd);
  int r = check_key(&e->job, fd);
  if (r == 0) r = e->self(e, AT_FDCWD, held);
  close(fd);
  return r;
#else
  return e->self(e, dir, name);
#endif
}

static int do_self(Job *job)
{
  EachJob *e = (EachJob *)job;
  const char *path = job->path;
  int dir = fs_deep_enter(&path);
  if (dir < 0 && dir != AT_FDCWD) return dir;
  int r = e->top ? e->self(e, dir, path) : change_held(e, dir, path);
  fs_deep_leave(dir);
  return r;
}

static int chmod_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  FsMode mode;
  fs_check_new_mode(L, 3, &mode);
  EachJob *e = new_job(L, work, push);
  e->each = each_chmod;
  e->self = chmod_self;
  e->mend = true;
  e->mode = mode;
  return fs_run(L, &e->job);
}

/* chmod_dir(path, true for the top or the key of the directory, mode) -> directories in it: name, key, … */
static int l_chmod_dir(lua_State *L)
{
  return chmod_job(L, do_dir, push_dirs);
}

/* chmod_self(path, top, mode) -> true */
static int l_chmod_self(lua_State *L)
{
  return chmod_job(L, do_self, NULL);
}

static int chown_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  FsOwner owner;
  fs_check_owner(L, 3, &owner);
  EachJob *e = new_job(L, work, push);
  e->each = each_chown;
  e->self = chown_self;
  e->owner = owner;
  return fs_run(L, &e->job);
}

/* chown_dir(path, top, user, group) -> directories in it; both are ids, or nil */
static int l_chown_dir(lua_State *L)
{
  return chown_job(L, do_dir, push_dirs);
}

/* chown_self(path, top, user, group) -> true */
static int l_chown_self(lua_State *L)
{
  return chown_job(L, do_self, NULL);
}

/* A file with several names is told by its key, so that it can be counted once. */
static int each_measure(EachJob *e, int dir, const char *name, mode_t type)
{
  struct stat st;
  (void)type;
  if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
  if (S_ISDIR(st.st_mode)) {
    e->blocks += (uint64_t)st.st_blocks;
    return fs_found_add(&e->dirs, &st, name) ? 0 : UV_ENOMEM;
  }
  uint64_t size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
  if (st.st_nlink > 1) {
    char text[64];
    snprintf(text, sizeof text, "%d %llu %llu", S_ISREG(st.st_mode), (unsigned long long)size,
             (unsigned long long)st.st_blocks);
    return fs_found_add(&e->shared, &st, text) ? 0 : UV_ENOMEM;
  }
  e->size += size;
  e->blocks += (uint64_t)st.st_blocks;
  if (S_ISREG(st.st_mode))
    e->files++;
  else
    e->others++;
  return 0;
}

static int push_measure(lua_State *L, Job *job)
{
  EachJob *e = (EachJob *)job;
  fs_found_push(L, &e->dirs);
  fs_found_push(L, &e->shared);
  lua_pushinteger(L, (lua_Integer)e->size);
  lua_pushinteger(L, (lua_Integer)e->blocks);
  lua_pushinteger(L, (lua_Integer)e->files);
  lua_pushinteger(L, (lua_Integer)e->others);
  return 6;
}

/* measure_dir(path, top) -> directories in it (name, key, …), files with several names ("regular size
   blocks", key, …), and of the rest: bytes, blocks, files, others */
static int l_measure_dir(lua_State *L)
{
  EachJob *e = new_job(L, do_dir, push_measure);
  e->each = each_measure;
  return fs_run(L, &e->job);
}

const luaL_Reg fs_each_functions[] = {{"chmod_dir", l_chmod_dir},     {"chmod_self", l_chmod_self},
                                      {"chown_dir", l_chown_dir},     {"chown_self", l_chown_self},
                                      {"measure_dir", l_measure_dir}, {NULL, NULL}};
