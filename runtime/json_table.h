/* json_table.h - what the keys of a table say: a sequence, an object, or neither. */
#ifndef PROCRUN_JSON_TABLE_H
#define PROCRUN_JSON_TABLE_H

#include <lua.h>
#include <stdbool.h>

#include "runtime/json_path.h"

typedef struct JsonKeys {
  lua_Integer integers, largest, smallest;
  bool strings;
  const char *other; /* "boolean", "float": the kind of a key JSON has no word for */
} JsonKeys;

/* Looks at every key of the table at index, raw; creates no Lua value. */
JsonKeys json_table_keys(lua_State *L, int table);

static inline bool json_is_sequence(const JsonKeys *keys)
{
  return !keys->strings && keys->other == NULL && keys->largest == keys->integers &&
         (keys->integers == 0 || keys->smallest == 1);
}

/* Pushes why the table is neither a sequence nor has string keys only (as_array, as_object: is not
   the one it is marked to be). The path is that of the table. */
void json_push_problem(lua_State *L, int table, bool as_array, bool as_object,
                       const JsonStep *path);

typedef struct JsonSortKey {
  const char *text;
  size_t size;
  int position;
} JsonSortKey;

/* Pushes a table, with the keys at 1, 3, 5 … and their texts at 2, 4, 6 …, and an array of JsonSortKey
   in byte order of the texts (position: where the key stands in that table). Integers become text;
   other keys than strings and integers must not be there. Returns how many. */
size_t json_table_sorted(lua_State *L, int table);

#endif
