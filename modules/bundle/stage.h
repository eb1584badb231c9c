/* stage.h - bytes in memory as a file that the dynamic linker takes. Plain C. */
#ifndef PROCRUN_BUNDLE_STAGE_H
#define PROCRUN_BUNDLE_STAGE_H

#include <stddef.h>

/* A nameless file: its descriptor, and in path a name for it that no other has had. A negative errno: the
   kernel, or a missing /proc, denies that. */
int stage_in_memory(const void *bytes, size_t size, char *path, size_t path_size);

/* A temporary file at path, to be removed once it is loaded: 0 or a negative errno. */
int stage_in_file(const void *bytes, size_t size, char *path, size_t path_size);

#endif
