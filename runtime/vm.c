/* vm.c - the Lua state: libraries as procrun changes them, and the modules built in.
   local vm = require "procrun.core.vm": builtin, rooms, hooks, exit, collect, dir_of, process (the table
   of that global), script_dir (set by boot.lua; nil for -e and standard input). */
#include "runtime/vm.h"

#include <limits.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/adopt.h"
#include "runtime/embed.h"
#include "runtime/exit.h"
#include "runtime/heap.h"
#include "runtime/pace.h"
#include "runtime/protect.h"
#include "runtime/task.h"

static const char HOOKS[] = "procrun.hooks";

static int compare(const void *name, const void *entry)
{
  return strcmp(name, ((const Embedded *)entry)->name);
}

void vm_push_builtin(lua_State *L, const char *name)
{
  for (const luaL_Reg *r = rt_get(L)->core; r->name; r++) {
    if (strcmp(r->name, name) != 0) continue;
    lua_pushcfunction(L, r->func);
    return;
  }
  const Embedded *e = bsearch(name, embedded, embedded_count, sizeof *embedded, compare);
  if (e == NULL)
    lua_pushnil(L);
  else if (luaL_loadbufferx(L, (const char *)e->bytes, e->size, name, "b") != LUA_OK)
    lua_error(L);
  if (e == NULL) return;
  vm_push_hook(L, "globals"); /* own_globals.lua */
  if (lua_isnil(L, -1))
    lua_pop(L, 1);
  else
    lua_setupvalue(L, -2, 1);
}

void vm_push_hook(lua_State *L, const char *name)
{
  lua_getfield(L, LUA_REGISTRYINDEX, HOOKS);
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

/* builtin(name) -> loader | nil */
static int l_builtin(lua_State *L)
{
  vm_push_builtin(L, luaL_checkstring(L, 1));
  return 1;
}

/* rooms() -> names of the built-in modules */
static int l_rooms(lua_State *L)
{
  static const char prefix[] = "procrun.";
  lua_newtable(L);
  for (size_t i = 0; i < embedded_count; i++) {
    const char *name = embedded[i].name + strlen(prefix);
    if (strchr(name, '.')) continue;
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  return 1;
}

/* exit([code]): as os.exit: true, false or a number. Unwinds the calling task. */
static int l_exit(lua_State *L)
{
  Runtime *rt = rt_get(L);
  int code = rt->exit_code;
  if (lua_isboolean(L, 1))
    code = lua_toboolean(L, 1) ? EXIT_SUCCESS : EXIT_FAILURE;
  else if (!lua_isnoneornil(L, 1))
    code = (int)luaL_checkinteger(L, 1);
  code &= 0xff;
  if (!rt->exiting || rt->unwound) rt->exit_code = code;
  exit_begin(rt, code, 0);
  /* In a callback on the main state the C library would catch what is raised: as lua's os.exit. */
  if (rt->forked || (L == rt->L && rt->current)) rt->exit_now(rt);
  Task *t = rt->current;
  if (t) return scope_raise(L, &t->root);
  return 0;
}

/* exit_code([code]) -> code: what a natural end will return */
static int l_exit_code(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (!lua_isnone(L, 1)) rt->exit_code = (int)(luaL_checkinteger(L, 1) & 0xff);
  lua_pushinteger(L, rt->exit_code);
  return 1;
}

/* exit_timeout([seconds]) -> seconds without progress before an exit gives up its flushes */
static int l_exit_timeout(lua_State *L)
{
  Runtime *rt = rt_get(L);
  if (!lua_isnone(L, 1)) rt->exit_timeout = luaL_checknumber(L, 1);
  lua_pushnumber(L, rt->exit_timeout);
  return 1;
}

/* collect(): the collector starts */
static int l_collect(lua_State *L)
{
  pace_start(L);
  return 0;
}

/* A binary chunk can crash the interpreter: text, unless the script asks for more by name. */
static int l_load(lua_State *L)
{
  if (!lua_isstring(L, 1)) luaL_checktype(L, 1, LUA_TFUNCTION); /* so that it names `load` */
  if (lua_gettop(L) < 3) lua_settop(L, 3);
  if (lua_isnil(L, 3)) {
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
  }
  int results = lua_tocfunction(L, lua_upvalueindex(1))(L);
  if (scope_is_cancel(L, -1)) return lua_error(L); /* os.exit in the reader function */
  return results;
}

static int l_loadfile(lua_State *L)
{
  luaL_optstring(L, 1, NULL);
  if (lua_gettop(L) < 2) lua_settop(L, 2);
  if (lua_isnil(L, 2)) {
    lua_pushliteral(L, "t");
    lua_replace(L, 2);
  }
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int end_dofile(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  return lua_gettop(L) - 1;
}

static int l_dofile(lua_State *L)
{
  const char *name = luaL_optstring(L, 1, NULL);
  lua_settop(L, 1);
  if (luaL_loadfilex(L, name, "t") != LUA_OK) return lua_error(L);
  lua_callk(L, 0, LUA_MULTRET, 0, end_dofile);
  return end_dofile(L, LUA_OK, 0);
}

static void wrap_global(lua_State *L, const char *name, lua_CFunction f)
{
  lua_getglobal(L, name);
  lua_pushcclosure(L, f, 1);
  lua_setglobal(L, name);
}

/* dir_of(script) -> the folder it is in: of a symbolic link that of the file it leads to, where its modules
   and workers are. */
static int l_dir_of(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  char first, real[PATH_MAX];
  if (readlink(path, &first, 1) >= 0 && realpath(path, real)) path = real;
  const char *slash = strrchr(path, '/');
  if (slash)
    lua_pushlstring(L, path, slash == path ? 1 : (size_t)(slash - path));
  else
    lua_pushliteral(L, ".");
  return 1;
}

static int open_core_vm(lua_State *L)
{
  static const luaL_Reg functions[] = {{"builtin", l_builtin},
                                       {"rooms", l_rooms},
                                       {"exit", l_exit},
                                       {"exit_code", l_exit_code},
                                       {"exit_timeout", l_exit_timeout},
                                       {"collect", l_collect},
                                       {"dir_of", l_dir_of},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, HOOKS);
  lua_setfield(L, -2, "hooks");
  lua_newtable(L);
  lua_setfield(L, -2, "process");
  return 1;
}

static void open_libraries(lua_State *L)
{
  luaL_openlibs(L);
  coro_define(L);
  protect_define(L);
  pace_define(L);
  wrap_global(L, "load", l_load);
  wrap_global(L, "loadfile", l_loadfile);
  lua_register(L, "dofile", l_dofile);
  luaL_requiref(L, "procrun.core.vm", open_core_vm, 0);
  lua_pop(L, 1);
  lua_getglobal(L, "os");
  lua_pushcfunction(L, l_exit);
  lua_setfield(L, -2, "exit");
  lua_pop(L, 1);
}

/* A callback on the main state that a C library has called without protection: lua.c would end, too. */
static int on_panic(lua_State *L)
{
  Runtime *rt = rt_get(L);
  const char *text = lua_tostring(L, -1);
  fprintf(stderr, "procrun: error outside of any task: %s\n", text ? text : luaL_typename(L, -1));
  if (rt->current == NULL) return 0;
  rt->exit_code = EXIT_FAILURE;
  rt->exit_now(rt);
  return 0;
}

static void on_warning(void *ud, const char *message, int to_continue);

static void write_warning(void *ud, const char *message, int to_continue)
{
  lua_State *L = ud;
  fputs(message, stderr);
  if (to_continue) {
    lua_setwarnf(L, write_warning, L);
  } else {
    fputc('\n', stderr);
    lua_setwarnf(L, on_warning, L);
  }
}

/* As lua.c's: "@on" and "@off" switch; off at the start. */
static void on_warning(void *ud, const char *message, int to_continue)
{
  lua_State *L = ud;
  Runtime *rt = rt_get(L);
  if (!to_continue && message[0] == '@') {
    if (strcmp(message, "@on") == 0) rt->warnings = true;
    if (strcmp(message, "@off") == 0) rt->warnings = false;
    return;
  }
  if (!rt->warnings) return;
  fputs("Lua warning: ", stderr);
  write_warning(ud, message, to_continue);
}

static void *allocate(void *ud, void *block, size_t old_size, size_t size)
{
  Adopt *adopt = &((Runtime *)ud)->adopt;
  if (adopt->block && block == NULL && adopt->size == size) return adopt_take(adopt);
  /* A userdata may hold what a C module wants aligned to 16 bytes, as malloc does it. */
  if (block == NULL && old_size == LUA_TUSERDATA) return malloc(size);
  return heap_resize(block, old_size, size);
}

static jmp_buf finalized;

/* The first object with a finalizer is the last to be finalized: when the state is closed, what is left
   then is memory. It goes with the process, instead of piece by piece. */
static int on_last(lua_State *L)
{
#ifdef PROCRUN_SANITIZE
  (void)L; /* what nobody frees is a leak there */
#else
  if (rt_get(L)->closing) longjmp(finalized, 1);
#endif
  return 0;
}

void vm_at_close(lua_State *L, lua_CFunction f)
{
  const void *key = (const void *)(uintptr_t)f;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TNIL) {
    lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, f);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  }
  lua_pop(L, 1);
}

void vm_close(Runtime *rt)
{
  rt->closing = true;
  if (setjmp(finalized) == 0) lua_close(rt->L);
}

bool vm_open(Runtime *rt, const luaL_Reg *core, bool no_env)
{
  lua_State *L = lua_newstate(allocate, rt);
  if (L == NULL) return false;
  *(Runtime **)lua_getextraspace(L) = rt;
  rt->L = L;
  rt->core = core;
  lua_atpanic(L, on_panic);
  lua_setwarnf(L, on_warning, L);
  if (no_env) {
    lua_pushboolean(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
  }
  vm_at_close(L, on_last);
  pace_open(L);
  open_libraries(L);
  return true;
}
