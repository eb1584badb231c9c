/* fs_dir.c - the names in a directory, with their types, sorted by their bytes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/fs/fs.h"

/* Each entry is a byte for the type (S_IFMT of its mode, shifted) and the name with its NUL. */
static bool add(Job *job, mode_t mode, const char *name)
{
  char type = (char)((mode & S_IFMT) >> 12);
  return buf_append(&job->bytes, &type, 1) && buf_append(&job->bytes, name, strlen(name) + 1);
}

/* Not every file system says the type; a name that has gone meanwhile has none. */
static mode_t type_of(DIR *dir, const struct dirent *e)
{
  struct stat st;
  if (e->d_type != DT_UNKNOWN) return (mode_t)e->d_type << 12;
  return fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mode : 0;
}

static int read_entries(Job *job, DIR *dir)
{
  struct dirent *e;
  while (errno = 0, (e = readdir(dir))) {
    const char *name = e->d_name;
    if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
    if (!add(job, type_of(dir, e), name)) return UV_ENOMEM;
    if (req_is_dropped(&job->req)) return UV_ECANCELED;
    job->flags++;
  }
  return -errno;
}

static int compare(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In place of the entries: an array of pointers to their names, and behind it the entries. */
static int sort_entries(Job *job)
{
  size_t count = (size_t)job->flags, size = buf_size(&job->bytes);
  Buf sorted = {0};
  char **names = (char **)(void *)buf_reserve(&sorted, count * sizeof *names + size + 1);
  if (names == NULL) return UV_ENOMEM;
  char *entry = (char *)(names + count);
  if (size) memcpy(entry, buf_head(&job->bytes), size);
  for (size_t i = 0; i < count; i++, entry += strlen(entry + 1) + 2) names[i] = entry + 1;
  qsort(names, count, sizeof *names, compare);
  buf_free(&job->bytes);
  job->bytes = sorted;
  return 0;
}

static int do_readdir(Job *job)
{
  int fd = open(job->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | job->mode);
  if (fd < 0) return -errno;
  DIR *dir = fdopendir(fd); /* closedir closes it */
  if (dir == NULL) return close(fd), UV_ENOMEM;
  int r = read_entries(job, dir);
  closedir(dir);
  return r < 0 ? r : sort_entries(job);
}

static int push_entries(lua_State *L, Job *job)
{
  char **names = (char **)(void *)job->bytes.data;
  lua_createtable(L, job->flags, 0);
  lua_createtable(L, 0, job->flags);
  for (int i = 0; i < job->flags; i++) {
    lua_pushstring(L, names[i]);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -4, i + 1);
    lua_pushstring(L, fs_type_name((mode_t)(unsigned char)names[i][-1] << 12));
    lua_rawset(L, -3);
  }
  return 2;
}

static int list(lua_State *L, int flags)
{
  Job *job = fs_job(L, 1, 0, do_readdir, push_entries);
  job->mode = flags;
  return fs_run(L, job);
}

/* readdir(path) -> names, types by name */
static int l_readdir(lua_State *L)
{
  return list(L, 0);
}

/* readdir_nofollow(path) -> as readdir; fails for a link */
static int l_readdir_nofollow(lua_State *L)
{
  return list(L, O_NOFOLLOW);
}

const luaL_Reg fs_dir_functions[] = {
    {"readdir", l_readdir}, {"readdir_nofollow", l_readdir_nofollow}, {NULL, NULL}};
