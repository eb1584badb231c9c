/* usage.c - what a process has used, as a table for scripts; see usage.h. */
#include "modules/process/usage.h"

#include <sys/time.h>

enum { BLOCK = 512 }; /* what ru_inblock counts */

#ifdef __APPLE__
enum { RSS_UNIT = 1 };
#else
enum { RSS_UNIT = 1024 };
#endif

static double seconds(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

Usage usage_of(const struct rusage *r)
{
  double user = seconds(r->ru_utime), system = seconds(r->ru_stime);
  return (Usage){.cpu = user + system,
                 .cpu_user = user,
                 .cpu_system = system,
                 .peak_rss = (long long)r->ru_maxrss * RSS_UNIT,
                 .minor_faults = r->ru_minflt,
                 .major_faults = r->ru_majflt,
                 .voluntary_switches = r->ru_nvcsw,
                 .involuntary_switches = r->ru_nivcsw,
                 .read_bytes = (long long)r->ru_inblock * BLOCK,
                 .write_bytes = (long long)r->ru_oublock * BLOCK};
}

static void set_number(lua_State *L, const char *key, double value)
{
  lua_pushnumber(L, value);
  lua_setfield(L, -2, key);
}

static void set_count(lua_State *L, const char *key, long long value)
{
  if (value < 0) return;
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

void usage_set(lua_State *L, const Usage *u)
{
  set_number(L, "cpu", u->cpu);
  set_number(L, "cpu_user", u->cpu_user);
  set_number(L, "cpu_system", u->cpu_system);
  set_count(L, "peak_rss", u->peak_rss);
  set_count(L, "minor_faults", u->minor_faults);
  set_count(L, "major_faults", u->major_faults);
  set_count(L, "voluntary_switches", u->voluntary_switches);
  set_count(L, "involuntary_switches", u->involuntary_switches);
  set_count(L, "read_bytes", u->read_bytes);
  set_count(L, "write_bytes", u->write_bytes);
}
