/* bundle.c - the files of a bundle as Lua sees them.
   local core = require "procrun.core.bundle"; local files = core.open(); files:find("main.lua") */
#include "modules/bundle/bundle.h"

#include <lauxlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "modules/bundle/stage.h"
#include "modules/modules.h"
#include "runtime/err.h"

static const char TYPE[] = "procrun.bundle.files";

static Bundle *check_files(lua_State *L)
{
  return luaL_checkudata(L, 1, TYPE);
}

static BundleFile check_file(lua_State *L)
{
  BundleFile file;
  lua_Integer number = luaL_checkinteger(L, 2);
  if (!bundle_file(check_files(L), (size_t)number, &file)) luaL_argerror(L, 2, "no such file");
  return file;
}

/* open([path]) -> files | nil, message, code: those behind this executable, or another one */
static int l_open(lua_State *L)
{
  const char *path = luaL_optstring(L, 1, NULL), *why;
  Bundle *b = lua_newuserdatauv(L, sizeof *b, 0);
  memset(b, 0, sizeof *b);
  luaL_setmetatable(L, TYPE);
  int r = bundle_open(b, path, &why);
  if (why == NULL && r == 0) return 1;
  if (why == NULL) return err_push(L, r, path ? "%s" : "cannot read its own file", path);
  lua_pushnil(L);
  lua_pushfstring(L, path ? "%s: %s" : "%s%s", path ? path : "", why);
  lua_pushliteral(L, "ENOEXEC");
  return 3;
}

static int l_close(lua_State *L)
{
  bundle_close(check_files(L));
  return 0;
}

/* files:find(name) -> number | nil */
static int l_find(lua_State *L)
{
  size_t size;
  BundleFile file;
  const Bundle *b = check_files(L);
  const char *name = luaL_checklstring(L, 2, &size);
  size_t number = bundle_search(b, name, size);
  if (!bundle_file(b, number, &file)) return 0;
  if (file.name_size != size || memcmp(file.name, name, size) != 0) return 0;
  lua_pushinteger(L, (lua_Integer)number);
  return 1;
}

/* files:first(name) -> the number of the first file whose name is not less */
static int l_first(lua_State *L)
{
  size_t size;
  const char *name = luaL_checklstring(L, 2, &size);
  lua_pushinteger(L, (lua_Integer)bundle_search(check_files(L), name, size));
  return 1;
}

/* files:entry(number) -> name, size, is executable | nil */
static int l_entry(lua_State *L)
{
  BundleFile file;
  if (!bundle_file(check_files(L), (size_t)luaL_checkinteger(L, 2), &file)) return 0;
  lua_pushlstring(L, file.name, file.name_size);
  lua_pushinteger(L, (lua_Integer)file.size);
  lua_pushboolean(L, file.executable);
  return 3;
}

/* files:main() -> the number of the first script */
static int l_main(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)check_files(L)->main);
  return 1;
}

static int push_damaged(lua_State *L, const BundleFile *file)
{
  lua_pushnil(L);
  lua_pushlstring(L, file->name, file->name_size);
  lua_pushliteral(L, ": damaged in this bundle: copy or download it again");
  lua_concat(L, 2);
  lua_pushliteral(L, "EIO");
  return 3;
}

/* files:read(number) -> bytes | nil, message, code */
static int l_read(lua_State *L)
{
  BundleFile file = check_file(L);
  if (!bundle_is_whole(&file)) return push_damaged(L, &file);
  lua_pushlstring(L, (const char *)file.bytes, file.size);
  return 1;
}

/* files:check(number) -> true | nil, message, code */
static int l_check(lua_State *L)
{
  BundleFile file = check_file(L);
  if (!bundle_is_whole(&file)) return push_damaged(L, &file);
  lua_pushboolean(L, 1);
  return 1;
}

/* As luaL_loadfile: a byte order mark is left out, and of a first line with # all but its end. */
static void skip_comment(BundleFile *file)
{
  if (file->size >= 3 && memcmp(file->bytes, "\xef\xbb\xbf", 3) == 0) {
    file->bytes += 3;
    file->size -= 3;
  }
  if (file->size == 0 || file->bytes[0] != '#') return;
  const unsigned char *end = memchr(file->bytes, '\n', file->size);
  size_t skipped = end ? (size_t)(end - file->bytes) : file->size;
  file->bytes += skipped;
  file->size -= skipped;
}

/* files:load(number, chunk name) -> function | nil, message, [code]: text only */
static int l_load(lua_State *L)
{
  BundleFile file = check_file(L);
  const char *chunk = luaL_checkstring(L, 3);
  if (!bundle_is_whole(&file)) return push_damaged(L, &file);
  skip_comment(&file);
  if (luaL_loadbufferx(L, (const char *)file.bytes, file.size, chunk, "t") == LUA_OK) return 1;
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

/* files:line(number, position, keep the end) -> line, next position | nil: positions begin at 0 */
static int l_line(lua_State *L)
{
  BundleFile file = check_file(L);
  size_t at = (size_t)luaL_checkinteger(L, 3);
  if (at >= file.size) return 0;
  const unsigned char *line = file.bytes + at, *end = memchr(line, '\n', file.size - at);
  size_t size = end ? (size_t)(end - line) : file.size - at;
  lua_pushlstring(L, (const char *)line, size + (end && lua_toboolean(L, 4)));
  lua_pushinteger(L, (lua_Integer)(at + size + (end != NULL)));
  return 2;
}

/* files:stage(number, in memory) -> path, descriptor to be closed | nil, message, code: the file where a
   library can be loaded from. Without a descriptor it is to be removed. */
static int l_stage(lua_State *L)
{
  char path[2048];
  BundleFile file = check_file(L);
  if (!bundle_is_whole(&file)) return push_damaged(L, &file);
  bool in_memory = lua_toboolean(L, 3);
  int r = (in_memory ? stage_in_memory : stage_in_file)(file.bytes, file.size, path, sizeof path);
  if (r < 0) return err_push(L, r, "%s", in_memory ? "a file in memory" : path);
  lua_pushstring(L, path);
  if (!in_memory) return 1;
  lua_pushinteger(L, r);
  return 2;
}

/* close(descriptor): of stage */
static int l_close_staged(lua_State *L)
{
  close((int)luaL_checkinteger(L, 1));
  return 0;
}

/* sum(sum, bytes) -> sum; see bundle_sum */
static int l_sum(lua_State *L)
{
  size_t size;
  const char *bytes = luaL_checklstring(L, 2, &size);
  lua_pushinteger(L, (lua_Integer)bundle_sum((uint64_t)luaL_checkinteger(L, 1), bytes, size));
  return 1;
}

/* magic() -> what a slot begins with. It stands in the executable once, so not in Lua's text. */
static int l_magic(lua_State *L)
{
  char magic[sizeof bundle_slot.magic];
  for (size_t i = 0; i < sizeof magic; i++) magic[i] = (char)bundle_slot.magic[i];
  lua_pushlstring(L, magic, sizeof magic);
  return 1;
}

/* is_here() -> boolean: is this executable a bundle? */
static int l_is_here(lua_State *L)
{
  lua_pushboolean(L, bundle_is_here());
  return 1;
}

/* takes_arguments() -> boolean: all that it is started with */
static int l_takes_arguments(lua_State *L)
{
  lua_pushboolean(L, bundle_takes_arguments());
  return 1;
}

int luaopen_procrun_core_bundle(lua_State *L)
{
  static const luaL_Reg methods[] = {{"find", l_find},   {"first", l_first}, {"entry", l_entry},
                                     {"main", l_main},   {"read", l_read},   {"check", l_check},
                                     {"load", l_load},   {"line", l_line},   {"stage", l_stage},
                                     {"close", l_close}, {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"open", l_open},   {"close", l_close_staged}, {"sum", l_sum},
      {"magic", l_magic}, {"is_here", l_is_here},    {"takes_arguments", l_takes_arguments},
      {NULL, NULL}};
  if (luaL_newmetatable(L, TYPE)) {
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, l_close);
    lua_setfield(L, -2, "__gc");
  }
  luaL_newlib(L, functions);
  return 1;
}
