/* json.h - Lua values <-> JSON text, exact: 64-bit integers, floats that read back equal, NUL. */
#ifndef PROCRUN_JSON_H
#define PROCRUN_JSON_H

#include "runtime/rt.h"

typedef struct JsonOptions {
  int depth;        /* deepest nesting allowed; 0: 128 */
  bool nan_null;    /* encode NaN and infinities as null instead of failing */
  bool replace;     /* encode invalid UTF-8 as U+FFFD instead of failing */
  bool string_keys; /* encode integer keys as strings instead of failing */
  bool null_nil;    /* decode null as nil (such keys vanish) instead of json.null */
  size_t slack;     /* decode: so many bytes behind the text may be read, whatever they are */
  int indent;       /* blanks a level; 0: one compact line */
  bool sort_keys;   /* encode keys in byte order */
} JsonOptions;      /* zeroed: the policy of the channel */

/* Appends the JSON text of the value at idx to out. On failure false, out as it was, and a message
   pushed that names the path: "invalid UTF-8 in .items[3].name". Never raises (a __tojson that
   raises is such a failure) except for lack of memory. */
bool json_encode(lua_State *L, int idx, Buf *out, const JsonOptions *options);

/* Pushes the value of a JSON text (any value, blanks around it allowed, UTF-8). On failure false
   and a message pushed that names the place: "invalid number at byte 17". `text` need not end in
   NUL and is not changed; it must stay where it is meanwhile, though the collector, and with it any
   __gc, may run. Arrays and empty objects carry their mark. On the loop's thread only. */
bool json_decode(lua_State *L, const char *text, size_t size, const JsonOptions *options);

/* Pushes the metatable that marks a table as array (object): json.array, json.object. */
void json_push_array_mark(lua_State *L);
void json_push_object_mark(lua_State *L);

#endif
