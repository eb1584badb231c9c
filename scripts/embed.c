/* embed - compiles Lua files into one C file, for the build.
   embed [-C DIR] OUT.c NAME=FILE …   FILE relative to DIR. A syntax error names file and line.

   Line numbers are kept, so tracebacks show the user where our own code was; the chunk name of
   modules/proc/child.lua is "procrun:proc/child.lua". The names of locals and upvalues, a third of
   each chunk's memory, are left out. The same files give the same bytes. */
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

/* The chunk as the text of a C array, 20 bytes a line. */
static void write_bytes(Output *out, const unsigned char *bytes, size_t n)
{
  for (size_t i = 0; i < n; i++, out->size++) {
    fputs(out->size % 20 == 0 ? "\n  " : " ", out->file);
    fprintf(out->file, "%u,", bytes[i]);
  }
}

/* A binary chunk on its way to the output; its form is that of Lua's ldump.c. */
typedef struct Chunk {
  const unsigned char *at, *end;
  Output *out; /* NULL: what is read goes nowhere */
} Chunk;

static const unsigned char *take(Chunk *c, size_t n)
{
  const unsigned char *bytes = c->at;
  if ((size_t)(c->end - bytes) < n) die("strip", "this is not a chunk of Lua 5.4");
  c->at += n;
  if (c->out) write_bytes(c->out, bytes, n);
  return bytes;
}

/* Seven bits a byte, the high ones first; the last byte is marked. */
static size_t take_size(Chunk *c)
{
  size_t size = 0;
  unsigned char byte;
  do {
    byte = *take(c, 1);
    size = size << 7 | (byte & 0x7f);
  } while ((byte & 0x80) == 0);
  return size;
}

static void take_string(Chunk *c)
{
  size_t size = take_size(c); /* 0: none; else one more than its length */
  if (size > 0) take(c, size - 1);
}

static void take_constants(Chunk *c)
{
  enum { INTEGER = 0x03, FLOAT = 0x13, SHORT_STRING = 0x04, LONG_STRING = 0x14 };
  for (size_t n = take_size(c); n > 0; n--) {
    unsigned char kind = *take(c, 1);
    if (kind == INTEGER) take(c, sizeof(lua_Integer));
    if (kind == FLOAT) take(c, sizeof(lua_Number));
    if (kind == SHORT_STRING || kind == LONG_STRING) take_string(c);
  }
}

/* The lines stay; the names are read, and none written. */
static void take_debug(Chunk *c)
{
  static const unsigned char none[] = {0x80, 0x80};
  Output *out = c->out;
  take(c, take_size(c));
  for (size_t n = take_size(c) * 2; n > 0; n--) take_size(c); /* absolute lines */
  write_bytes(out, none, sizeof none);
  c->out = NULL;
  for (size_t n = take_size(c); n > 0; n--) { /* locals: name, from, to */
    take_string(c);
    take_size(c);
    take_size(c);
  }
  for (size_t n = take_size(c); n > 0; n--) take_string(c);
  c->out = out;
}

static void take_function(Chunk *c)
{
  enum { INSTRUCTION = 4, UPVALUE = 3 };
  take_string(c); /* source, first line, last line, parameters, is vararg, stack size */
  take_size(c);
  take_size(c);
  take(c, 3);
  take(c, take_size(c) * INSTRUCTION);
  take_constants(c);
  take(c, take_size(c) * UPVALUE);
  for (size_t n = take_size(c); n > 0; n--) take_function(c);
  take_debug(c);
}

static void take_chunk(Chunk *c)
{
  take(c, 4 + 1 + 1 + 6 + 3); /* signature, version, format, test data, sizes */
  take(c, sizeof(lua_Integer) + sizeof(lua_Number) + 1);
  take_function(c);
  if (c->at != c->end) die("strip", "this is not a chunk of Lua 5.4");
}

/* lua_Writer */
static int write_file(lua_State *L, const void *bytes, size_t n, void *file)
{
  (void)L;
  return fwrite(bytes, 1, n, file) != n;
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
  char *bytes = NULL;
  size_t size = 0;
  FILE *dump = open_memstream(&bytes, &size);
  if (dump == NULL) die(e->file, strerror(errno));
  lua_pushvalue(L, (int)i + 1);
  if (lua_dump(L, write_file, dump, 0) != 0 || fclose(dump) != 0) die(e->file, strerror(ENOMEM));
  lua_pop(L, 1);
  Chunk c = {(unsigned char *)bytes, (unsigned char *)bytes + size, &o};
  take_chunk(&c);
  free(bytes);
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
