/* limit.c - the limits of a child as rlimits, or by its cgroup; see limit.h. */
#include "modules/process/limit.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/opt.h"
#include "runtime/rt.h"

/* Linux counts in RLIMIT_DATA all private memory that can be written, mmap included: what is really
   used up; address space, which some programs reserve by the terabyte, would say little. Elsewhere
   malloc escapes it. */
#ifdef __linux__
enum { MEMORY = RLIMIT_DATA };
#else
enum { MEMORY = RLIMIT_AS };
#endif

static const struct {
  const char *name, *step;
  int resource;
  unsigned cgroup; /* the controller that does it better */
} kinds[LIMIT_KINDS] = {
    {"cpu", "limits: cpu", RLIMIT_CPU, 0},
    {"memory", "limits: memory", MEMORY, CGROUP_MEMORY},
    {"file_size", "limits: file_size", RLIMIT_FSIZE, 0},
    {"core", "limits: core", RLIMIT_CORE, 0},
    {"files", "limits: files", RLIMIT_NOFILE, 0},
    {"processes", "limits: processes", RLIMIT_NPROC, CGROUP_PROCESSES},
};

#ifdef __GLIBC__
typedef enum __rlimit_resource Resource;
#else
typedef int Resource;
#endif

/* No limit is as much as we may have. The soft limit of processor time asks (SIGXCPU), the hard one
   kills, a second later. */
static struct rlimit limit_of(int resource, lua_Integer value)
{
  struct rlimit limit = {(rlim_t)value, (rlim_t)value}, ours = {RLIM_INFINITY, RLIM_INFINITY};
  getrlimit((Resource)resource, &ours);
  if (value == LIMIT_NONE) return (struct rlimit){ours.rlim_max, ours.rlim_max};
  if (resource == RLIMIT_CPU && limit.rlim_max != ours.rlim_max) limit.rlim_max++;
  return limit;
}

/* The value of a kind, if the table has it. */
static bool has(lua_State *L, int table, const char *name, lua_Integer *value)
{
  bool found = lua_getfield(L, table, name) != LUA_TNIL;
  lua_pop(L, 1);
  if (found) *value = opt_integer(L, table, name, 0);
  return found;
}

static unsigned for_cgroup(lua_State *L, int table)
{
  unsigned wanted = 0;
  lua_Integer value;
  for (int i = 0; i < LIMIT_KINDS; i++)
    if (kinds[i].cgroup != 0 && has(L, table, kinds[i].name, &value)) wanted |= kinds[i].cgroup;
  return wanted;
}

/* The tree is found by its cgroup, then the child may die at once; without one by the child, which
   has to live until the guard has seen whose parent it is. */
static int set_guard(lua_State *L, LaunchSpec *spec, GuardRecord *record, Cgroup **cgroup)
{
  int r = guard_open(&rt_get(L)->loop);
  if (r < 0) return r;
  if (*cgroup == NULL) *cgroup = cgroup_new(0);
  spec->guard = r;
  spec->record = record;
  memset(record, 0, sizeof *record);
  bool fits = *cgroup != NULL && strlen(cgroup_path(*cgroup)) < sizeof record->cgroup;
  if (fits) strcpy(record->cgroup, cgroup_path(*cgroup));
  spec->death_signal = fits ? SIGKILL : 0;
  return 0;
}

static int read_table(lua_State *L, int table, LaunchSpec *spec, Confinement *room, Cgroup **cgroup,
                      const char **step)
{
  int r = 0;
  lua_Integer value;
  unsigned wanted = for_cgroup(L, table);
  for (unsigned set = wanted; set != 0 && *cgroup == NULL; set = (set - 1) & wanted)
    *cgroup = cgroup_new(set); /* all that is wanted, else a part of it */
  *step = "autokill";
  if (opt_flag(L, table, "tree")) r = set_guard(L, spec, &room->record, cgroup);
  spec->limits = room->limits;
  for (int i = 0; i < LIMIT_KINDS && r == 0; i++) {
    if (!has(L, table, kinds[i].name, &value)) continue;
    *step = kinds[i].step;
    if (cgroup_has(*cgroup, kinds[i].cgroup))
      r = cgroup_limit(*cgroup, kinds[i].cgroup, value);
    else
      room->limits[spec->limit_count++] = (LaunchLimit){.resource = kinds[i].resource,
                                                        .limit = limit_of(kinds[i].resource, value),
                                                        .step = kinds[i].step};
  }
  if (*cgroup != NULL) spec->cgroup = cgroup_procs(*cgroup);
  spec->set_nice = has(L, table, "nice", &value);
  if (spec->set_nice) spec->nice = (int)value;
  return r;
}

int limit_read(lua_State *L, int plan, LaunchSpec *spec, Confinement *room, Cgroup **cgroup,
               const char **step)
{
  int r = 0;
  if (lua_getfield(L, plan, "limits") != LUA_TNIL)
    r = read_table(L, lua_gettop(L), spec, room, cgroup, step);
  lua_pop(L, 1);
  return r;
}

#ifdef __linux__
static int set_rlimit(pid_t pid, int resource, struct rlimit limit)
{
  return prlimit(pid, (Resource)resource, &limit, NULL) == 0 ? 0 : -errno;
}
#else
static int set_rlimit(pid_t pid, int resource, struct rlimit limit)
{
  (void)pid;
  (void)resource;
  (void)limit;
  return UV_ENOTSUP;
}
#endif

/* Of each thread: to the kernel the number of a process is that of its first one. */
static int set_nice(pid_t pid, int nice)
{
  char path[32];
  snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
  if (setpriority(PRIO_PROCESS, (id_t)pid, nice) != 0) return -errno;
  DIR *threads = opendir(path);
  if (threads == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(threads)) != NULL;)
    if (atoi(entry->d_name) > 0) setpriority(PRIO_PROCESS, (id_t)atoi(entry->d_name), nice);
  closedir(threads);
  return 0;
}

static int apply_one(pid_t pid, Cgroup *cgroup, int i, lua_Integer value)
{
  if (cgroup_has(cgroup, kinds[i].cgroup)) return cgroup_limit(cgroup, kinds[i].cgroup, value);
  return set_rlimit(pid, kinds[i].resource, limit_of(kinds[i].resource, value));
}

int limit_apply(lua_State *L, int table, pid_t pid, Cgroup *cgroup, const char **step)
{
  lua_Integer value;
  for (int i = 0; i < LIMIT_KINDS; i++) {
    if (!has(L, table, kinds[i].name, &value)) continue;
    *step = kinds[i].name;
    int r = apply_one(pid, cgroup, i, value);
    if (r < 0) return r;
  }
  *step = "nice";
  if (!has(L, table, "nice", &value)) return 0;
  return set_nice(pid, (int)value);
}
