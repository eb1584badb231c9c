/* json_path.c - where in a value the encoder stands, for its messages: .items[3].name */
#include "runtime/json_path.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SHOWN = 40, PART = KEY_SHOWN + 16 };

static bool is_name(const char *s, size_t n)
{
  if (n == 0 || n > KEY_SHOWN || (*s >= '0' && *s <= '9')) return false;
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i], letter = c | 0x20;
    if ((letter < 'a' || letter > 'z') && (c < '0' || c > '9') && c != '_') return false;
  }
  return true;
}

/* .name, [3] or ["any other key"]; the size of it. */
static size_t show_step(const JsonStep *step, char part[PART])
{
  if (step->key == NULL) return (size_t)snprintf(part, PART, "[%" PRId64 "]", step->index);
  if (is_name(step->key, step->size))
    return (size_t)snprintf(part, PART, ".%.*s", (int)step->size, step->key);
  size_t n = 2, shown = step->size < KEY_SHOWN ? step->size : KEY_SHOWN;
  memcpy(part, "[\"", 2);
  for (size_t i = 0; i < shown; i++) {
    char c = step->key[i];
    part[n++] = c >= 0x20 && c < 0x7F && c != '"' ? c : '?';
  }
  return n + (size_t)snprintf(part + n, PART - n, "%s\"]", shown < step->size ? "..." : "");
}

/* Filled from its end: the last steps tell most. */
const char *json_path(const JsonStep *step, const char *before, char buf[JSON_PATH_SIZE])
{
  char part[PART];
  size_t at = JSON_PATH_SIZE - 1, kept = strlen(before) + 3;
  buf[at] = '\0';
  for (; step != NULL; step = step->up) {
    if (step->key == NULL && step->index == 0) continue;
    size_t n = show_step(step, part);
    bool fits = at >= n + kept;
    if (!fits) {
      memcpy(part, "...", 3);
      n = 3;
    }
    at -= n;
    memcpy(buf + at, part, n);
    if (!fits) break;
  }
  if (buf[at] == '\0') return buf + at;
  at -= strlen(before);
  memcpy(buf + at, before, strlen(before));
  return buf + at;
}
