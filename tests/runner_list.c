/* runner_list.c - which tests there are, and which of them can run here.
   The first lines of a script may say
     -- timeout: 60           seconds it may take (30)
     -- requires: node>=20 sh programs that must be on PATH, and their major versions
     -- build: no-sanitize    kinds of build it cannot run in (no-gc-stress, no-launch-uv) */
#include "tests/runner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADER_LINES = 10, DEFAULT_LIMIT = 30 };

/* Folders that hold no tests, and folders whose tests run only with --slow. */
static const char *const no_rooms[] = {"lib", "fixtures", "unit", "bench", NULL};
static const char *const slow_rooms[] = {"fuzz", "stress", NULL};

static bool is_in(const char *const *names, const char *name)
{
  for (; *names != NULL; names++)
    if (strcmp(*names, name) == 0) return true;
  return false;
}

static bool ends_with(const char *s, const char *end)
{
  size_t n = strlen(s), m = strlen(end);
  return n > m && strcmp(s + n - m, end) == 0;
}

static char *join(const char *format, const char *a, const char *b)
{
  char *s;
  if (asprintf(&s, format, a, b) < 0) must(NULL);
  return s;
}

static bool on_path(const char *program)
{
  const char *path = getenv("PATH");
  char *copy = must(strdup(path != NULL ? path : "/usr/bin:/bin"));
  bool found = false;
  char *save, *dir = strtok_r(copy, ":", &save);
  for (; dir != NULL && !found; dir = strtok_r(NULL, ":", &save)) {
    char *file = join("%s/%s", dir, program);
    found = access(file, X_OK) == 0;
    free(file);
  }
  free(copy);
  return found;
}

/* The first number that `program --version` prints; asked once for the program asked for last. */
static int major_version(const char *program)
{
  static char known[64];
  static int version;
  if (strcmp(known, program) == 0) return version;
  char *command = join("%s --version%s", program, "");
  FILE *f = popen(command, "r");
  char line[256] = "";
  if (f != NULL && fgets(line, sizeof line, f) == NULL) line[0] = '\0';
  if (f != NULL) pclose(f);
  free(command);
  snprintf(known, sizeof known, "%s", program);
  return version = atoi(line + strcspn(line, "0123456789"));
}

static void check_requires(Test *t, char *names)
{
  char *save, *name = strtok_r(names, " ,", &save);
  for (; name != NULL && t->skip == NULL; name = strtok_r(NULL, " ,", &save)) {
    char *least = strstr(name, ">=");
    if (least != NULL) *least = '\0';
    if (!on_path(name))
      t->skip = join("%s is not installed%s", name, "");
    else if (least != NULL && major_version(name) < atoi(least + 2))
      t->skip = join("%s is older than version %s", name, least + 2);
  }
}

static void check_build(Test *t, char *words)
{
  char *save, *word = strtok_r(words, " ,", &save);
  for (; word != NULL && t->skip == NULL; word = strtok_r(NULL, " ,", &save)) {
    const char *kind = strncmp(word, "no-", 3) == 0 ? word + 3 : word;
    const char *at = strstr(RUNNER_BUILD, kind);
    if (at != NULL) t->skip = join("cannot run in a %s build%s", kind, "");
  }
}

/* The text behind "-- key:" on a line, or NULL. Cuts the line's end off. */
static char *header_value(char *line, const char *key)
{
  line[strcspn(line, "\r\n")] = '\0';
  if (strncmp(line, "--", 2) != 0) return NULL;
  line += 2 + strspn(line + 2, " ");
  size_t n = strlen(key);
  return strncmp(line, key, n) == 0 && line[n] == ':' ? line + n + 1 : NULL;
}

static void read_header(const Options *o, Test *t)
{
  char *name = join("%s/%s", o->root, t->path);
  FILE *f = fopen(name, "r");
  free(name);
  char line[512], *value;
  for (int i = 0; f != NULL && i < HEADER_LINES && fgets(line, sizeof line, f) != NULL; i++) {
    if ((value = header_value(line, "timeout")) != NULL) t->limit = strtod(value, NULL);
    if ((value = header_value(line, "requires")) != NULL) check_requires(t, value);
    if ((value = header_value(line, "build")) != NULL) check_build(t, value);
  }
  if (f != NULL) fclose(f);
}

/* Takes over name and path. */
static void add(const Options *o, TestList *list, char *name, char *path, bool unit)
{
  bool wanted = o->filter_count == 0;
  for (int i = 0; i < o->filter_count && !wanted; i++) wanted = strstr(name, o->filters[i]) != NULL;
  if (!wanted) {
    free(name);
    free(path);
    return;
  }
  if (list->count == list->cap) {
    list->cap = list->cap ? list->cap * 2 : 64;
    list->items = must(realloc(list->items, list->cap * sizeof *list->items));
  }
  Test *t = &list->items[list->count++];
  *t = (Test){name, path, unit, DEFAULT_LIMIT, NULL};
  if (!unit) read_header(o, t);
  /* Checked builds are several times slower, and so are their children. */
  if (RUNNER_BUILD[0] != '\0') t->limit *= 4;
}

static void add_room(const Options *o, TestList *list, const char *room)
{
  char *dir = join("%s/tests/%s", o->root, room);
  DIR *d = opendir(dir);
  free(dir);
  struct dirent *e;
  while (d != NULL && (e = readdir(d)) != NULL) {
    if (e->d_name[0] == '.' || !ends_with(e->d_name, ".lua")) continue;
    char *name = join("%s/%s", room, e->d_name);
    char *path = join("tests/%s%s", name, "");
    name[strlen(name) - strlen(".lua")] = '\0';
    add(o, list, name, path, false);
  }
  if (d != NULL) closedir(d);
}

/* An executable whose source is gone stays in the build directory; it is no test any more. */
static bool has_source(const Options *o, const char *unit)
{
  char *file = join("%s/tests/unit/%s_test.c", o->root, unit + strlen("unit-"));
  bool found = access(file, F_OK) == 0;
  free(file);
  return found;
}

static void add_units(const Options *o, TestList *list)
{
  DIR *d = opendir(o->unit_dir);
  struct dirent *e;
  while (d != NULL && (e = readdir(d)) != NULL) {
    if (strncmp(e->d_name, "unit-", 5) != 0 || !has_source(o, e->d_name)) continue;
    add(o, list, must(strdup(e->d_name)), join("%s/%s", o->unit_dir, e->d_name), true);
  }
  if (d != NULL) closedir(d);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(((const Test *)a)->name, ((const Test *)b)->name);
}

void list_tests(const Options *o, TestList *list)
{
  char *dir = join("%s/%s", o->root, "tests");
  DIR *d = opendir(dir);
  free(dir);
  struct dirent *e;
  while (d != NULL && (e = readdir(d)) != NULL) {
    if (e->d_name[0] == '.' || is_in(no_rooms, e->d_name)) continue;
    if (is_in(slow_rooms, e->d_name) && !o->slow) continue;
    add_room(o, list, e->d_name);
  }
  if (d != NULL) closedir(d);
  add_units(o, list);
  if (list->count > 1) qsort(list->items, list->count, sizeof *list->items, by_name);
}
