/* walk_lua.c - walks for Lua: local walk = core.walk(path, {depth = 2}); walk:next() -> paths, types
   One request of the pool for each batch. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "modules/fs/fs.h"
#include "modules/fs/walk.h"
#include "modules/fs/watch.h"
#include "runtime/err.h"
#include "runtime/opt.h"

static const char TYPE[] = "procrun.walk";

typedef struct WalkReq {
  Req req;
  Walk *walk;
  int error;
  bool taken;
} WalkReq;

static void unref(Walk *w)
{
  if (--w->refs == 0) walk_free(w);
}

static const char *path_of(const char *record)
{
  return record + sizeof(WalkRecord);
}

static int compare(const void *a, const void *b)
{
  return strcmp(path_of(*(const char *const *)a), path_of(*(const char *const *)b));
}

/* The records have got their last place: the index becomes one of pointers. */
static void seal(Walk *w)
{
  char **at = (char **)(void *)w->index.data;
  for (size_t i = 0; i < w->count; i++) at[i] = w->out.data + ((size_t *)(void *)at)[i];
  if (w->sort && w->count > 1) qsort(at, w->count, sizeof *at, compare);
}

static void work(Req *req)
{
  WalkReq *r = (WalkReq *)req;
  r->error = walk_run(r->walk, req);
  if (r->error == 0) seal(r->walk);
}

/* {message, code} */
static void push_error(lua_State *L, const char *path, int error)
{
  lua_createtable(L, 2, 0);
  err_push(L, error, "%s", path);
  lua_rawseti(L, -4, 2);
  lua_rawseti(L, -3, 1);
  lua_pop(L, 1);
}

/* The type, or the stat. */
static void push_type(lua_State *L, const Walk *w, const char *path, mode_t type)
{
  Job job = {.mode = 0};
  if (w->stat) {
    memcpy(&job.fs.statbuf, path + strlen(path) + 1, sizeof job.fs.statbuf);
    fs_push_stat(L, &job);
  } else {
    lua_pushstring(L, fs_type_name(type));
  }
}

/* paths, types (unless they come from patterns), errors by index, is the last a question?; for a
   watch also stamps and descriptors, -1: none */
static int push_batch(lua_State *L, Walk *w)
{
  int top = lua_gettop(L), n = (int)w->count;
  bool types = w->want == NULL;
  lua_createtable(L, n, 0);
  lua_createtable(L, types ? n : 0, 0);
  lua_newtable(L);
  lua_pushboolean(L, w->asking);
  lua_createtable(L, w->stamps ? n : 0, 0);
  lua_createtable(L, w->stamps ? n : 0, 0);
  for (int i = 0; i < n; i++) {
    WalkRecord record;
    const char *at = ((char **)(void *)w->index.data)[i];
    memcpy(&record, at, sizeof record);
    lua_pushstring(L, path_of(at));
    lua_rawseti(L, top + 1, i + 1);
    if (types) push_type(L, w, path_of(at), record.type), lua_rawseti(L, top + 2, i + 1);
    if (record.error) push_error(L, path_of(at), record.error), lua_rawseti(L, top + 3, i + 1);
    if (!w->stamps) continue;
    lua_pushinteger(L, record.stamp);
    lua_rawseti(L, top + 5, i + 1);
    lua_pushinteger(L, record.wd);
    lua_rawseti(L, top + 6, i + 1);
  }
  return 6;
}

static int push_results(lua_State *L, Walk *w, int error)
{
  if (error == UV_ENOMEM) return err_push(L, error, NULL);
  if (error) {
    w->dead = true; /* whoever asks again gets nothing */
    return err_push(L, error, "%s", w->path.tail ? w->path.data : ".");
  }
  if (w->count == 0 && !w->asking) return lua_pushnil(L), 1;
  return push_batch(L, w);
}

static int results(lua_State *L, Req *req)
{
  WalkReq *r = (WalkReq *)req;
  Walk *w = r->walk;
  int n = push_results(L, w, r->error);
  r->taken = true;
  w->count = 0;
  buf_truncate(&w->out, 0);
  buf_truncate(&w->index, 0);
  return n;
}

static void release(Req *req)
{
  WalkReq *r = (WalkReq *)req;
  r->walk->busy = false;
  if (!r->taken) r->walk->dead = true;
  unref(r->walk);
}

static const ReqType walk_type = {"the names in directories", work, results, release};

static Walk *check(lua_State *L)
{
  Walk **box = luaL_checkudata(L, 1, TYPE);
  if (*box == NULL) luaL_error(L, "the walk has been closed");
  return *box;
}

/* walk:next() -> paths, types, errors, question, stamps, descriptors | nil at the end | nil, message,
   code */
static int l_next(lua_State *L)
{
  Walk *w = check(L);
  if (w->dead) return err_push(L, UV_ECANCELED, "walk: a task that was reading it was cancelled");
  WalkReq *r = req_new(L, sizeof *r, &walk_type);
  r->walk = w;
  req_place(&r->req, w->place);
  r->req.slow = w->sort; /* all that there is, at once */
  w->refs++;
  w->busy = true;
  return req_run(L, &r->req);
}

/* walk:busy() -> boolean: a task waits in next */
static int l_busy(lua_State *L)
{
  lua_pushboolean(L, check(L)->busy);
  return 1;
}

/* walk:watched() -> the number of the directory it began in, -1: none */
static int l_watched(lua_State *L)
{
  lua_pushinteger(L, check(L)->root_wd);
  return 1;
}

/* walk:skip(): the directory that the last batch asks about is not entered */
static int l_skip(lua_State *L)
{
  walk_skip(check(L));
  return 0;
}

static int l_close(lua_State *L)
{
  Walk **box = luaL_checkudata(L, 1, TYPE);
  if (*box) unref(*box);
  *box = NULL;
  return 0;
}

static Walk *new_walk(lua_State *L)
{
  Walk **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  if (luaL_newmetatable(L, TYPE)) {
    static const luaL_Reg methods[] = {{"next", l_next}, {"busy", l_busy},   {"watched", l_watched},
                                       {"skip", l_skip}, {"close", l_close}, {"__gc", l_close},
                                       {NULL, NULL}};
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  lua_setmetatable(L, -2);
  Walk *w = calloc(1, sizeof *w);
  if (w == NULL) luaL_error(L, "not enough memory");
  w->refs = 1;
  w->place = place_share(place_here());
  w->watch = w->root_wd = -1;
  return *box = w;
}

static GlobSpec *spec_field(lua_State *L, const char *key)
{
  GlobSpec *spec = NULL;
  if (lua_getfield(L, 2, key) != LUA_TNIL) {
    spec = glob_spec_check(L, -1);
    spec->refs++;
  }
  lua_pop(L, 1);
  return spec;
}

static mode_t only_field(lua_State *L)
{
  const char *only = opt_string(L, 2, "only");
  if (only == NULL) return 0;
  return *only == 'f' ? S_IFREG : *only == 'd' ? S_IFDIR : S_IFLNK;
}

/* walk(path, options) -> walk. want, skip: specs; absolute: those of their patterns; hidden: so many
   bytes of each path are not shown; within: where the path is to those of skip; depth,
   only, follow, mark, strict, ask, stat, stamps, watch, limit,
   sort: as in walk.h */
static int l_walk(lua_State *L)
{
  size_t size;
  const char *path = luaL_checklstring(L, 1, &size);
  luaL_checktype(L, 2, LUA_TTABLE);
  Walk *w = new_walk(L);
  if (!buf_append(&w->path, path, size + 1)) return luaL_error(L, "not enough memory");
  w->path.tail--;
  w->want = spec_field(L, "want");
  w->skip = spec_field(L, "skip");
  w->absolute = opt_flag(L, 2, "absolute");
  w->hidden = (size_t)opt_integer(L, 2, "hidden", 0);
  lua_Integer depth = opt_integer(L, 2, "depth", INT_MAX);
  w->depth = depth > INT_MAX ? INT_MAX : (int)depth;
  w->only = only_field(L);
  w->follow = opt_flag(L, 2, "follow");
  w->mark = opt_flag(L, 2, "mark");
  w->strict = opt_flag(L, 2, "strict");
  w->ask = opt_flag(L, 2, "ask");
  w->sort = opt_flag(L, 2, "sort");
  w->stat = opt_flag(L, 2, "stat");
  w->stamps = opt_flag(L, 2, "stamps");
  if (lua_getfield(L, 2, "watch") != LUA_TNIL) {
    w->watch = watch_share(L, -1);
    if (w->watch < 0) return err_push(L, w->watch, "watch");
  }
  lua_pop(L, 1);
  const char *within = opt_string(L, 2, "within");
  if (within && !buf_append(&w->within, within, strlen(within) + 1))
    return luaL_error(L, "not enough memory");
  w->limit = (size_t)opt_integer(L, 2, "limit", PTRDIFF_MAX);
  return 1;
}

const luaL_Reg fs_walk_functions[] = {{"walk", l_walk}, {NULL, NULL}};
