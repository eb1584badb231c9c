/* fs_copy_job.c - fs.copy, and how fs.copy_tree begins and ends: core.copy(from, to, how, mode),
   core.copy_root, core.copy_hard, core.dress_dir. */
#include "modules/fs/fs_copy_job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/fs_deep.h"
#include "modules/fs/fs_found.h"

static void forget(Job *job)
{
  CopyJob *c = (CopyJob *)job;
  fs_data_free(&c->copy.data);
  buf_free(&c->key);
  buf_free(&c->dirs);
  buf_free(&c->shared);
}

static int push_copied(lua_State *L, Job *job)
{
  if (job->flags == COPY_SKIPPED)
    lua_pushliteral(L, "skipped");
  else
    lua_pushboolean(L, 1);
  return 1;
}

CopyJob *fs_copy_job(lua_State *L, int (*work)(Job *), int (*push)(lua_State *, Job *))
{
  lua_Integer how = luaL_checkinteger(L, 3);
  int mode = fs_check_mode(L, 4, -1);
  CopyJob *c = fs_job_of(L, sizeof *c, 1, 2, work, push ? push : push_copied);
  c->job.forget = forget;
  c->job.req.slow = true;
  c->copy = (FsCopy){.data = {.req = &c->job.req}, .how = (int)how, .mode = mode};
  return c;
}

/* The failure in other words than those of its code. */
static int refuse(Job *job, int code, const char *why)
{
  job->note = strdup(why);
  return code;
}

static const char NO_FILE[] = "not a regular file";

/* What is written to, through links. One that leads nowhere is left to open(2). */
static char *resolve(CopyJob *c, const char *to)
{
  struct stat st;
  if (c->copy.how & (COPY_NEW | COPY_SKIP) || lstat(to, &st) < 0 || !S_ISLNK(st.st_mode))
    return strdup(to);
  char *real = realpath(to, NULL);
  if (real == NULL) c->copy.how |= COPY_IN_PLACE;
  return real ? real : strdup(to);
}

static int copy_to(CopyJob *c, int in, const struct stat *st)
{
  struct stat old;
  char *to = resolve(c, c->job.other);
  if (to == NULL) return UV_ENOMEM;
  int r;
  bool there = !(c->copy.how & COPY_NEW) && stat(to, &old) == 0;
  if (there && S_ISDIR(old.st_mode))
    r = refuse(&c->job, UV_EISDIR, "is a directory; name the copy in it");
  else if (there && !S_ISREG(old.st_mode))
    r = refuse(&c->job, UV_EINVAL, NO_FILE);
  else
    r = fs_copy_file(&c->copy, in, st, AT_FDCWD, to);
  free(to);
  return r;
}

static int finish(Job *job, int r)
{
  job->flags = r;
  return r < 0 ? r : 0;
}

static int do_copy(Job *job)
{
  struct stat st;
  if (stat(job->path, &st) < 0) return -errno;
  if (S_ISDIR(st.st_mode))
    return refuse(job, UV_EISDIR, "is a directory; fs.copy_tree copies such");
  if (!S_ISREG(st.st_mode)) return refuse(job, UV_EINVAL, NO_FILE);
  int in = fs_copy_open(AT_FDCWD, job->path, true, &st);
  if (in < 0) return in;
  int r = S_ISREG(st.st_mode) ? copy_to((CopyJob *)job, in, &st) : UV_EBUSY;
  close(in);
  return finish(job, r);
}

/* copy(from, to, how, [mode]) -> true | "skipped" */
static int l_copy(lua_State *L)
{
  return fs_run(L, &fs_copy_job(L, do_copy, NULL)->job);
}

int fs_copy_entry(FsCopy *c, int from_dir, const char *from, const struct stat *st, int to_dir,
                  const char *to)
{
  if (S_ISLNK(st->st_mode)) return fs_copy_link(c, from_dir, from, st, to_dir, to);
  if (!S_ISREG(st->st_mode)) return fs_copy_special(c, st, to_dir, to);
  struct stat now;
  int in = fs_copy_open(from_dir, from, c->how & COPY_FOLLOW, &now);
  if (in < 0) return in;
  int r = S_ISREG(now.st_mode) ? fs_copy_file(c, in, &now, to_dir, to) : UV_EBUSY;
  close(in);
  return r;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Goes up from the open directory: is it, or is one above it, the one of st? Closes it. */
static int is_inside(int dir, const struct stat *st)
{
  struct stat here, above;
  int r = fstat(dir, &here) < 0 ? -errno : is_same(&here, st);
  while (r == 0) {
    int up = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    close(dir);
    if (up < 0) return errno == EACCES ? 0 : -errno;
    dir = up;
    if (fstat(dir, &above) < 0) r = -errno;
    if (r < 0 || is_same(&above, &here)) break; /* the root */
    here = above;
    r = is_same(&here, st);
  }
  close(dir);
  return r;
}

/* The directory that is to hold `to`, opened. */
static int open_parent(const char *to)
{
  char *copy = strdup(to);
  if (copy == NULL) return UV_ENOMEM;
  size_t n = strlen(copy);
  while (n > 1 && copy[n - 1] == '/') n--;
  while (n > 0 && copy[n - 1] != '/') n--;
  copy[n] = 0;
  int fd = open(n ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int r = fd < 0 ? -errno : fd;
  free(copy);
  return r;
}

/* May the directory of st be copied to job->other? */
static int check_target(CopyJob *c, const struct stat *st)
{
  struct stat old;
  Job *job = &c->job;
  bool there = stat(job->other, &old) == 0;
  if (there && is_same(&old, st)) return refuse(job, UV_EINVAL, "both are the same directory");
  if (there && c->copy.how & COPY_NEW) return UV_EEXIST;
  if (there && !S_ISDIR(old.st_mode))
    return refuse(job, UV_ENOTDIR, "a directory cannot take the place of what is no directory");
  int dir = there ? open(job->other, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : open_parent(job->other);
  if (dir < 0) return there ? -errno : dir;
  int r = is_inside(dir, st);
  return r == 1 ? refuse(job, UV_EINVAL, "the copy would be inside of what is copied") : r;
}

static int do_copy_root(Job *job)
{
  CopyJob *c = (CopyJob *)job;
  struct stat st;
  bool follow = c->copy.how & COPY_FOLLOW;
  if ((follow ? stat(job->path, &st) : lstat(job->path, &st)) < 0) return -errno;
  c->is_dir = S_ISDIR(st.st_mode);
  c->target = st;
  if (c->is_dir) return check_target(c, &st);
  return finish(job, fs_copy_entry(&c->copy, AT_FDCWD, job->path, &st, AT_FDCWD, job->other));
}

static int push_root(lua_State *L, Job *job)
{
  CopyJob *c = (CopyJob *)job;
  if (c->is_dir) {
    lua_pushliteral(L, "directory");
    fs_found_push_key(L, &c->target);
    return 2;
  }
  return push_copied(L, job);
}

/* copy_root(from, to, how, [mode]) -> "directory", its key: it may be copied | true | "skipped": it was none,
   and is copied */
static int l_copy_root(lua_State *L)
{
  return fs_run(L, &fs_copy_job(L, do_copy_root, push_root)->job);
}

static int do_copy_hard(Job *job)
{
  CopyJob *c = (CopyJob *)job;
  const char *from = job->path, *to = job->other;
  int from_dir = fs_deep_enter(&from), to_dir = fs_deep_enter(&to);
  int r = fs_copy_hard(&c->copy, from_dir, from, to_dir, to);
  fs_deep_leave(from_dir);
  fs_deep_leave(to_dir);
  return finish(job, r);
}

/* copy_hard(existing, path, how) -> true | "skipped" */
static int l_copy_hard(lua_State *L)
{
  return fs_run(L, &fs_copy_job(L, do_copy_hard, NULL)->job);
}

static int do_copy_file(Job *job)
{
  CopyJob *c = (CopyJob *)job;
  struct stat st;
  const char *from = job->path, *to = job->other;
  int from_dir = fs_deep_enter(&from), to_dir = fs_deep_enter(&to);
  int flags = c->copy.how & COPY_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
  int r = fstatat(from_dir, from, &st, flags) < 0 ? -errno : 0;
  if (r == 0) r = fs_copy_entry(&c->copy, from_dir, from, &st, to_dir, to);
  fs_deep_leave(from_dir);
  fs_deep_leave(to_dir);
  return finish(job, r);
}

/* copy_file(from, to, how, [mode]) -> true | "skipped"; of a tree, from whatever depth */
static int l_copy_file(lua_State *L)
{
  return fs_run(L, &fs_copy_job(L, do_copy_file, NULL)->job);
}

static int do_dress_dir(Job *job)
{
  CopyJob *c = (CopyJob *)job;
  struct stat st;
  int in = fs_deep_open(job->path, 1), out = in < 0 ? in : fs_deep_open(job->other, 1);
  int r = in < 0 ? in : out < 0 ? out : fstat(in, &st) < 0 ? -errno : 0;
  if (r == 0) r = fs_copy_dress_dir(&c->copy, in, &st, out);
  fs_deep_leave(in);
  fs_deep_leave(out);
  return r;
}

/* dress_dir(from, to, how) -> true; its mode, and what else `how` asks for */
static int l_dress_dir(lua_State *L)
{
  return fs_run(L, &fs_copy_job(L, do_dress_dir, NULL)->job);
}

const luaL_Reg fs_copy_functions[] = {{"copy", l_copy},           {"copy_root", l_copy_root},
                                      {"copy_hard", l_copy_hard}, {"copy_file", l_copy_file},
                                      {"dress_dir", l_dress_dir}, {NULL, NULL}};
