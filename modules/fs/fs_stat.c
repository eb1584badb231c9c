/* fs_stat.c - what stands at a path: stat, lstat, exists, is_file, is_dir; how much room is left. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "modules/fs/fs.h"
#include "runtime/err.h"

const char *fs_type_name(mode_t mode)
{
  switch (mode & S_IFMT) {
  case S_IFREG: return "file";
  case S_IFDIR: return "directory";
  case S_IFLNK: return "link";
  case S_IFIFO: return "fifo";
  case S_IFSOCK: return "socket";
  case S_IFCHR: return "char";
  case S_IFBLK: return "block";
  default: return "unknown";
  }
}

static int do_stat(Job *job)
{
  return uv_fs_stat(NULL, &job->fs, job->path, NULL);
}

static int do_lstat(Job *job)
{
  return uv_fs_lstat(NULL, &job->fs, job->path, NULL);
}

static void set_integer(lua_State *L, const char *key, uint64_t value)
{
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, key);
}

static void set_time(lua_State *L, const char *key, uv_timespec_t t)
{
  lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec / 1e9);
  lua_setfield(L, -2, key);
}

int fs_push_stat(lua_State *L, Job *job)
{
  const uv_stat_t *st = &job->fs.statbuf;
  lua_createtable(L, 0, 14);
  lua_pushstring(L, fs_type_name((mode_t)st->st_mode));
  lua_setfield(L, -2, "type");
  set_integer(L, "size", st->st_size);
  set_integer(L, "mode", st->st_mode & 07777);
  set_integer(L, "uid", st->st_uid);
  set_integer(L, "gid", st->st_gid);
  set_integer(L, "ino", st->st_ino);
  set_integer(L, "dev", st->st_dev);
  set_integer(L, "nlink", st->st_nlink);
  set_integer(L, "rdev", st->st_rdev);
  set_integer(L, "blocks", st->st_blocks);
  set_time(L, "birthtime", st->st_birthtim);
  set_time(L, "mtime", st->st_mtim);
  set_time(L, "atime", st->st_atim);
  set_time(L, "ctime", st->st_ctim);
  return 1;
}

/* stat(path) -> table */
static int l_stat(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 0, do_stat, fs_push_stat));
}

/* lstat(path) -> table; of a link itself */
static int l_lstat(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 0, do_lstat, fs_push_stat));
}

/* That nothing is there is an answer and no failure. */
static int do_look(Job *job)
{
  int r = do_stat(job);
  job->flags = r == 0;
  return r == UV_ENOENT || r == UV_ENOTDIR ? 0 : r;
}

static int push_is(lua_State *L, Job *job)
{
  bool there = job->flags;
  lua_pushboolean(
      L, there && (job->mode == 0 || (job->fs.statbuf.st_mode & S_IFMT) == (unsigned)job->mode));
  return 1;
}

/* The same of what stands at the path itself. */
static int do_look_here(Job *job)
{
  int r = do_lstat(job);
  job->flags = r == 0;
  return r == UV_ENOENT || r == UV_ENOTDIR ? 0 : r;
}

static int look(lua_State *L, int type)
{
  Job *job = fs_job(L, 1, 0, do_look, push_is);
  job->mode = type;
  return fs_run(L, job);
}

/* exists(path) -> boolean */
static int l_exists(lua_State *L)
{
  return look(L, 0);
}

/* is_file(path) -> boolean */
static int l_is_file(lua_State *L)
{
  return look(L, S_IFREG);
}

/* is_dir(path) -> boolean */
static int l_is_dir(lua_State *L)
{
  return look(L, S_IFDIR);
}

/* is_link(path) -> boolean */
static int l_is_link(lua_State *L)
{
  Job *job = fs_job(L, 1, 0, do_look_here, push_is);
  job->mode = S_IFLNK;
  return fs_run(L, job);
}

static int do_disk_space(Job *job)
{
  struct statvfs *space = (struct statvfs *)(void *)buf_reserve(&job->bytes, sizeof *space);
  if (space == NULL) return UV_ENOMEM;
  return statvfs(job->path, space) < 0 ? -errno : 0;
}

static int push_space(lua_State *L, Job *job)
{
  const struct statvfs *space = (const struct statvfs *)(const void *)job->bytes.data;
  uint64_t unit = space->f_frsize ? space->f_frsize : space->f_bsize;
  lua_createtable(L, 0, 7);
  set_integer(L, "total", space->f_blocks * unit);
  set_integer(L, "free", space->f_bfree * unit);
  set_integer(L, "available", space->f_bavail * unit);
  set_integer(L, "used", (space->f_blocks - space->f_bfree) * unit);
  set_integer(L, "files", space->f_files);
  set_integer(L, "files_free", space->f_ffree);
  set_integer(L, "block_size", space->f_bsize);
  return 1;
}

/* disk_space(path) -> table */
static int l_disk_space(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 0, do_disk_space, push_space));
}

const luaL_Reg fs_stat_functions[] = {{"stat", l_stat},
                                      {"lstat", l_lstat},
                                      {"exists", l_exists},
                                      {"is_file", l_is_file},
                                      {"is_dir", l_is_dir},
                                      {"is_link", l_is_link},
                                      {"disk_space", l_disk_space},
                                      {NULL, NULL}};
