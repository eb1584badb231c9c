/* json_fuzz.c - whatever bytes come, decoding them neither crashes nor reads astray, and what it accepts
   survives the way out and back in.

   clang -g -fsanitize=fuzzer,address,undefined -DLIBFUZZER … json_fuzz.c: libFuzzer drives it.
   Without LIBFUZZER: json_fuzz [RUNS [SEED]] mutates texts of its own; json_fuzz -- FILE … replays. */
#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/json.h"
#include "runtime/rt.h"

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static lua_State *state(void)
{
  static lua_State *L;
  static Runtime rt; /* for the decoder, which looks at its pace */
  if (L != NULL) return L;
  L = luaL_newstate();
  CHECK(L != NULL);
  *(Runtime **)lua_getextraspace(L) = &rt;
  return L;
}

/* encode(decode(text)) is a text that decodes to what is encoded the same way. */
static void check_round_trip(lua_State *L, const char *text, size_t size)
{
  static const JsonOptions options = {.depth = 1000, .sort_keys = true};
  Buf once = {0}, twice = {0};
  if (json_decode(L, text, size, &options)) {
    CHECK(json_encode(L, -1, &once, &options));
    CHECK(memchr(buf_head(&once), '\n', buf_size(&once)) == NULL);
    CHECK(json_decode(L, buf_head(&once), buf_size(&once), &options));
    CHECK(json_encode(L, -1, &twice, &options));
    CHECK(buf_size(&once) == buf_size(&twice));
    CHECK(memcmp(buf_head(&once), buf_head(&twice), buf_size(&once)) == 0);
  } else {
    CHECK(lua_type(L, -1) == LUA_TSTRING);
  }
  buf_free(&once);
  buf_free(&twice);
}

/* What stands behind the text may be looked at, but does not count. */
static void check_slack(lua_State *L, const char *text, size_t size)
{
  enum { SLACK = 40 };
  char *more = malloc(size + SLACK);
  CHECK(more != NULL);
  memcpy(more, text, size);
  for (size_t i = 0; i < SLACK; i++) more[size + i] = "\"]},1 \"\n"[i % 8];
  bool alone = json_decode(L, text, size, &(JsonOptions){0});
  CHECK(json_decode(L, more, size, &(JsonOptions){.slack = SLACK}) == alone);
  if (!alone) CHECK(strcmp(lua_tostring(L, -1), lua_tostring(L, -2)) == 0);
  lua_settop(L, 0);
  free(more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  lua_State *L = state();
  char *copy = malloc(size + (size == 0)); /* of exactly this size: reading past it is seen */
  CHECK(copy != NULL);
  if (size > 0) memcpy(copy, data, size);
  check_round_trip(L, copy, size);
  lua_settop(L, 0);
  check_slack(L, copy, size);
  static const JsonOptions loose = {.null_nil = true, .depth = 20};
  json_decode(L, copy, size, &loose);
  lua_settop(L, 0);
  if (size > 0) CHECK(memcmp(copy, data, size) == 0);
  free(copy);
  return 0;
}

#ifndef LIBFUZZER

static uint64_t seed = 88172645463325252u;

static size_t below(size_t n)
{
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (size_t)(seed % n);
}

static const char *const texts[] = {
    "{\"id\":12345,\"name\":\"worker-7\",\"list\":[1,2.5,-3e10,null,true,false,\"\"],\"o\":{}}",
    "[9223372036854775807,-9223372036854775808,9223372036854775808,1e308,-0.0,5e-324,0.1]",
    "[\"\\u0000\\ud83d\\ude00\\ud800\\n\\\"\\\\\",\"\xD0\xB6\xE2\x82\xAC\xF0\x9F\x98\x80\"]",
    "{\"a key that is longer than the short ones\":\"and a text that is longer, too\"}",
    "[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]",
    " { \"a\" : [ { \"b\" : [ ] } , { } ] , \"a\" : 1 } ",
};

static const char *const pieces[] = {"\"",
                                     "\\",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     ",",
                                     ":",
                                     "0",
                                     "-",
                                     "1e999",
                                     "1.5",
                                     "null",
                                     "true",
                                     "\\u",
                                     "\\ud83d",
                                     "\n",
                                     "\xFE",
                                     "\"\xFE\"",
                                     "\xED\xA0\x80",
                                     "\xC3",
                                     "\xF4\x90",
                                     "123456789012345678901234567890",
                                     "\\u0000",
                                     "E+",
                                     "."};

enum {
  ROOM = 4096,
  COUNT_TEXTS = sizeof texts / sizeof *texts,
  COUNT_PIECES = sizeof pieces / sizeof *pieces
};

/* One change: a byte, a piece put in, a part taken out, a part said twice. */
static size_t mutate(char *s, size_t n)
{
  size_t at = below(n + 1), size = below(12);
  const char *piece = pieces[below(COUNT_PIECES)];
  switch (below(4)) {
  case 0:
    if (at < n) s[at] = (char)below(256);
    return n;
  case 1:
    size = strlen(piece);
    if (n + size > ROOM) return n;
    memmove(s + at + size, s + at, n - at);
    memcpy(s + at, piece, size);
    return n + size;
  case 2:
    if (size > n - at) size = n - at;
    memmove(s + at, s + at + size, n - at - size);
    return n - size;
  default:
    if (size > n - at || n + size > ROOM) return n;
    memmove(s + at + size, s + at, n - at);
    return n + size;
  }
}

static void replay(const char *name)
{
  static uint8_t bytes[1 << 20];
  FILE *f = fopen(name, "rb");
  CHECK(f != NULL);
  size_t size = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  LLVMFuzzerTestOneInput(bytes, size);
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--") == 0) {
    for (int i = 2; i < argc; i++) replay(argv[i]);
    return 0;
  }
  long runs = argc > 1 ? atol(argv[1]) : 100000;
  if (argc > 2) seed += (uint64_t)atol(argv[2]) * 2654435761u;
  char text[ROOM];
  for (long i = 0; i < runs; i++) {
    const char *from = texts[below(COUNT_TEXTS)];
    size_t n = strlen(from);
    memcpy(text, from, n);
    for (size_t changes = below(6); changes-- > 0;) n = mutate(text, n);
    LLVMFuzzerTestOneInput((const uint8_t *)text, n);
  }
  lua_close(state());
  return 0;
}

#endif
