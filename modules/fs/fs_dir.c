/* fs_dir.c - the names in a directory, with their types, sorted by their bytes. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "modules/fs/dir_list.h"
#include "modules/fs/fs.h"

static int do_readdir(Job *job)
{
  DirList list = {.most = (int)job->limit};
  int fd = open(job->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | job->mode);
  if (fd < 0) return -errno;
  int r = dir_list_read(&list, fd, &job->req);
  if (r == 0) r = dir_list_sort(&list);
  job->bytes = list.bytes;
  job->flags = list.count;
  if (r == UV_EFBIG && asprintf(&job->note, "more than %d names", list.most) < 0) job->note = NULL;
  return r;
}

static int push_entries(lua_State *L, Job *job)
{
  DirList list = {.bytes = job->bytes, .count = job->flags};
  lua_createtable(L, list.count, 0);
  lua_createtable(L, 0, list.count);
  for (int i = 0; i < list.count; i++) {
    lua_pushstring(L, dir_list_name(&list, i));
    lua_pushvalue(L, -1);
    lua_rawseti(L, -4, i + 1);
    lua_pushstring(L, fs_type_name(dir_list_type(&list, i)));
    lua_rawset(L, -3);
  }
  return 2;
}

static int list(lua_State *L, int flags)
{
  enum { MOST = 10000000 };
  lua_Integer limit = luaL_optinteger(L, 2, MOST);
  luaL_argcheck(L, limit > 0 && limit < INT_MAX, 2, "number of names expected");
  Job *job = fs_job(L, 1, 0, do_readdir, push_entries);
  job->mode = flags;
  job->limit = (size_t)limit;
  return fs_run(L, job);
}

/* readdir(path, [limit]) -> names, types by name */
static int l_readdir(lua_State *L)
{
  return list(L, 0);
}

/* readdir_nofollow(path, [limit]) -> as readdir; fails for a link */
static int l_readdir_nofollow(lua_State *L)
{
  return list(L, O_NOFOLLOW);
}

const luaL_Reg fs_dir_functions[] = {
    {"readdir", l_readdir}, {"readdir_nofollow", l_readdir_nofollow}, {NULL, NULL}};
