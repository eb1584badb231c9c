/* fs_copy_dir.c - one directory of a tree copied: core.copy_dir(from, to, how, …).
   Directories below, and files with several names, are told to the Lua half, which goes on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/dir_list.h"
#include "modules/fs/fs_copy_job.h"
#include "modules/fs/fs_deep.h"
#include "modules/fs/fs_found.h"

typedef struct Pair {
  int from, to; /* the two directories */
  bool follow;
} Pair;

static int blame(Job *job, int error, const char *path)
{
  job->blame = strdup(path);
  return error;
}

/* Which of the two it was, the error does not say. */
static int blame_both(Job *job, int error, const char *name)
{
  if (asprintf(&job->blame, "%s/%s -> %s/%s", job->path, name, job->other, name) < 0)
    job->blame = NULL;
  return error;
}

static int copy_entry(CopyJob *c, const Pair *p, const char *name)
{
  struct stat st;
  if (fstatat(p->from, name, &st, p->follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT && !p->follow ? 0 : -errno; /* it has gone since it was listed */
  if (S_ISDIR(st.st_mode)) return fs_found_add(&c->dirs, &st, name) ? 0 : UV_ENOMEM;
  if (st.st_nlink > 1) return fs_found_add(&c->shared, &st, name) ? 0 : UV_ENOMEM;
  return fs_copy_entry(&c->copy, p->from, name, &st, p->to, name);
}

static int copy_entries(CopyJob *c, const Pair *p, const DirList *names)
{
  for (int i = 0; i < names->count; i++) {
    const char *name = dir_list_name(names, i);
    int r = copy_entry(c, p, name);
    if (r < 0) return blame_both(&c->job, r, name);
    if (req_is_dropped(&c->job.req)) return UV_ECANCELED;
  }
  return 0;
}

/* The names that the Lua half has chosen stand in job->bytes, else all are taken. */
static int list_names(CopyJob *c, const Pair *p, DirList *names)
{
  Buf *chosen = &c->job.bytes;
  if (c->job.flags) {
    for (const char *s = chosen->data ? buf_head(chosen) : NULL, *end = s + buf_size(chosen);
         s < end; s += strlen(s) + 1)
      if (!dir_list_add(names, 0, s)) return UV_ENOMEM;
  } else {
    int fd = openat(p->from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r = fd < 0 ? -errno : dir_list_read(names, fd, &c->job.req);
    if (r < 0) return r;
  }
  return dir_list_sort(names);
}

static int make_dir(CopyJob *c, const char *to)
{
  int dir = fs_deep_enter(&to), r = 0;
  if (dir < 0 && dir != AT_FDCWD) return dir;
  if (mkdirat(dir, to, 0700) == 0)
    c->made = true;
  else if (errno != EEXIST)
    r = -errno;
  fs_deep_leave(dir);
  return r;
}

/* A mode that would bar us, times and owner have to wait until everything below is there. */
static int dress(CopyJob *c, const Pair *p, const struct stat *st)
{
  bool extra = c->copy.how & (COPY_TIMES | COPY_PRESERVE);
  c->late = (c->made || c->copy.how & COPY_PRESERVE) && (extra || (st->st_mode & 0300) != 0300);
  return c->made && !c->late ? fs_copy_dress_dir(&c->copy, p->from, st, p->to) : 0;
}

static int copy_opened(CopyJob *c, const Pair *p)
{
  struct stat st;
  DirList names = {0};
  int r = fstat(p->from, &st) < 0 ? -errno : list_names(c, p, &names);
  r = r < 0 ? blame(&c->job, r, c->job.path) : copy_entries(c, p, &names);
  dir_list_free(&names);
  if (r == 0 && fstat(p->to, &c->target) < 0) r = -errno;
  return r < 0 ? r : dress(c, p, &st);
}

static int do_copy_dir(Job *job)
{
  CopyJob *c = (CopyJob *)job;
  Pair p = {.follow = c->copy.how & COPY_FOLLOW};
  p.from = fs_deep_open(job->path, p.follow || c->link);
  if (p.from < 0) return blame(job, p.from, job->path);
  if (!fs_found_is(&c->key, p.from)) {
    close(p.from);
    job->note = strdup("another directory has taken its place");
    return UV_EBUSY;
  }
  int r = make_dir(c, job->other);
  p.to = r < 0 ? r : fs_deep_open(job->other, c->link);
  r = p.to < 0 ? blame(job, p.to, job->other) : copy_opened(c, &p);
  close(p.from);
  fs_deep_leave(p.to);
  return r;
}

static int push_found(lua_State *L, Job *job)
{
  CopyJob *c = (CopyJob *)job;
  fs_found_push(L, &c->dirs);
  fs_found_push(L, &c->shared);
  lua_pushboolean(L, c->late);
  fs_found_push_key(L, &c->target);
  return 4;
}

/* copy_dir(from, to, how, [mode], root, [names], [key]) -> directories, files with several names (both as
   name, key, …), whether dress_dir has to follow, the key of `to` */
static int l_copy_dir(lua_State *L)
{
  CopyJob *c = fs_copy_job(L, do_copy_dir, push_found);
  c->link = lua_toboolean(L, 5);
  c->job.flags = lua_istable(L, 6);
  for (lua_Integer i = 1; c->job.flags && lua_rawgeti(L, 6, i) == LUA_TSTRING; i++) {
    size_t n;
    const char *name = lua_tolstring(L, -1, &n);
    if (!buf_append(&c->job.bytes, name, n + 1)) return luaL_error(L, "not enough memory");
    lua_pop(L, 1);
  }
  if (c->job.flags) lua_pop(L, 1);
  size_t size;
  const char *key = luaL_optlstring(L, 7, "", &size);
  if (!buf_append(&c->key, key, size)) return luaL_error(L, "not enough memory");
  return fs_run(L, &c->job);
}

const luaL_Reg fs_copy_dir_functions[] = {{"copy_dir", l_copy_dir}, {NULL, NULL}};
