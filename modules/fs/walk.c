/* walk.c - what stands below a directory, found in the thread pool, many entries a request. */
#include "modules/fs/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/fs/walk_level.h"

static const uint64_t LONG_ENOUGH = 20000000; /* ns: what was found until then is told */

static void drop_step(WalkStep *s)
{
  buf_free(&s->want);
  buf_free(&s->skip);
}

/* Of what has gone meanwhile all but the type is 0. */
static bool append_stat(Walk *w, mode_t type)
{
  uv_fs_t fs = {0};
  int r = w->follow ? uv_fs_stat(NULL, &fs, w->path.data, NULL) : -1;
  if (r < 0) r = uv_fs_lstat(NULL, &fs, w->path.data, NULL);
  uv_stat_t st = r < 0 ? (uv_stat_t){.st_mode = type} : fs.statbuf;
  uv_fs_req_cleanup(&fs);
  return buf_append(&w->out, &st, sizeof st);
}

/* The path is that of the step. */
static int emit(Walk *w, const WalkStep *s, int error, int wd)
{
  size_t at = w->out.tail;
  WalkRecord record = {.error = error, .wd = wd, .type = s->type};
  if (w->stamps) record.stamp = walk_stamp(w->path.data, &record.type);
  bool ok = buf_append(&w->index, &at, sizeof at) && buf_append(&w->out, &record, sizeof record) &&
            buf_append(&w->out, w->path.data + w->hidden, s->length - w->hidden) &&
            buf_append(&w->out, "/", s->mark) && buf_append(&w->out, "", 1);
  if (ok && w->stat) ok = append_stat(w, s->type);
  w->count++;
  return ok ? 0 : UV_ENOMEM;
}

static mode_t target_type(const Walk *w)
{
  struct stat st;
  return stat(w->path.data, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

/* Is it ignored? A link is no directory here, but it may be entered. */
static int look_in_skip(Walk *w, const WalkLevel *level, const char *name, WalkStep *s)
{
  if (w->skip == NULL) return 0;
  if (strcmp(name, ".") == 0) /* from a pattern like "./x": still the same directory */
    return buf_append(&s->skip, level->skip.data, level->skip.tail) ? 0 : UV_ENOMEM;
  int r = glob_step(w->skip, &level->skip, name, true, &s->skip);
  return r < 0 ? UV_ENOMEM : (r & GLOB_FOUND) || (S_ISDIR(s->type) && r & GLOB_FOUND_DIR);
}

/* What is it to the patterns, and to those options that say what is told? */
static int look_in_want(Walk *w, const WalkLevel *level, const char *name, WalkStep *s)
{
  bool is_dir = S_ISDIR(s->type);
  int r = glob_step(w->want, &level->want, name, is_dir, &s->want);
  if (r < 0) return UV_ENOMEM;
  bool asks = w->only || w->mark || r == GLOB_FOUND_DIR;
  mode_t target = r && asks && S_ISLNK(s->type) ? target_type(w) : s->type;
  s->found = r & GLOB_FOUND || (r && S_ISDIR(target));
  if (w->only && target != w->only) s->found = false;
  s->mark = S_ISDIR(target) && (w->mark || r == GLOB_FOUND_DIR);
  s->enter = glob_count(&s->want) > 0 && (is_dir || S_ISLNK(s->type));
  return 0;
}

/* Below w->levels[top]: is the name of interest? An ignored one comes back as neither found nor to
   be entered. */
static int look(Walk *w, const WalkLevel *level, const char *name, WalkStep *s)
{
  struct stat st;
  if (s->type == 0 && lstat(w->path.data, &st) == 0) s->type = st.st_mode & S_IFMT;
  if (s->type == 0 && w->want) return 0;
  if (w->follow && S_ISLNK(s->type)) {
    mode_t target = target_type(w);
    if (target) s->type = target;
  }
  int r = look_in_skip(w, level, name, s);
  if (r) return r < 0 ? r : 0;
  if (w->want) return look_in_want(w, level, name, s);
  s->found = w->only == 0 || w->only == s->type;
  s->enter = S_ISDIR(s->type) && w->level_count < (size_t)w->depth;
  return 0;
}

static bool is_fatal(const Walk *w, int error)
{
  if (error == UV_ECANCELED || error == UV_ENOMEM) return true;
  if (w->want && (error == UV_EMFILE || error == UV_ENFILE)) return true; /* it is ours, not its */
  return w->strict && error != UV_ENOENT && error != UV_ENOTDIR && error != UV_ELOOP;
}

/* Enters a directory, if it is to be, and tells of it, if it is to be; frees the step. */
static int finish(Walk *w, WalkStep *s, Req *req)
{
  int wd = -1, error = s->enter ? walk_level_enter(w, s, req, &wd) : 0;
  int r = is_fatal(w, error) ? error : 0;
  if (r == 0 && s->found) r = emit(w, s, error, wd);
  drop_step(s);
  return r;
}

static int next(Walk *w, Req *req)
{
  WalkLevel *level = &w->levels[w->level_count - 1];
  if (level->at == level->list.count) {
    walk_level_leave(w);
    return 0;
  }
  int i = level->at++;
  const char *name = dir_list_name(&level->list, i);
  WalkStep s = {.type = dir_list_type(&level->list, i)};
  if (!walk_level_path(w, level->length, name)) return UV_ENOMEM;
  s.length = w->path.tail;
  int r = look(w, level, name, &s);
  if (r < 0 || !w->ask || !s.enter) return r < 0 ? (drop_step(&s), r) : finish(w, &s, req);
  w->asking = true;
  w->step = s;
  return emit(w, &s, 0, -1);
}

/* Is the directory there in which patterns are looked for? They may name what they want of it, and
   it is not read then. */
static int check_root(const Walk *w)
{
  struct stat st;
  if (stat(w->path.data, &st) < 0) return -errno;
  return S_ISDIR(st.st_mode) ? 0 : UV_ENOTDIR;
}

/* Where `skip` is in the directory that the walk begins in. */
static int start_skip(Walk *w, GlobSet *skip)
{
  char *rest = w->within.data;
  int r = glob_start(w->skip, w->absolute, skip);
  for (char *name; r >= 0 && (name = strsep(&rest, "/"));) {
    GlobSet inside = {0};
    r = glob_step(w->skip, skip, name, true, &inside);
    buf_free(skip);
    *skip = inside;
  }
  return r;
}

static int start(Walk *w, Req *req)
{
  WalkStep s = {.type = S_IFDIR, .length = w->path.tail};
  bool given = w->want == NULL || (!w->absolute && w->path.tail > 0);
  int found = w->want ? glob_start(w->want, w->absolute, &s.want) : 0, wd = -1;
  int ok = w->skip ? start_skip(w, &s.skip) : 0;
  int r = found < 0 || ok < 0 ? UV_ENOMEM : 0;
  if (r == 0 && w->want && given) r = check_root(w);
  if (r == 0 && found && w->only != S_IFREG) r = emit(w, &s, 0, -1);
  if (r == 0 && (w->want == NULL || glob_count(&s.want) > 0)) {
    r = walk_level_enter(w, &s, req, &wd);
    if (!given && !is_fatal(w, r)) r = 0;
  }
  w->root_wd = wd;
  drop_step(&s);
  return r;
}

int walk_run(Walk *w, Req *req)
{
  uint64_t end = uv_hrtime() + LONG_ENOUGH;
  int r = 0;
  if (!w->started) {
    w->started = true;
    r = start(w, req);
  } else if (w->asking) {
    w->asking = false;
    r = finish(w, &w->step, req);
  }
  while (r == 0 && w->level_count > 0 && w->count < w->limit && !w->asking) {
    if (req_is_dropped(req)) return UV_ECANCELED;
    if (w->levels[w->level_count - 1].at == 0 && w->count > 0 && !w->sort && uv_hrtime() > end)
      break;
    r = next(w, req);
  }
  return r;
}

void walk_skip(Walk *w)
{
  if (w->asking) drop_step(&w->step);
  w->asking = false;
}

int64_t walk_stamp(const char *path, mode_t *type)
{
  struct stat st;
  if (lstat(path, &st) < 0) return 0;
  *type = st.st_mode & S_IFMT;
  uint64_t h = (uint64_t)st.st_ino * 0x9e3779b97f4a7c15 ^ st.st_dev;
  if (!S_ISDIR(st.st_mode)) /* a directory changes with every name in it */
    h = (h ^ (uint64_t)st.st_size) * 0x9e3779b97f4a7c15 ^ (uint64_t)st.st_ctim.tv_sec * 1000000007 ^
        (uint64_t)st.st_ctim.tv_nsec;
  h = (h ^ h >> 29 ^ st.st_mode) * 0x9e3779b97f4a7c15;
  return (int64_t)((h & ~(uint64_t)15) | (st.st_mode & S_IFMT) >> 12);
}

void walk_free(Walk *w)
{
  walk_skip(w);
  while (w->level_count > 0) walk_level_leave(w);
  free(w->levels);
  buf_free(&w->path);
  buf_free(&w->within);
  buf_free(&w->out);
  buf_free(&w->index);
  glob_spec_unref(w->want);
  glob_spec_unref(w->skip);
  if (w->watch >= 0) close(w->watch);
  place_drop(w->place);
  free(w);
}
