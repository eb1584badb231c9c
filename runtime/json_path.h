/* json_path.h - where in a value the encoder stands, for its messages: .items[3].name */
#ifndef PROCRUN_JSON_PATH_H
#define PROCRUN_JSON_PATH_H

#include <stddef.h>
#include <stdint.h>

/* One container being encoded, and the place in it; a chain on the C stack, innermost first. */
typedef struct JsonStep {
  struct JsonStep *up;
  const void *table; /* its identity, to find cycles */
  const char *key;   /* NULL: index counts; 0 too: at the container itself */
  size_t size;
  int64_t index;
} JsonStep;

enum { JSON_PATH_SIZE = 256 };

/* The path of the innermost step, with `before` (" in ") in front; "" for the outermost value. Long
   keys and long paths are cut, bytes that are not printable ASCII shown as '?'. Points into buf. */
const char *json_path(const JsonStep *step, const char *before, char buf[JSON_PATH_SIZE]);

#endif
