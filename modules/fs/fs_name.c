/* fs_name.c - names of files: link, symlink, rename; a name that is there may be replaced at once. */
#include "modules/fs/fs_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

char *fs_dir_of(const char *path)
{
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return strdup(".");
  return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

char *fs_temp_name(const char *dir)
{
  char *name;
  unsigned long long mark = (unsigned long long)(uv_hrtime() ^ (uint64_t)getpid() << 40);
  return asprintf(&name, "%s/.procrun-%016llx", dir, mark) < 0 ? NULL : name;
}

char *fs_temp_beside(const char *path)
{
  char *dir = fs_dir_of(path);
  char *name = dir ? fs_temp_name(dir) : NULL;
  free(dir);
  return name;
}

/* Without the kernel's help: a second name, and the first one goes. Not for directories. */
static int link_over(int from_dir, const char *from, int to_dir, const char *to)
{
  if (linkat(from_dir, from, to_dir, to, 0) < 0) return -errno;
  return unlinkat(from_dir, from, 0) < 0 ? -errno : 0;
}

int fs_rename_new(int from_dir, const char *from, int to_dir, const char *to)
{
#ifdef SYS_renameat2
  enum { NO_REPLACE = 1 };
  if (syscall(SYS_renameat2, from_dir, from, to_dir, to, NO_REPLACE) == 0) return 0;
  if (errno != ENOSYS && errno != EINVAL) return -errno;
#endif
  return link_over(from_dir, from, to_dir, to);
}

bool fs_check_overwrite(lua_State *L, int arg, bool otherwise)
{
  bool overwrite = otherwise;
  if (lua_isnoneornil(L, arg)) return otherwise;
  luaL_checktype(L, arg, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1)) {
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    if (strcmp(key, "overwrite") != 0)
      luaL_argerror(L, arg, lua_pushfstring(L, "unknown option '%s'; known: overwrite", key));
    luaL_argcheck(L, lua_isboolean(L, -1), arg, "option 'overwrite': boolean expected");
    overwrite = lua_toboolean(L, -1);
  }
  return overwrite;
}

static int make(Job *job, bool hard, const char *name)
{
  int r = hard ? link(job->path, name) : symlink(job->path, name);
  return r < 0 ? -errno : 0;
}

/* A new link beside the old name, then renamed over it: the name is never missing. Two names of one
   file stay as they are when one is renamed over the other. */
static int make_over(Job *job, bool hard)
{
  char *temp = NULL;
  int r = UV_EEXIST;
  for (int i = 0; i < 100 && r == UV_EEXIST; i++) {
    free(temp);
    temp = fs_temp_beside(job->other);
    r = temp ? make(job, hard, temp) : UV_ENOMEM;
  }
  if (r == 0) {
    if (rename(temp, job->other) < 0) r = -errno;
    if (r < 0 || hard) unlink(temp);
  }
  free(temp);
  return r;
}

static int make_link(Job *job, bool hard)
{
  int r = make(job, hard, job->other);
  return r == UV_EEXIST && job->flags ? make_over(job, hard) : r;
}

static int do_symlink(Job *job)
{
  return make_link(job, false);
}

static int do_link(Job *job)
{
  return make_link(job, true);
}

static int link_job(lua_State *L, int (*call)(Job *))
{
  bool overwrite = fs_check_overwrite(L, 3, false);
  Job *job = fs_job(L, 1, 2, call, NULL);
  job->flags = overwrite;
  return fs_run(L, job);
}

/* symlink(target, path, [options]) -> true */
static int l_symlink(lua_State *L)
{
  return link_job(L, do_symlink);
}

/* link(existing, path, [options]) -> true */
static int l_link(lua_State *L)
{
  return link_job(L, do_link);
}

static int do_rename(Job *job)
{
  int r;
  if (job->flags)
    r = rename(job->path, job->other) < 0 ? -errno : 0;
  else
    r = fs_rename_new(AT_FDCWD, job->path, AT_FDCWD, job->other);
  if (r == UV_EXDEV) job->note = strdup("it is on another file system; fs.move copies it");
  return r;
}

/* rename(from, to, [options]) -> true */
static int l_rename(lua_State *L)
{
  bool overwrite = fs_check_overwrite(L, 3, true);
  Job *job = fs_job(L, 1, 2, do_rename, NULL);
  job->flags = overwrite;
  return fs_run(L, job);
}

static int do_same_file(Job *job)
{
  struct stat a, b;
  if (stat(job->path, &a) < 0 || stat(job->other, &b) < 0) return -errno;
  job->flags = a.st_dev == b.st_dev && a.st_ino == b.st_ino;
  return 0;
}

static int push_flags(lua_State *L, Job *job)
{
  lua_pushboolean(L, job->flags);
  return 1;
}

/* same_file(a, b) -> boolean */
static int l_same_file(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 2, do_same_file, push_flags));
}

/* temp_name(path) -> a name beside it that most likely nobody has */
static int l_temp_name(lua_State *L)
{
  char *name = fs_temp_beside(luaL_checkstring(L, 1));
  if (name == NULL) return luaL_error(L, "not enough memory");
  lua_pushstring(L, name);
  free(name);
  return 1;
}

const luaL_Reg fs_name_functions[] = {{"symlink", l_symlink},     {"link", l_link},
                                      {"rename", l_rename},       {"same_file", l_same_file},
                                      {"temp_name", l_temp_name}, {NULL, NULL}};
