/* glob_match.h - one name against one part of a glob pattern; plain C. */
#ifndef PROCRUN_GLOB_MATCH_H
#define PROCRUN_GLOB_MATCH_H

#include <stdbool.h>

/* `*`, `?`, `[a-z]`, `[!x]`, `[[:alpha:]]`; `\` takes what follows literally, an unclosed `[` is
   one. A character is one of UTF-8; a byte that belongs to none counts as one. fold: ASCII letters
   match whatever their case. The time is at most the product of the two lengths. */
bool glob_match(const char *pattern, const char *name, bool fold);

#endif
