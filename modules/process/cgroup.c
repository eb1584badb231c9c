/* cgroup.c - cgroups of children: where one may be made, its limits, its members, its end; see
   cgroup.h.

   We stay where we are. A cgroup that holds processes cannot give controllers to those below it,
   unless it is the root; so those with limits stand beside our own, in a parent that holds none and
   that we may write to (a delegated one), provided that our own has no limits, which the child would
   escape. Without controllers a cgroup may stand in our own. */
#include "modules/process/cgroup.h"

#ifdef __linux__
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/process/cgroup_file.h"
#include "modules/process/procfs.h"

static const char PREFIX[] = "procrun-"; /* then our pid, its start, and a number */

enum { BETWEEN_SWEEPS = 32 }; /* and as many as there were */

struct Cgroup {
  unsigned controllers;
  bool ended; /* the sweep may take it, once it is empty */
  const char *struck;
  char *path, *procs;
  Cgroup **at, *next; /* all that are in use */
};

static Cgroup *in_use;

static const struct {
  unsigned bit;
  const char *name;
} names[] = {{CGROUP_MEMORY, "memory"}, {CGROUP_PROCESSES, "pids"}};

/* Where ------------------------------------------------------------------------------------------ */

static bool has_controllers(const char *dir, unsigned wanted, const char *file)
{
  char text[CGROUP_TEXT];
  if (!cgroup_file_read(dir, file, text)) return wanted == 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (wanted & names[i].bit && !cgroup_file_word(text, names[i].name)) return false;
  return true;
}

/* Gives the cgroups below dir these controllers, if it has them itself. */
static bool enable(const char *dir, unsigned wanted)
{
  static const char SWITCH[] = "cgroup.subtree_control";
  if (has_controllers(dir, wanted, SWITCH)) return true;
  if (!has_controllers(dir, wanted, "cgroup.controllers")) return false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char text[16];
    snprintf(text, sizeof text, "+%s", names[i].name);
    if (wanted & names[i].bit && cgroup_file_write(dir, SWITCH, text) != 0) return false;
  }
  return true;
}

/* May we make cgroups in it, and move children of ours there? */
static bool may_write(const char *dir)
{
  char path[PATH_MAX];
  if (faccessat(AT_FDCWD, dir, W_OK, AT_EACCESS) != 0) return false;
  bool fits = snprintf(path, sizeof path, "%s/cgroup.procs", dir) < (int)sizeof path;
  return fits && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

static bool is_root(const char *dir)
{
  char text[CGROUP_TEXT];
  return !cgroup_file_read(dir, "cgroup.type", text);
}

static bool is_empty(const char *dir)
{
  char text[CGROUP_TEXT];
  return cgroup_file_read(dir, "cgroup.procs", text) && text[0] == '\0';
}

static bool is_unlimited(const char *dir)
{
  static const char *const files[] = {"memory.max", "memory.high", "pids.max"};
  char text[CGROUP_TEXT];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (cgroup_file_read(dir, files[i], text) && !cgroup_file_word(text, "max")) return false;
  return true;
}

/* Makes the path of our own cgroup that of the one to make new ones in. */
static bool find_place(char *dir, unsigned wanted)
{
  size_t top = cgroup_file_own(dir);
  if (top == 0) return false;
  if (wanted == 0 || is_root(dir)) return may_write(dir) && enable(dir, wanted);
  char *name = strrchr(dir, '/');
  if ((size_t)(name - dir) < top || !is_unlimited(dir)) return false;
  if (strncmp(name + 1, PREFIX, sizeof PREFIX - 1) == 0) return false; /* a child's of a procrun */
  *name = '\0';
  return may_write(dir) && (is_root(dir) || is_empty(dir)) && enable(dir, wanted);
}

/* Making and removing ---------------------------------------------------------------------------- */

static bool is_in_use(const char *dir, const char *name)
{
  size_t length = strlen(dir);
  for (const Cgroup *c = in_use; c != NULL; c = c->next)
    if (strncmp(c->path, dir, length) == 0 && strcmp(c->path + length + 1, name) == 0)
      return !c->ended;
  return false;
}

/* Whoever made it: does that one still run and need it? */
static bool is_owned(const char *dir, const char *name)
{
  int pid = 0;
  unsigned long long start = 0;
  ProcStat stat;
  if (sscanf(name, "procrun-%d-%llu-", &pid, &start) != 2) return true;
  if (pid == getpid()) return is_in_use(dir, name);
  return procfs_stat(pid, &stat) && stat.start == start;
}

/* What was left by those who were killed, or by us while somebody was still in it. One that has
   members stays: the kernel refuses. How many there still are. */
static unsigned sweep(const char *dir)
{
  char path[PATH_MAX];
  unsigned left = 0;
  DIR *list = opendir(dir);
  if (list == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
    if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) != 0) continue;
    bool fits = snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) < (int)sizeof path;
    if (!fits || is_owned(dir, entry->d_name) || !cgroup_remove(path)) left++;
  }
  closedir(list);
  return left;
}

/* Not for each new one: it looks at all that there are. There are two places. */
static void sweep_now_and_then(const char *dir, unsigned controllers)
{
  static unsigned until_sweep[2];
  unsigned *until = &until_sweep[controllers != 0];
  if (*until == 0) *until = sweep(dir) + BETWEEN_SWEEPS;
  --*until;
}

/* One block: the struct, its path, the path of its members. */
static Cgroup *allocate(const char *dir)
{
  static unsigned count;
  ProcStat self;
  size_t size = strlen(dir) + 64;
  if (!procfs_stat(getpid(), &self)) return NULL;
  Cgroup *c = calloc(1, sizeof *c + 2 * size);
  if (c == NULL) return NULL;
  c->path = (char *)(c + 1);
  c->procs = c->path + size;
  snprintf(c->path, size, "%s/%s%d-%llu-%u", dir, PREFIX, (int)getpid(), self.start, ++count);
  snprintf(c->procs, size, "%s/cgroup.procs", c->path);
  return c;
}

Cgroup *cgroup_new(unsigned controllers)
{
  char dir[PATH_MAX];
  if (!find_place(dir, controllers)) return NULL;
  sweep_now_and_then(dir, controllers);
  Cgroup *c = allocate(dir);
  if (c == NULL) return NULL;
  if (mkdir(c->path, 0755) != 0) {
    free(c);
    return NULL;
  }
  cgroup_file_made(c->path);
  c->controllers = controllers;
  c->next = in_use;
  c->at = &in_use;
  if (in_use != NULL) in_use->at = &c->next;
  in_use = c;
  return c;
}

bool cgroup_remove(const char *path)
{
  char below[PATH_MAX];
  cgroup_file_gone(path);
  if (rmdir(path) == 0 || errno == ENOENT) return true;
  DIR *list = opendir(path);
  if (list == NULL) return false;
  for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) < (int)sizeof below)
      cgroup_remove(below);
  }
  closedir(list);
  return rmdir(path) == 0;
}

void cgroup_free(Cgroup *cgroup)
{
  if (cgroup == NULL) return;
  cgroup_remove(cgroup->path);
  *cgroup->at = cgroup->next;
  if (cgroup->next != NULL) cgroup->next->at = cgroup->at;
  free(cgroup);
}

/* Limits ----------------------------------------------------------------------------------------- */

bool cgroup_has(const Cgroup *cgroup, unsigned controller)
{
  return cgroup != NULL && (cgroup->controllers & controller) != 0;
}

const char *cgroup_path(const Cgroup *cgroup)
{
  return cgroup->path;
}

const char *cgroup_procs(const Cgroup *cgroup)
{
  return cgroup->procs;
}

/* Memory that was swapped out would still be memory. One process that is killed for want of it takes
   the others along: half a tree does nobody a service. */
int cgroup_limit(Cgroup *cgroup, unsigned controller, long long value)
{
  char text[24] = "max";
  if (value >= 0) snprintf(text, sizeof text, "%lld", value);
  if (controller == CGROUP_PROCESSES) return cgroup_file_write(cgroup->path, "pids.max", text);
  cgroup_file_write(cgroup->path, "memory.swap.max", value >= 0 ? "0" : "max");
  cgroup_file_write(cgroup->path, "memory.oom.group", "1");
  return cgroup_file_write(cgroup->path, "memory.max", text);
}

static bool has_event(const Cgroup *cgroup, unsigned controller, const char *file, const char *key)
{
  char text[CGROUP_TEXT];
  if (!cgroup_has(cgroup, controller) || !cgroup_file_read(cgroup->path, file, text)) return false;
  const char *value = cgroup_file_word(text, key);
  return value != NULL && strtoll(value, NULL, 10) > 0;
}

void cgroup_ended(Cgroup *cgroup)
{
  if (has_event(cgroup, CGROUP_MEMORY, "memory.events", "oom_kill"))
    cgroup->struck = "memory";
  else if (has_event(cgroup, CGROUP_PROCESSES, "pids.events", "max"))
    cgroup->struck = "processes";
  cgroup->ended = true;
  cgroup_remove(cgroup->path);
}

const char *cgroup_struck(const Cgroup *cgroup)
{
  return cgroup != NULL ? cgroup->struck : NULL;
}

/* Members ---------------------------------------------------------------------------------------- */

void cgroup_each(const char *path, void (*visit)(pid_t pid, void *arg), void *arg)
{
  char below[PATH_MAX];
  int pid;
  if (snprintf(below, sizeof below, "%s/cgroup.procs", path) >= (int)sizeof below) return;
  FILE *procs = fopen(below, "re");
  if (procs == NULL) return;
  while (fscanf(procs, "%d", &pid) == 1)
    if (pid > 1) visit(pid, arg);
  fclose(procs);
  DIR *list = opendir(path);
  if (list == NULL) return;
  for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) < (int)sizeof below)
      cgroup_each(below, visit, arg);
  }
  closedir(list);
}

bool cgroup_kill(const char *path)
{
  return cgroup_file_write(path, "cgroup.kill", "1") == 0;
}

#else
Cgroup *cgroup_new(unsigned controllers)
{
  (void)controllers;
  return NULL;
}

bool cgroup_has(const Cgroup *cgroup, unsigned controller)
{
  (void)cgroup;
  (void)controller;
  return false;
}

int cgroup_limit(Cgroup *cgroup, unsigned controller, long long value)
{
  (void)cgroup;
  (void)controller;
  return value < 0 ? 0 : -ENOTSUP;
}

const char *cgroup_path(const Cgroup *cgroup)
{
  (void)cgroup;
  return "";
}

const char *cgroup_procs(const Cgroup *cgroup)
{
  return cgroup_path(cgroup);
}

void cgroup_ended(Cgroup *cgroup)
{
  (void)cgroup;
}

const char *cgroup_struck(const Cgroup *cgroup)
{
  (void)cgroup;
  return NULL;
}

void cgroup_free(Cgroup *cgroup)
{
  (void)cgroup;
}

void cgroup_each(const char *path, void (*visit)(pid_t pid, void *arg), void *arg)
{
  (void)path;
  (void)visit;
  (void)arg;
}

bool cgroup_kill(const char *path)
{
  (void)path;
  return false;
}

bool cgroup_remove(const char *path)
{
  (void)path;
  return true;
}
#endif
