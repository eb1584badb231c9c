/* fs.c - files for Lua: jobs of the thread pool, and the calls that are one system call.
   local core = require "procrun.core.fs" */
#include "modules/fs/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/modules.h"
#include "runtime/err.h"
#include "runtime/trace.h"

static void work(Req *req)
{
  Job *job = (Job *)req;
  job->error = job->work(job);
  job->ended = true;
}

/* The failure in words that say more than the code does. */
static int push_note(lua_State *L, Job *job)
{
  lua_pushnil(L);
  if (job->other && !job->blame)
    lua_pushfstring(L, "%s -> %s: %s", job->path, job->other, job->note);
  else
    lua_pushfstring(L, "%s: %s", job->blame ? job->blame : job->path, job->note);
  lua_pushstring(L, err_code(job->error));
  return 3;
}

static int results(lua_State *L, Req *req)
{
  Job *job = (Job *)req;
  if (TRACING(TRACE_FS))
    trace_event(TRACE_FS, "done", "path=%s error=%s", job->path,
                job->error ? err_code(job->error) : NULL);
  if (job->error) {
    if (job->note) return push_note(L, job);
    if (job->blame) return err_push(L, job->error, "%s", job->blame);
    if (job->other) return err_push(L, job->error, "%s -> %s", job->path, job->other);
    return err_push(L, job->error, "%s", job->path);
  }
  int n = 1;
  if (job->push)
    n = job->push(L, job);
  else
    lua_pushboolean(L, 1);
  job->taken = true;
  return n;
}

static void release(Req *req)
{
  Job *job = (Job *)req;
  if (job->undo && job->ended && !job->error && !job->taken) job->undo(job);
  if (job->forget) job->forget(job);
  uv_fs_req_cleanup(&job->fs);
  if (job->fd >= 0) close(job->fd);
  buf_free(&job->bytes);
  free(job->path);
  free(job->other);
  free(job->blame);
  free(job->note);
  free(job->home);
}

static const ReqType job_type = {"the file system", work, results, release};

static const char *check_path(lua_State *L, int arg)
{
  size_t n;
  const char *path = lua_tolstring(L, arg, &n);
  if (path == NULL) luaL_typeerror(L, arg, "path");
  if (strlen(path) != n) luaL_argerror(L, arg, "path contains a NUL byte");
  return path;
}

static char *copy(lua_State *L, const char *path)
{
  char *s = strdup(path);
  if (s == NULL) luaL_error(L, "not enough memory");
  return s;
}

void *fs_job_of(lua_State *L, size_t size, int arg, int other, int (*call)(Job *),
                int (*push)(lua_State *, Job *))
{
  const char *path = check_path(L, arg);
  const char *second = other ? check_path(L, other) : NULL;
  Job *job = req_new(L, size, &job_type);
  job->fd = -1;
  job->work = call;
  job->push = push;
  job->path = copy(L, path);
  if (second) job->other = copy(L, second);
  return job;
}

Job *fs_job(lua_State *L, int arg, int other, int (*call)(Job *), int (*push)(lua_State *, Job *))
{
  return fs_job_of(L, sizeof(Job), arg, other, call, push);
}

/* Its name is the one by which this C function was called. */
static void trace_call(lua_State *L, const Job *job)
{
  lua_Debug ar = {0};
  if (lua_getstack(L, 0, &ar)) lua_getinfo(L, "n", &ar);
  trace_event(TRACE_FS, "call", "op=%s path=%s other=%s", ar.name, job->path, job->other);
}

int fs_run(lua_State *L, Job *job)
{
  if (TRACING(TRACE_FS)) trace_call(L, job);
  return req_run(L, &job->req);
}

int fs_check_mode(lua_State *L, int arg, int otherwise)
{
  if (lua_isnoneornil(L, arg)) return otherwise;
  lua_Integer mode = -1;
  if (lua_type(L, arg) == LUA_TSTRING) {
    const char *text = lua_tostring(L, arg);
    char *end;
    mode = strtol(text, &end, 8);
    if (*end || text[strspn(text, "01234567")] || !*text) mode = -1;
  } else {
    mode = luaL_checkinteger(L, arg);
  }
  luaL_argcheck(L, mode >= 0 && mode <= 07777, arg, "permission bits expected, like \"644\"");
  return (int)mode;
}

static int posix(int result)
{
  return result < 0 ? -errno : 0;
}

/* A directory by rmdir, all else by unlink; which of both, the kernel says. */
static int do_remove(Job *job)
{
  if (unlink(job->path) == 0) return 0;
  int error = errno;
  struct stat st;
  if (error != EISDIR && error != EPERM) return -error;
  if (lstat(job->path, &st) < 0 || !S_ISDIR(st.st_mode)) return -error;
  return posix(rmdir(job->path));
}

/* remove(path) -> true */
static int l_remove(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 0, do_remove, NULL));
}

static int do_access(Job *job)
{
  return posix(access(job->path, job->mode));
}

/* access(path, ["rwx"]) -> true */
static int l_access(lua_State *L)
{
  int mode = F_OK;
  for (const char *p = luaL_optstring(L, 2, ""); *p; p++) {
    luaL_argcheck(L, strchr("rwx", *p), 2, "letters of \"rwx\" expected");
    mode |= *p == 'r' ? R_OK : *p == 'w' ? W_OK : X_OK;
  }
  Job *job = fs_job(L, 1, 0, do_access, NULL);
  job->mode = mode;
  return fs_run(L, job);
}

static int do_realpath(Job *job)
{
  return uv_fs_realpath(NULL, &job->fs, job->path, NULL);
}

static int do_readlink(Job *job)
{
  return uv_fs_readlink(NULL, &job->fs, job->path, NULL);
}

static int push_text(lua_State *L, Job *job)
{
  lua_pushstring(L, job->fs.ptr);
  return 1;
}

/* realpath(path) -> path */
static int l_realpath(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 0, do_realpath, push_text));
}

/* readlink(path) -> target */
static int l_readlink(lua_State *L)
{
  return fs_run(L, fs_job(L, 1, 0, do_readlink, push_text));
}

/* cwd() -> path | nil, message, code */
static int l_cwd(lua_State *L)
{
  char path[PATH_MAX];
  size_t size = sizeof path;
  int r = uv_cwd(path, &size);
  if (r < 0) return err_push(L, r, NULL);
  lua_pushlstring(L, path, size);
  return 1;
}

/* can_wait() -> boolean: would a call suspend the caller? */
static int l_can_wait(lua_State *L)
{
  lua_pushboolean(L, task_can_wait(L));
  return 1;
}

static void on_xfsz(int signum)
{
  (void)signum;
}

/* A file that would grow beyond the limit of this process is a failure (EFBIG), and no end by a
   signal. A handler, not SIG_IGN, which children would inherit. */
static void spare_signal(void)
{
#ifdef SIGXFSZ
  struct sigaction now;
  if (sigaction(SIGXFSZ, NULL, &now) < 0 || now.sa_handler != SIG_DFL) return;
  now = (struct sigaction){.sa_handler = on_xfsz, .sa_flags = SA_RESTART};
  sigaction(SIGXFSZ, &now, NULL);
#endif
}

int luaopen_procrun_core_fs(lua_State *L)
{
  static const luaL_Reg functions[] = {{"remove", l_remove},
                                       {"access", l_access},
                                       {"realpath", l_realpath},
                                       {"readlink", l_readlink},
                                       {"cwd", l_cwd},
                                       {"can_wait", l_can_wait},
                                       {NULL, NULL}};
  spare_signal();
  luaL_newlib(L, functions);
  luaL_setfuncs(L, fs_mkdir_functions, 0);
  luaL_setfuncs(L, fs_stat_functions, 0);
  luaL_setfuncs(L, fs_name_functions, 0);
  luaL_setfuncs(L, fs_change_functions, 0);
  luaL_setfuncs(L, fs_owner_functions, 0);
  luaL_setfuncs(L, fs_copy_functions, 0);
  luaL_setfuncs(L, fs_copy_dir_functions, 0);
  luaL_setfuncs(L, fs_each_functions, 0);
  luaL_setfuncs(L, fs_file_functions, 0);
  luaL_setfuncs(L, fs_dir_functions, 0);
  luaL_setfuncs(L, fs_tree_functions, 0);
  luaL_setfuncs(L, fs_glob_functions, 0);
  luaL_setfuncs(L, fs_walk_functions, 0);
  luaL_setfuncs(L, fs_watch_functions, 0);
  luaL_setfuncs(L, fs_stamp_functions, 0);
  luaL_setfuncs(L, fs_open_functions, 0);
  luaL_setfuncs(L, fs_read_functions, 0);
  luaL_setfuncs(L, fs_write_functions, 0);
  return 1;
}
