/* walk_level.c - the directories that a walk is in. */
#include "modules/fs/walk_level.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/watch.h"

bool walk_level_path(Walk *w, size_t length, const char *name)
{
  buf_truncate(&w->path, length);
  if (!buf_append(&w->path, name, strlen(name) + 1)) return false;
  w->path.tail--; /* it is always followed by a NUL */
  return true;
}

static bool is_dots(const char *name)
{
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Drops the second of two names that are the same, in a sorted list. */
static void unite(DirList *list)
{
  char **names = (char **)(void *)list->bytes.data;
  int n = 0;
  for (int i = 0; i < list->count; i++)
    if (n == 0 || strcmp(names[n - 1], names[i])) names[n++] = names[i];
  list->count = n;
}

/* The names that patterns ask for: all, where the directory is not read, else those that no list
   contains. */
static int add_names(const Walk *w, const GlobSet *want, bool all, DirList *list)
{
  for (size_t i = 0; i < glob_count(want); i++) {
    const GlobPart *part = &w->want->parts[glob_at(want, i)];
    if (part->kind == GLOB_NAME && (all || is_dots(part->text)) &&
        !dir_list_add(list, 0, part->text))
      return UV_ENOMEM;
  }
  return 0;
}

static bool needs_list(const Walk *w, const GlobSet *want)
{
  if (w->want == NULL) return true;
  for (size_t i = 0; i < glob_count(want); i++)
    if (glob_is_wild(&w->want->parts[glob_at(want, i)])) return true;
  return false;
}

/* With follow, a link may lead to where the walk came from. */
static int check_loop(const Walk *w, WalkLevel *level, int fd)
{
  struct stat st;
  if (!w->follow) return 0;
  if (fstat(fd, &st) < 0) return -errno;
  level->dev = st.st_dev;
  level->ino = st.st_ino;
  for (size_t i = 0; i < w->level_count; i++)
    if (w->levels[i].dev == st.st_dev && w->levels[i].ino == st.st_ino) return UV_ELOOP;
  return 0;
}

static int read_level(Walk *w, WalkLevel *level, bool nofollow, Req *req)
{
  const char *path = w->path.tail ? w->path.data : ".";
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (nofollow ? O_NOFOLLOW : 0));
  if (fd < 0) return -errno;
  int r = check_loop(w, level, fd);
  return r < 0 ? close(fd), r : dir_list_read(&level->list, fd, req);
}

static int fill(Walk *w, WalkLevel *level, const WalkStep *s, Req *req, int *wd)
{
  bool list = needs_list(w, &s->want);
  bool nofollow = w->level_count > 0 && S_ISDIR(s->type) && !w->follow;
  if (w->watch >= 0 && (*wd = watch_add(w->watch, w->path.data)) < 0) return *wd;
  int r = list ? read_level(w, level, nofollow, req) : 0;
  if (r == 0 && w->want) r = add_names(w, &s->want, !list, &level->list);
  if (r == 0) r = dir_list_sort(&level->list);
  if (r == 0 && w->want) unite(&level->list);
  return r;
}

static bool make_room(Walk *w)
{
  if (w->level_count < w->level_cap) return true;
  size_t cap = w->level_cap ? 2 * w->level_cap : 16;
  WalkLevel *levels = realloc(w->levels, cap * sizeof *levels);
  if (levels == NULL) return false;
  w->levels = levels;
  w->level_cap = cap;
  return true;
}

int walk_level_enter(Walk *w, WalkStep *s, Req *req, int *wd)
{
  WalkLevel level = {0};
  if (!make_room(w)) return UV_ENOMEM;
  int r = fill(w, &level, s, req, wd);
  size_t n = w->path.tail;
  if (r == 0 && n > 0 && w->path.data[n - 1] != '/' && !walk_level_path(w, n, "/")) r = UV_ENOMEM;
  if (r < 0) return dir_list_free(&level.list), r;
  level.length = w->path.tail;
  level.want = s->want;
  level.skip = s->skip;
  s->want = s->skip = (GlobSet){0};
  w->levels[w->level_count++] = level;
  return 0;
}

void walk_level_leave(Walk *w)
{
  WalkLevel *level = &w->levels[--w->level_count];
  dir_list_free(&level->list);
  buf_free(&level->want);
  buf_free(&level->skip);
}
