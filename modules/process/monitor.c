/* monitor.c - processes for Lua: what they are and what they use; see procinfo.h.
   local core = require "procrun.core.monitor" */
#include "modules/process/monitor.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/process/procinfo.h"
#include "runtime/err.h"
#include "runtime/opt.h"

#define LIST "procrun.process_list"

enum { INFO_FIELDS = 32 }; /* at most: one more would double the table */

static void set_integer(lua_State *L, const char *key, long long value)
{
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

static void set_text(lua_State *L, const char *key, const char *text, size_t size)
{
  if (size == 0) return;
  lua_pushlstring(L, text, size);
  lua_setfield(L, -2, key);
}

/* The kernel's words. */
static const char *state_name(char state)
{
  static const char *const names[] = {"Rrunning",      "Ssleeping", "Ddisk sleep", "Tstopped",
                                      "ttracing stop", "Zzombie",   "Iidle",       "Pparked",
                                      "Xdead",         "xdead"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i][0] == state) return names[i] + 1;
  return "unknown";
}

static void set_state(lua_State *L, char state)
{
  set_text(L, "state", &state, 1);
  lua_pushstring(L, state_name(state));
  lua_setfield(L, -2, "state_name");
}

static void set_children(lua_State *L, const ProcLook *look)
{
  lua_createtable(L, (int)look->count, 0);
  for (size_t i = 0; i < look->count; i++) {
    lua_pushinteger(L, look->pids[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "children");
}

/* What `usage` tells, and `info`, too. */
static void set_used(lua_State *L, const ProcInfo *info)
{
  usage_set(L, &info->usage);
  set_integer(L, "rss", info->rss);
  set_integer(L, "threads", info->threads);
  set_state(L, info->state);
}

#ifdef __linux__
static double clock_seconds(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The difference of the two clocks is asked once, so that two looks at one process agree. */
static void set_start(lua_State *L, unsigned long long ticks)
{
  static double boot;
  if (boot == 0) boot = clock_seconds(CLOCK_REALTIME) - clock_seconds(CLOCK_BOOTTIME);
  double start = (double)ticks / (double)sysconf(_SC_CLK_TCK);
  double age = clock_seconds(CLOCK_BOOTTIME) - start;
  lua_pushnumber(L, boot + start);
  lua_setfield(L, -2, "started");
  lua_pushnumber(L, age > 0 ? age : 0);
  lua_setfield(L, -2, "seconds");
}
#else
static void set_start(lua_State *L, unsigned long long ticks)
{
  (void)L, (void)ticks;
}
#endif

/* A program that has written a title over its arguments leaves an end of empty ones. */
static size_t words_size(const char *text, size_t size)
{
  size_t first = strnlen(text, size) + 1, i = first;
  while (i < size && text[i] == '\0') i++;
  return i == size && size > first + 1 ? first : size;
}

static void set_words(lua_State *L, const char *text, size_t size)
{
  size = words_size(text, size);
  lua_newtable(L);
  for (lua_Integer i = 1; size > 0; i++) {
    size_t n = strnlen(text, size), step = n < size ? n + 1 : n;
    lua_pushlstring(L, text, n);
    lua_rawseti(L, -2, i);
    text += step;
    size -= step;
  }
  lua_setfield(L, -2, "argv");
}

/* Its children stand in the list's look. */
static void push_info(lua_State *L, const ProcList *list, const ProcInfo *info)
{
  const char *text = list->text.data;
  lua_createtable(L, 0, INFO_FIELDS);
  set_integer(L, "pid", info->pid);
  set_integer(L, "ppid", info->ppid);
  set_integer(L, "pgid", info->pgid);
  set_integer(L, "sid", info->sid);
  set_integer(L, "uid", info->uid);
  set_integer(L, "gid", info->gid);
  set_integer(L, "nice", info->nice);
  set_integer(L, "vsize", info->vsize);
  set_text(L, "name", info->name, strlen(info->name));
  set_text(L, "tty", info->tty, strlen(info->tty));
  if (text) {
    set_text(L, "user", text + info->user.at, info->user.size);
    set_text(L, "exe", text + info->exe.at, info->exe.size);
  }
  set_words(L, text ? text + info->argv.at : "", info->argv.size);
  set_used(L, info);
  set_start(L, info->start);
  set_children(L, &list->look);
}

/* __close and __gc of a list */
static int l_free(lua_State *L)
{
  procinfo_free(lua_touserdata(L, 1));
  return 0;
}

static ProcList *push_list(lua_State *L)
{
  ProcList *list = lua_newuserdatauv(L, sizeof *list, 0);
  *list = (ProcList){0};
  if (luaL_newmetatable(L, LIST)) {
    lua_pushcfunction(L, l_free);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, l_free);
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
  return list;
}

static pid_t check_pid(lua_State *L, int arg)
{
  lua_Integer pid = luaL_checkinteger(L, arg);
  return pid > 0 && pid <= INT_MAX ? (pid_t)pid : 0; /* nobody has that number */
}

static int fail(lua_State *L, int r, const char *what, lua_Integer pid)
{
  if (r == UV_ESRCH) return err_push(L, r, "%s: process %I", what, pid);
  return err_push(L, r, "%s: /proc", what);
}

/* usage(pid) -> table | nil, message, code */
static int l_usage(lua_State *L)
{
  pid_t pid = check_pid(L, 1);
  ProcList *list = push_list(L);
  lua_toclose(L, -1);
  int r = procinfo_usage(list, pid);
  if (r < 0) return fail(L, r, "usage", pid);
  lua_createtable(L, 0, 16);
  set_used(L, list->infos);
  set_children(L, &list->look);
  return 1;
}

/* What getrusage counts goes before: /proc counts time by ticks. But its peak of memory counts what
   this process was before it became a procrun. */
static void set_own(lua_State *L, const ProcList *list)
{
  struct rusage rusage;
  getrusage(RUSAGE_SELF, &rusage);
  Usage usage = usage_of(&rusage);
  if (list->count > 0) {
    usage.peak_rss = list->infos->usage.peak_rss;
    set_used(L, list->infos);
    set_children(L, &list->look);
  } else {
    size_t rss = 0;
    if (uv_resident_set_memory(&rss) == 0) set_integer(L, "rss", (long long)rss);
  }
  usage_set(L, &usage);
}

/* own_usage() -> table */
static int l_own_usage(lua_State *L)
{
  ProcList *list = push_list(L);
  lua_toclose(L, -1);
  if (procinfo_usage(list, getpid()) < 0) procinfo_free(list);
  lua_createtable(L, 0, 16);
  set_own(L, list);
  return 1;
}

typedef struct Look {
  Req req;
  ProcList list;
  ProcFilter filter;
  lua_Integer asked; /* info: the one */
  pid_t pid;
  int error;
} Look;

static void release(Req *req)
{
  Look *look = (Look *)req;
  procinfo_free(&look->list);
  free(look->filter.name);
  free(look->filter.user);
}

static void look_at_one(Req *req)
{
  Look *look = (Look *)req;
  look->error = procinfo_one(&look->list, look->pid);
}

static int push_one(lua_State *L, Req *req)
{
  Look *look = (Look *)req;
  if (look->error) return fail(L, look->error, "info", look->asked);
  push_info(L, &look->list, look->list.infos);
  return 1;
}

/* info(pid) -> table | nil, message, code */
static int l_info(lua_State *L)
{
  static const ReqType type = {"/proc", look_at_one, push_one, release};
  pid_t pid = check_pid(L, 1);
  Look *look = req_new(L, sizeof *look, &type);
  look->asked = lua_tointeger(L, 1);
  look->pid = pid;
  return req_run(L, &look->req);
}

static void look_at_all(Req *req)
{
  Look *look = (Look *)req;
  look->error = procinfo_list(&look->list, &look->filter, &req->dropped);
}

static int push_all(lua_State *L, Req *req)
{
  Look *look = (Look *)req;
  if (look->error) return err_push(L, look->error, "list: /proc");
  ProcList *list = push_list(L);
  *list = look->list;
  look->list = (ProcList){0};
  lua_pushinteger(L, (lua_Integer)list->count);
  return 2;
}

/* A copy of a string field, or NULL. */
static char *copy_field(lua_State *L, const char *key)
{
  const char *text = opt_string(L, 1, key);
  if (text == NULL) return NULL;
  char *copy = strdup(text);
  if (copy == NULL) luaL_error(L, "not enough memory");
  return copy;
}

/* list(filter) -> list, count | nil, message, code */
static int l_list(lua_State *L)
{
  static const ReqType type = {"/proc", look_at_all, push_all, release};
  luaL_checktype(L, 1, LUA_TTABLE);
  const char *state = opt_string(L, 1, "state");
  Look *look = req_new(L, sizeof *look, &type);
  look->filter = (ProcFilter){.ppid = opt_integer(L, 1, "ppid", -1),
                              .pgid = opt_integer(L, 1, "pgid", -1),
                              .sid = opt_integer(L, 1, "sid", -1),
                              .uid = opt_integer(L, 1, "uid", -1),
                              .gid = opt_integer(L, 1, "gid", -1),
                              .state = state ? *state : '\0'};
  look->filter.name = copy_field(L, "name");
  look->filter.user = copy_field(L, "user");
  return req_run(L, &look->req);
}

/* entry(list, index) -> table */
static int l_entry(lua_State *L)
{
  ProcList *list = luaL_checkudata(L, 1, LIST);
  lua_Integer i = luaL_checkinteger(L, 2);
  luaL_argcheck(L, i >= 1 && (size_t)i <= list->count, 2, "no such entry");
  const ProcInfo *info = &list->infos[i - 1];
  procfs_find(&list->look, info->pid);
  push_info(L, list, info);
  return 1;
}

/* pause(): other tasks have a turn, where the caller can wait */
static int l_pause(lua_State *L)
{
  return task_can_wait(L) ? task_pause(L) : 0;
}

int luaopen_procrun_core_monitor(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"usage", l_usage}, {"own_usage", l_own_usage}, {"info", l_info},           {"list", l_list},
      {"entry", l_entry}, {"pause", l_pause},         {"system", monitor_system}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
