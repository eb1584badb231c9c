/* glob_spec.c - a set of glob patterns, compiled, matched against a path name by name.
   local spec = core.glob_spec({"nsrc", "a", "m*.lua", "e"}, dot, fold); spec:match("src/x.lua") */
#include "modules/fs/glob_spec.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "modules/fs/fs.h"
#include "modules/fs/glob_match.h"

static const char TYPE[] = "procrun.glob_spec";

/* Places come in their order, so one that is there already is the last or the last but one. */
static bool add(const GlobSpec *spec, GlobSet *set, uint32_t place)
{
  size_t n = glob_count(set);
  for (size_t i = n; i > 0 && i + 2 > n; i--)
    if (glob_at(set, i - 1) == place) return true;
  if (!buf_append(set, &place, sizeof place)) return false;
  GlobKind next = spec->parts[place + 1].kind; /* the end of a pattern is never added */
  if (spec->parts[place].kind != GLOB_ANY || next == GLOB_END || next == GLOB_END_DIR) return true;
  return add(spec, set, place + 1);
}

static bool is_end(const GlobPart *part)
{
  return part->kind == GLOB_END || part->kind == GLOB_END_DIR;
}

int glob_start(const GlobSpec *spec, bool absolute, GlobSet *set)
{
  int found = 0;
  bool begins = true;
  for (uint32_t i = 0; i < spec->count; i++) {
    const GlobPart *part = &spec->parts[i];
    bool root = part->kind == GLOB_ROOT;
    if (begins && root == absolute) {
      if (is_end(part + root))
        found = root ? GLOB_FOUND : 0;
      else if (!add(spec, set, i + root))
        return GLOB_NO_MEMORY;
    }
    begins = is_end(part);
  }
  return found;
}

static bool is_dots(const char *name)
{
  return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static bool takes(const GlobSpec *spec, const GlobPart *part, const char *name)
{
  if (part->kind == GLOB_NAME) return strcmp(part->text, name) == 0;
  if (is_dots(name)) return false;
  bool hidden = name[0] == '.' && !spec->dot;
  if (part->kind == GLOB_ANY) return !hidden;
  const char *text = part->text + (part->text[0] == '\\');
  if (hidden && text[0] != '.') return false;
  return glob_match(part->text, name, spec->fold);
}

int glob_step(const GlobSpec *spec, const GlobSet *set, const char *name, bool descend,
              GlobSet *inside)
{
  int found = 0;
  for (size_t i = 0; i < glob_count(set); i++) {
    uint32_t place = glob_at(set, i);
    const GlobPart *part = &spec->parts[place];
    if (!takes(spec, part, name)) continue;
    if (part->kind == GLOB_ANY && descend && inside && !add(spec, inside, place))
      return GLOB_NO_MEMORY;
    if (part[1].kind == GLOB_END)
      found |= GLOB_FOUND;
    else if (part[1].kind == GLOB_END_DIR)
      found |= GLOB_FOUND_DIR;
    else if (part->kind != GLOB_ANY && inside && !add(spec, inside, place + 1))
      return GLOB_NO_MEMORY;
  }
  return found;
}

/* Steps through the names of path, in which it puts NULs. */
static int match_names(const GlobSpec *spec, char *path, bool is_dir)
{
  GlobSet here = {0}, inside = {0};
  char *rest = path;
  int found = glob_start(spec, *path == '/', &here);
  for (char *name; found >= 0 && (name = strsep(&rest, "/"));) {
    if (*name == 0) continue;
    buf_truncate(&inside, 0);
    found = glob_step(spec, &here, name, true, &inside);
    GlobSet swap = here;
    here = inside;
    inside = swap;
  }
  buf_free(&here);
  buf_free(&inside);
  return found < 0 ? found : (found & GLOB_FOUND) || (is_dir && found & GLOB_FOUND_DIR);
}

GlobSpec *glob_spec_check(lua_State *L, int arg)
{
  return *(GlobSpec **)luaL_checkudata(L, arg, TYPE);
}

/* spec:match(path) -> boolean; a slash at the end: it is a directory */
static int l_match(lua_State *L)
{
  size_t size;
  const GlobSpec *spec = glob_spec_check(L, 1);
  const char *path = luaL_checklstring(L, 2, &size);
  bool is_dir = size > 0 && path[size - 1] == '/';
  char small[256], *copy = size < sizeof small ? small : lua_newuserdatauv(L, size + 1, 0);
  memcpy(copy, path, size + 1);
  int found = match_names(spec, copy, is_dir);
  if (found < 0) return luaL_error(L, "not enough memory");
  lua_pushboolean(L, found);
  return 1;
}

void glob_spec_unref(GlobSpec *spec)
{
  if (spec && --spec->refs == 0) free(spec);
}

static int l_gc(lua_State *L)
{
  GlobSpec **box = lua_touserdata(L, 1);
  glob_spec_unref(*box);
  *box = NULL;
  return 0;
}

static GlobSpec *new_spec(lua_State *L, size_t count, size_t bytes)
{
  GlobSpec **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  if (luaL_newmetatable(L, TYPE)) {
    static const luaL_Reg methods[] = {{"match", l_match}, {"__gc", l_gc}, {NULL, NULL}};
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
  }
  lua_setmetatable(L, -2);
  GlobSpec *spec = malloc(sizeof *spec + count * sizeof spec->parts[0] + bytes);
  if (spec == NULL) luaL_error(L, "not enough memory");
  spec->refs = 1;
  spec->count = (uint32_t)count;
  *box = spec;
  return spec;
}

/* glob_spec(parts, dot, fold) -> spec; parts: of all patterns in a row, each a letter (GlobKind) and
   what it stands for, the last of each pattern "e" or "d" */
static int l_glob_spec(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t count = lua_rawlen(L, 1), bytes = 0;
  for (size_t i = 1; i <= count; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, 1, (lua_Integer)i);
    bytes += lua_rawlen(L, -1) + 1;
  }
  GlobSpec *spec = new_spec(L, count, bytes);
  spec->dot = lua_toboolean(L, 2);
  spec->fold = lua_toboolean(L, 3);
  char *text = (char *)&spec->parts[count];
  for (size_t i = 0; i < count; i++, lua_pop(L, 1)) {
    size_t size;
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    const char *part = lua_tolstring(L, -1, &size);
    memcpy(text, part, size + 1);
    spec->parts[i] = (GlobPart){(GlobKind)text[0], text + 1};
    text += size + 1;
  }
  return 1;
}

const luaL_Reg fs_glob_functions[] = {{"glob_spec", l_glob_spec}, {NULL, NULL}};
