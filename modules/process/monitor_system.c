/* monitor_system.c - the machine for Lua: processors, load, memory, names; see sysinfo.h. */
#include <unistd.h>

#include "modules/process/monitor.h"
#include "modules/process/sysinfo.h"
#include "runtime/err.h"

typedef struct Look {
  Req req;
  SysInfo info;
  int error;
} Look;

static void look(Req *req)
{
  Look *l = (Look *)req;
  l->error = sysinfo_read(&l->info);
}

static void release(Req *req)
{
  sysinfo_free(&((Look *)req)->info);
}

static void set_number(lua_State *L, const char *key, double value)
{
  if (value < 0) return;
  lua_pushnumber(L, value);
  lua_setfield(L, -2, key);
}

static void set_bytes(lua_State *L, const char *key, long long value)
{
  if (value < 0) return;
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

static void push_cpu(lua_State *L, const SysCpu *cpu)
{
  static const char *const names[CPU_FIELDS] = {"user",   "nice", "system",  "idle",
                                                "iowait", "irq",  "softirq", "steal"};
  lua_createtable(L, 0, CPU_FIELDS);
  for (int i = 0; i < CPU_FIELDS; i++) set_number(L, names[i], cpu->seconds[i]);
}

static void set_memory(lua_State *L, const SysMemory *m)
{
  long long rest = m->available < 0 ? m->free : m->available;
  lua_createtable(L, 0, 6);
  set_bytes(L, "total", m->total);
  set_bytes(L, "free", m->free);
  set_bytes(L, "available", m->available);
  set_bytes(L, "cached", m->cached);
  set_bytes(L, "used", m->total < 0 ? -1 : m->total - rest);
  set_bytes(L, "limit", m->limit);
  lua_setfield(L, -2, "memory");
  lua_createtable(L, 0, 3);
  set_bytes(L, "total", m->swap_total);
  set_bytes(L, "free", m->swap_free);
  set_bytes(L, "used", m->swap_total < 0 ? -1 : m->swap_total - m->swap_free);
  lua_setfield(L, -2, "swap");
}

static void set_cpus(lua_State *L, const SysInfo *info)
{
  set_bytes(L, "cores", info->usable);
  set_bytes(L, "cores_online", info->online);
  set_number(L, "cores_limit", info->quota);
  push_cpu(L, &info->total);
  lua_setfield(L, -2, "cpu");
  lua_createtable(L, (int)info->cpu_count, 0);
  for (size_t i = 0; i < info->cpu_count; i++) {
    push_cpu(L, &info->cpus[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "cpus");
  lua_createtable(L, 3, 0);
  for (int i = 0; i < 3; i++) {
    lua_pushnumber(L, info->load[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "load");
}

static void set_text(lua_State *L, const char *key, const char *text)
{
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

static void set_names(lua_State *L)
{
  uv_utsname_t names;
  char host[UV_MAXHOSTNAMESIZE];
  size_t size = sizeof host;
  if (uv_os_uname(&names) == 0) {
    set_text(L, "os", names.sysname);
    set_text(L, "release", names.release);
    set_text(L, "version", names.version);
    set_text(L, "machine", names.machine);
  }
  if (uv_os_gethostname(host, &size) == 0) set_text(L, "hostname", host);
}

static int push(lua_State *L, Req *req)
{
  Look *l = (Look *)req;
  if (l->error) return err_push(L, l->error, "system");
  lua_createtable(L, 0, 16);
  set_cpus(L, &l->info);
  set_memory(L, &l->info.memory);
  set_number(L, "uptime", l->info.uptime);
  set_number(L, "boot_time", l->info.boot_time);
  set_names(L);
  return 1;
}

int monitor_system(lua_State *L)
{
  static const ReqType type = {"the facts of the machine", look, push, release};
  Look *l = req_new(L, sizeof *l, &type);
  return req_run(L, &l->req);
}
