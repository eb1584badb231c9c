/* walk_level.h - the directories that a walk is in. */
#ifndef PROCRUN_WALK_LEVEL_H
#define PROCRUN_WALK_LEVEL_H

#include "modules/fs/walk.h"

/* The path becomes its first `length` bytes and the name. false: no memory. */
bool walk_level_path(Walk *w, size_t length, const char *name);

/* Into the directory of the path, which is that of the step, whose sets it takes. Where all patterns
   name what they look for in it, it is not read. A libuv code; wd: where it is watched, if it is. */
int walk_level_enter(Walk *w, WalkStep *s, Req *req, int *wd);

/* Out of the last one. */
void walk_level_leave(Walk *w);

#endif
