/* json_referee_test.c - cJSON as the referee: what both accept, both read the same way. What cJSON is
   known to read wrongly (see differs) is left out; what it accepts and we refuse does not count. */
#include <stdio.h>

#ifndef HAVE_CJSON

int main(void)
{
  puts("skip: built without libcjson");
  return 77;
}

#else

#include <cjson/cJSON.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/json.h"
#include "runtime/rt.h"

enum { RUNS = 30000, ROOM = 1024, LONGEST_NUMBER = 60 };

static char text[ROOM + 1];
static size_t size;

static void wrong(const char *what)
{
  fprintf(stderr, "%s: %.*s\n", what, (int)size, text);
  exit(1);
}

/* cJSON ends strings at \u0000, refuses half a surrogate pair, and may cut long numbers. */
static bool differs(void)
{
  size_t digits = 0;
  for (size_t i = 0; i < size; i++) {
    digits = strchr("0123456789+-.eE", text[i]) != NULL ? digits + 1 : 0;
    if (digits > LONGEST_NUMBER) return true;
  }
  return strstr(text, "\\u0000") != NULL || strstr(text, "\\ud") != NULL ||
         strstr(text, "\\uD") != NULL;
}

static void compare(lua_State *L, const cJSON *item);

static bool comes_again(const cJSON *item)
{
  for (const cJSON *i = item->next; i != NULL; i = i->next)
    if (strcmp(i->string, item->string) == 0) return true;
  return false;
}

static void compare_object(lua_State *L, const cJSON *item)
{
  size_t members = 0;
  if (lua_type(L, -1) != LUA_TTABLE) wrong("no table for an object");
  for (const cJSON *i = item->child; i != NULL; i = i->next) {
    if (comes_again(i)) continue; /* the last one counts */
    lua_pushstring(L, i->string);
    if (lua_rawget(L, -2) == LUA_TNIL) wrong("a member is missing");
    compare(L, i);
    lua_pop(L, 1);
    members++;
  }
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) members--;
  if (members != 0) wrong("members too many");
}

static void compare_array(lua_State *L, const cJSON *item)
{
  lua_Integer n = 0;
  if (lua_type(L, -1) != LUA_TTABLE) wrong("no table for an array");
  for (const cJSON *i = item->child; i != NULL; i = i->next) {
    lua_rawgeti(L, -1, ++n);
    compare(L, i);
    lua_pop(L, 1);
  }
  if (lua_rawlen(L, -1) != (lua_Unsigned)n) wrong("elements too many");
}

/* The value on top of the stack is that of the item. */
static void compare(lua_State *L, const cJSON *item)
{
  luaL_checkstack(L, 10, NULL);
  switch (item->type & 0xFF) {
  case cJSON_Object: compare_object(L, item); break;
  case cJSON_Array: compare_array(L, item); break;
  case cJSON_String:
    if (lua_type(L, -1) != LUA_TSTRING || strcmp(lua_tostring(L, -1), item->valuestring) != 0)
      wrong("another string");
    break;
  case cJSON_Number:
    if (lua_type(L, -1) != LUA_TNUMBER || lua_tonumber(L, -1) != item->valuedouble)
      wrong("another number");
    break;
  case cJSON_NULL:
    if (!lua_islightuserdata(L, -1)) wrong("no null");
    break;
  default:
    if (!lua_isboolean(L, -1) || lua_toboolean(L, -1) != cJSON_IsTrue(item))
      wrong("another boolean");
  }
}

static bool judge(lua_State *L)
{
  static const JsonOptions options = {.depth = 900};
  text[size] = '\0';
  if (differs()) return false;
  bool ours = json_decode(L, text, size, &options);
  cJSON *tree = cJSON_ParseWithLength(text, size);
  if (ours && tree == NULL) wrong("accepted by us alone");
  if (ours) compare(L, tree);
  cJSON_Delete(tree);
  lua_settop(L, 0);
  return ours;
}

static uint64_t seed = 88172645463325252u;

static size_t below(size_t n)
{
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (size_t)(seed % n);
}

static void add(const char *piece)
{
  size_t n = strlen(piece);
  if (size + n > ROOM) return;
  memcpy(text + size, piece, n);
  size += n;
}

/* A value at random; too long a text is cut, and so no JSON any more. */
static void add_value(int depth)
{
  static const char *const scalars[] = {"0",
                                        "-1",
                                        "12345678901234567890",
                                        "9007199254740993",
                                        "0.1",
                                        "-2.5e-3",
                                        "1E400",
                                        "3.5",
                                        "123456789012345678",
                                        "1234567.0000001",
                                        "true",
                                        "false",
                                        "null",
                                        "\"\"",
                                        "\"a\"",
                                        "\"sixteen bytes ab\"",
                                        "\"\\n\\\"\\u20ac\"",
                                        "\"\xE2\x82\xAC\"",
                                        "\"longer than any short text is, and with a \\t in it\""};
  static const char *const keys[] = {"\"id\":", "\"name\" :", "\"\":", "\"k\\u0041\":",
                                     "\"a key of more than twenty-three bytes\": "};
  size_t kind = below(depth > 6 ? 4 : 6), n = below(5);
  if (kind < 4) {
    add(scalars[below(sizeof scalars / sizeof *scalars)]);
    return;
  }
  add(kind == 4 ? "[" : " {");
  for (size_t i = 0; i < n; i++) {
    if (i > 0) add(", ");
    if (kind == 5) add(keys[below(sizeof keys / sizeof *keys)]);
    add_value(depth + 1);
  }
  add(kind == 4 ? " ]" : "}");
}

/* Now and then one byte is another one. */
static void spoil(void)
{
  static const char bytes[] = "\"\\[]{},:0e.- \n\xFFnu";
  if (size > 0 && below(3) == 0) text[below(size)] = bytes[below(sizeof bytes - 1)];
}

int main(void)
{
  static Runtime rt; /* for the decoder, which looks at its pace */
  lua_State *L = luaL_newstate();
  int accepted = 0;
  if (L == NULL) return 1;
  *(Runtime **)lua_getextraspace(L) = &rt;
  for (int i = 0; i < RUNS; i++) {
    size = 0;
    add_value(0);
    spoil();
    accepted += judge(L);
  }
  lua_close(L);
  if (accepted > RUNS / 4) return 0;
  fprintf(stderr, "only %d texts of %d were JSON\n", accepted, RUNS);
  return 1;
}

#endif
