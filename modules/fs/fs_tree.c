/* fs_tree.c - removes a directory with all that is in it, without ever following a link.
   It holds the directory it works in by its descriptor, and goes up by "..", so that it neither needs
   a descriptor for each level nor can be led astray by a directory that is exchanged for a link. Each
   directory is read once: the names of those in it are kept until they have gone. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/fs/fs.h"

typedef struct Level {
  dev_t dev; /* of the directory above, to be met again on the way up */
  ino_t ino;
  size_t length; /* of its path */
  size_t names;  /* where those begin that are still to be removed from it */
} Level;

typedef struct Tree {
  Job *job;
  int fd;       /* the directory to be emptied */
  Buf path;     /* its path, without a NUL */
  Buf levels;   /* Level[]: the directories above, up to the first */
  Buf names;    /* of directories, each with its NUL: those of one level behind those above it */
  size_t first; /* in names: of the directory to be emptied */
} Tree;

/* The error names what could not be removed. */
static int fail(Tree *t, int error, const char *name)
{
  const char *path = t->path.tail ? t->path.data : "";
  if (asprintf(&t->job->blame, name ? "%.*s/%s" : "%.*s", (int)t->path.tail, path, name) < 0)
    t->job->blame = NULL;
  return error;
}

static int open_dir(int at, const char *name)
{
  int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

/* The last of the names that are left. */
static const char *last_name(const Tree *t)
{
  const char *end = t->names.data + t->names.tail - 1;
  const char *before = memrchr(t->names.data, 0, (size_t)(end - t->names.data));
  return before ? before + 1 : t->names.data;
}

enum { ENTERED = 0, GONE = 1 };

static int enter(Tree *t, const char *name)
{
  struct stat st;
  int fd = open_dir(t->fd, name);
  if (fd < 0) return fd == UV_ENOENT ? GONE : fail(t, fd, name);
  if (fstat(t->fd, &st) < 0) return close(fd), fail(t, -errno, NULL);
  Level level = {st.st_dev, st.st_ino, t->path.tail, t->first};
  bool ok = buf_append(&t->levels, &level, sizeof level) && buf_append(&t->path, "/", 1) &&
            buf_append(&t->path, name, strlen(name));
  if (!ok) return close(fd), UV_ENOMEM;
  close(t->fd);
  t->fd = fd;
  return ENTERED;
}

static int descend(Tree *t)
{
  const char *name = last_name(t);
  int r = enter(t, name);
  buf_truncate(&t->names, (size_t)(name - t->names.data));
  if (r == ENTERED) t->first = t->names.tail;
  return r;
}

/* Out of the emptied directory, which is then removed. */
static int ascend(Tree *t)
{
  struct stat st;
  Level level;
  memcpy(&level, t->levels.data + t->levels.tail - sizeof level, sizeof level);
  int fd = open_dir(t->fd, "..");
  if (fd < 0) return fail(t, fd, NULL);
  close(t->fd);
  t->fd = fd;
  if (fstat(fd, &st) < 0) return fail(t, -errno, NULL);
  if (st.st_dev != level.dev || st.st_ino != level.ino) /* moved away meanwhile */
    return fail(t, UV_EBUSY, NULL);
  if (!buf_append(&t->path, "", 1)) return UV_ENOMEM;
  t->path.tail--;
  if (unlinkat(fd, t->path.data + level.length + 1, AT_REMOVEDIR) < 0 && errno != ENOENT)
    return fail(t, -errno, NULL);
  buf_truncate(&t->levels, t->levels.tail - sizeof level);
  buf_truncate(&t->path, level.length);
  t->first = level.names;
  return 0;
}

static bool is_dir(Tree *t, const struct dirent *e)
{
  struct stat st;
  if (e->d_type != DT_UNKNOWN) return e->d_type == DT_DIR;
  return fstatat(t->fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Removes what is no directory, and notes the names of those that are. */
static int clear(Tree *t, DIR *dir)
{
  struct dirent *e;
  while (errno = 0, (e = readdir(dir))) {
    const char *name = e->d_name;
    if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
    if (req_is_dropped(&t->job->req)) return UV_ECANCELED;
    if (is_dir(t, e)) {
      if (!buf_append(&t->names, name, strlen(name) + 1)) return UV_ENOMEM;
    } else if (unlinkat(t->fd, name, 0) < 0 && errno != ENOENT) {
      return fail(t, -errno, name);
    }
  }
  return errno ? fail(t, -errno, NULL) : 0;
}

static int clear_here(Tree *t)
{
  int fd = open_dir(t->fd, "."); /* closedir closes its descriptor */
  if (fd < 0) return fail(t, fd, NULL);
  DIR *dir = fdopendir(fd);
  if (dir == NULL) return close(fd), UV_ENOMEM;
  int r = clear(t, dir);
  closedir(dir);
  return r;
}

static int empty(Tree *t)
{
  int r = clear_here(t);
  while (r == 0) {
    if (t->names.tail > t->first) {
      r = descend(t);
      r = r == ENTERED ? clear_here(t) : r == GONE ? 0 : r;
    } else if (t->levels.tail > 0) {
      r = ascend(t);
    } else {
      break;
    }
    if (req_is_dropped(&t->job->req)) return UV_ECANCELED;
  }
  return r;
}

static int try_remove(Job *job)
{
  Tree t = {.job = job, .fd = open_dir(AT_FDCWD, job->path)};
  if (t.fd < 0) return t.fd;
  int r = buf_append(&t.path, job->path, strlen(job->path)) ? empty(&t) : UV_ENOMEM;
  close(t.fd);
  buf_free(&t.path);
  buf_free(&t.levels);
  buf_free(&t.names);
  if (r == 0 && rmdir(job->path) < 0) r = -errno;
  return r;
}

/* Again, where something has come meanwhile: a copy that was cancelled stops after its file. */
static int remove_dir(Job *job)
{
  int r = try_remove(job);
  for (int i = 0; i < 3 && r == UV_ENOTEMPTY; i++) {
    free(job->blame);
    job->blame = NULL;
    r = try_remove(job);
  }
  return r;
}

/* "link/" would be followed. */
static void cut_slashes(char *path)
{
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') path[--n] = 0;
}

/* Is `path`, links resolved, the directory `keep` or one above it? */
static bool holds(const char *path, const char *keep)
{
  char *real = realpath(path, NULL), *kept = keep ? realpath(keep, NULL) : NULL;
  size_t n = real ? strlen(real) : 0;
  bool found = real && strcmp(real, "/") == 0;
  if (real && kept && !found)
    found = strncmp(real, kept, n) == 0 && (kept[n] == 0 || kept[n] == '/');
  free(real);
  free(kept);
  return found;
}

enum { REFUSED = 1 };

static int do_remove_tree(Job *job)
{
  struct stat st;
  cut_slashes(job->path);
  if (lstat(job->path, &st) < 0) return -errno;
  if (!S_ISDIR(st.st_mode)) return unlink(job->path) < 0 ? -errno : 0;
  if (!holds(job->path, job->home)) return remove_dir(job);
  job->flags = REFUSED;
  return 0;
}

static int push_removed(lua_State *L, Job *job)
{
  lua_pushboolean(L, job->flags != REFUSED);
  return 1;
}

/* $HOME, or where there is none, what the system says; NULL: unknown. */
static char *home_dir(void)
{
  const char *home = getenv("HOME");
  if (home && *home) return strdup(home);
  uv_passwd_t user;
  if (uv_os_get_passwd(&user) < 0) return NULL;
  char *copy = user.homedir ? strdup(user.homedir) : NULL;
  uv_os_free_passwd(&user);
  return copy;
}

/* remove_tree(path, [force]) -> true | false: it is or holds the root or (unless forced) the home
   directory */
static int l_remove_tree(lua_State *L)
{
  bool forced = lua_toboolean(L, 2);
  luaL_argcheck(L, luaL_checkstring(L, 1)[0], 1, "will not remove an empty path");
  Job *job = fs_job(L, 1, 0, do_remove_tree, push_removed);
  if (!forced) job->home = home_dir();
  job->req.slow = true;
  return fs_run(L, job);
}

const luaL_Reg fs_tree_functions[] = {{"remove_tree", l_remove_tree}, {NULL, NULL}};
