/* embed - compiles Lua files into one C file, for the build.
   embed [-C DIR] OUT.c NAME=FILE …   FILE relative to DIR. A syntax error names file and line.

   Line numbers are kept, so tracebacks show the user where our own code was; the chunk name of
   modules/proc/child.lua is "procrun:proc/child.lua". The same files give the same bytes. */
#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Entry {
  const char *name;
  const char *file;
  size_t size; /* of the binary chunk */
} Entry;

typedef struct Output {
  FILE *file;
  size_t size;
} Output;

static void die(const char *what, const char *why)
{
  fprintf(stderr, "embed: %s: %s\n", what, why);
  exit(1);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name);
}

/* lua_Writer: the chunk as the text of a C array, 20 bytes a line. */
static int write_bytes(lua_State *L, const void *bytes, size_t n, void *data)
{
  (void)L;
  Output *out = data;
  for (size_t i = 0; i < n; i++, out->size++) {
    fputs(out->size % 20 == 0 ? "\n  " : " ", out->file);
    fprintf(out->file, "%u,", ((const unsigned char *)bytes)[i]);
  }
  return 0;
}

/* Leaves the text of a file on the stack. */
static void push_file(lua_State *L, const char *name)
{
  FILE *f = fopen(name, "rb");
  if (f == NULL) die(name, strerror(errno));
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  size_t n;
  while ((n = fread(luaL_prepbuffer(&b), 1, LUAL_BUFFERSIZE, f)) > 0) luaL_addsize(&b, n);
  if (ferror(f)) die(name, strerror(errno));
  fclose(f);
  luaL_pushresult(&b);
}

/* The name tracebacks show. Room files lose their "modules/"; others keep their folder. */
static const char *push_chunk_name(lua_State *L, const char *file)
{
  static const char modules[] = "modules/";
  size_t n = strlen(modules);
  return lua_pushfstring(L, "@procrun:%s", strncmp(file, modules, n) == 0 ? file + n : file);
}

/* A syntax error is told with the file's real name, so that an editor finds it. */
static void report(lua_State *L, const char *file, const char *chunk)
{
  const char *message = lua_tostring(L, -1);
  size_t n = strlen(chunk + 1);
  if (strncmp(message, chunk + 1, n) == 0)
    fprintf(stderr, "%s%s\n", file, message + n);
  else
    fprintf(stderr, "%s: %s\n", file, message);
  exit(1);
}

/* Leaves the compiled function on the stack. */
static void compile(lua_State *L, const char *dir, const char *file)
{
  size_t size;
  int top = lua_gettop(L);
  luaL_checkstack(L, 10, "too many files");
  push_file(L, lua_pushfstring(L, "%s/%s", dir, file));
  const char *text = lua_tolstring(L, -1, &size);
  const char *chunk = push_chunk_name(L, file);
  if (luaL_loadbufferx(L, text, size, chunk, "t") != LUA_OK) report(L, file, chunk);
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

/* The function of entry i stands at stack index i + 1. */
static void write_chunk(lua_State *L, FILE *out, Entry *e, size_t i)
{
  Output o = {out, 0};
  fprintf(out, "\n/* %s */\nstatic const unsigned char chunk_%zu[] = {", e->file, i);
  lua_pushvalue(L, (int)i + 1);
  lua_dump(L, write_bytes, &o, 0);
  lua_pop(L, 1);
  fputs("\n};\n", out);
  e->size = o.size;
}

static void write_index(FILE *out, const Entry *entries, size_t count)
{
  fputs("\nconst Embedded embedded[] = {\n", out);
  for (size_t i = 0; i < count; i++)
    fprintf(out, "  {\"%s\", chunk_%zu, %zu},\n", entries[i].name, i, entries[i].size);
  /* The last line keeps the array from being empty, which C does not allow. */
  fprintf(out, "  {0, 0, 0},\n};\nconst size_t embedded_count = %zu;\n", count);
}

static Entry *parse(int argc, char **argv)
{
  Entry *entries = calloc((size_t)argc + 1, sizeof *entries);
  if (entries == NULL) die("start", strerror(ENOMEM));
  for (int i = 0; i < argc; i++) {
    char *file = strchr(argv[i], '=');
    if (file == NULL) die(argv[i], "expected NAME=FILE");
    *file++ = '\0';
    entries[i] = (Entry){argv[i], file, 0};
  }
  qsort(entries, (size_t)argc, sizeof *entries, by_name);
  for (int i = 1; i < argc; i++)
    if (strcmp(entries[i - 1].name, entries[i].name) == 0) die(entries[i].name, "given twice");
  return entries;
}

int main(int argc, char **argv)
{
  const char *dir = ".";
  if (argc > 2 && strcmp(argv[1], "-C") == 0) {
    dir = argv[2];
    argc -= 2;
    argv += 2;
  }
  if (argc < 2) die("usage", "embed [-C DIR] OUT.c NAME=FILE ...");
  size_t count = (size_t)argc - 2;
  Entry *entries = parse(argc - 2, argv + 2);
  lua_State *L = luaL_newstate();
  if (L == NULL) die("start", strerror(ENOMEM));

  /* All are compiled before the output is opened: a failure leaves no half-written file. */
  for (size_t i = 0; i < count; i++) compile(L, dir, entries[i].file);
  FILE *out = fopen(argv[1], "wb");
  if (out == NULL) die(argv[1], strerror(errno));
  fputs("/* Written by scripts/embed.c; do not edit. */\n#include \"runtime/embed.h\"\n", out);
  for (size_t i = 0; i < count; i++) write_chunk(L, out, &entries[i], i);
  write_index(out, entries, count);
  if (ferror(out) || fclose(out) != 0) die(argv[1], strerror(errno));
  lua_close(L);
  free(entries);
  return 0;
}
