/* launch_path.c - one element of PATH and a file name put together; runs in children too. */
#include "modules/process/launch_impl.h"

__attribute__((no_sanitize("address", "undefined", "thread"))) const char *
launch_candidate(const char *element, const char *file, char *out)
{
  char *start = out;
  while (*element != '\0' && *element != ':') *out++ = *element++;
  if (out == start) *out++ = '.'; /* "./-x", so that no interpreter takes the name for an option */
  *out++ = '/';
  while (*file != '\0') *out++ = *file++;
  *out = '\0';
  return *element == ':' ? element + 1 : NULL;
}
