/* fs_mode.h - symbolic modes as chmod(1) takes them: "u+x,go-w", "a=rX". */
#ifndef PROCRUN_FS_MODE_H
#define PROCRUN_FS_MODE_H

#include <stdbool.h>
#include <sys/types.h>

/* Is it a symbolic mode? */
bool fs_mode_is_valid(const char *text);

/* The permission bits after the change `text`, a valid one; old: what lstat says. */
mode_t fs_mode_apply(const char *text, mode_t old);

#endif
