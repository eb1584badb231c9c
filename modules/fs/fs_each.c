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
  bool top; /* the path may be a link */
  int (*each)(struct EachJob *e, int dir, const char *name, mode_t type); /* 0 or a libuv code */
  int (*bar)(
      struct EachJob *e); /* may be NULL: the directory cannot be read, can that be mended? */
  FsMode mode;
  FsOwner owner;
  Buf dirs, shared;
  uint64_t size, blocks, files, others;
} EachJob;

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

static int do_dir(Job *job)
{
  EachJob *e = (EachJob *)job;
  DirList names = {0};
  int dir = fs_deep_open(job->path, e->top);
  if (dir == UV_EACCES && e->bar && e->bar(e) == 0) dir = fs_deep_open(job->path, e->top);
  if (dir < 0) return dir;
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
  e->top = lua_toboolean(L, 2);
  return e;
}

static int add_dir(EachJob *e, const char *name)
{
  struct stat none = {0}; /* nobody asks for the key */
  return fs_found_add(&e->dirs, &none, name) ? 0 : UV_ENOMEM;
}

/* A directory changes when all in it has changed: it might bar us before. */
static int each_chmod(EachJob *e, int dir, const char *name, mode_t type)
{
  if (S_ISDIR(type)) return add_dir(e, name);
  if (S_ISLNK(type)) return 0;
  return fs_chmod_at(dir, name, &e->mode, AT_SYMLINK_NOFOLLOW);
}

static int each_chown(EachJob *e, int dir, const char *name, mode_t type)
{
  if (S_ISDIR(type)) return add_dir(e, name);
  unsigned uid = e->owner.uid, gid = e->owner.gid;
  return fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int chmod_self(EachJob *e)
{
  const char *path = e->job.path;
  int dir = fs_deep_enter(&path);
  if (dir < 0 && dir != AT_FDCWD) return dir;
  int r = fs_chmod_at(dir, path, &e->mode, e->top ? 0 : AT_SYMLINK_NOFOLLOW);
  fs_deep_leave(dir);
  return r;
}

static int do_chmod_self(Job *job)
{
  return chmod_self((EachJob *)job);
}

static int do_chown_self(Job *job)
{
  EachJob *e = (EachJob *)job;
  const char *path = job->path;
  int dir = fs_deep_enter(&path);
  if (dir < 0 && dir != AT_FDCWD) return dir;
  int flags = e->top ? 0 : AT_SYMLINK_NOFOLLOW;
  int r = fchownat(dir, path, e->owner.uid, e->owner.gid, flags) < 0 ? -errno : 0;
  fs_deep_leave(dir);
  return r;
}

static int chmod_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  FsMode mode;
  fs_check_new_mode(L, 3, &mode);
  EachJob *e = new_job(L, work, push);
  e->each = each_chmod;
  e->bar = chmod_self;
  e->mode = mode;
  return fs_run(L, &e->job);
}

/* chmod_dir(path, top, mode) -> directories in it: name, key, … */
static int l_chmod_dir(lua_State *L)
{
  return chmod_job(L, do_dir, push_dirs);
}

/* chmod_self(path, top, mode) -> true */
static int l_chmod_self(lua_State *L)
{
  return chmod_job(L, do_chmod_self, NULL);
}

static int chown_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  FsOwner owner;
  fs_check_owner(L, 3, &owner);
  EachJob *e = new_job(L, work, push);
  e->each = each_chown;
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
  return chown_job(L, do_chown_self, NULL);
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
