/* fs_mkdir.c - directories made, with those above them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/fs/fs.h"

static int result_of(int result)
{
  return result < 0 ? -errno : 0;
}

/* Permission bits that were asked for are set whatever the umask takes away; a directory keeps the
   group it has from the one it is in. */
static int set_bits(Job *job)
{
  struct stat st;
  int fd = open(job->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return errno == EACCES ? result_of(chmod(job->path, (mode_t)job->mode)) : -errno;
  int r = result_of(fstat(fd, &st));
  mode_t bits = (mode_t)job->mode | (st.st_mode & S_ISGID);
  if (r == 0 && bits != (st.st_mode & 07777)) r = result_of(fchmod(fd, bits));
  close(fd);
  return r;
}

enum { NO_MODE = -1 };

static int make_dir(Job *job)
{
  int r = result_of(mkdir(job->path, job->mode == NO_MODE ? 0777 : (mode_t)job->mode));
  return r == 0 && job->mode != NO_MODE ? set_bits(job) : r;
}

static int mkdir_job(lua_State *L, int (*call)(Job *))
{
  int mode = fs_check_mode(L, 2, NO_MODE);
  Job *job = fs_job(L, 1, 0, call, NULL);
  job->mode = mode;
  return fs_run(L, job);
}

/* mkdir(path, [mode]) -> true */
static int l_mkdir(lua_State *L)
{
  return mkdir_job(L, make_dir);
}

static bool is_dir(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Cuts the path at its last slash; false where no directory is left to be made. */
static bool cut(char *path)
{
  size_t n = strlen(path);
  while (n > 0 && path[n - 1] == '/') n--;
  while (n > 0 && path[n - 1] != '/') n--;
  if (n <= 1) return false;
  path[n - 1] = 0;
  return true;
}

/* Makes what is missing above the path: first up to a directory that can be made, then down again.
   A slash that was cut is a NUL meanwhile. */
static int make_parents(char *path)
{
  size_t whole = strlen(path);
  int r = UV_ENOENT;
  while (r == UV_ENOENT && cut(path)) r = result_of(mkdir(path, 0777));
  for (size_t n = strlen(path); n < whole; n = strlen(path)) {
    if (r < 0 && !is_dir(path)) return r;
    path[n] = '/';
    if (strlen(path) < whole) r = result_of(mkdir(path, 0777));
  }
  return 0;
}

static int do_mkdir_p(Job *job)
{
  int r = make_dir(job);
  if (r == UV_ENOENT) {
    r = make_parents(job->path);
    if (r == 0) r = make_dir(job);
  }
  return r < 0 && is_dir(job->path) ? 0 : r;
}

/* mkdir_p(path, [mode]) -> true */
static int l_mkdir_p(lua_State *L)
{
  return mkdir_job(L, do_mkdir_p);
}

const luaL_Reg fs_mkdir_functions[] = {{"mkdir", l_mkdir}, {"mkdir_p", l_mkdir_p}, {NULL, NULL}};
