/* glob_spec.h - a set of glob patterns, compiled, matched against a path name by name.

   All patterns stand in one row of parts; where a path has got to in them is a set of places in that
   row. So a directory is read once, however many patterns look into it. */
#ifndef PROCRUN_GLOB_SPEC_H
#define PROCRUN_GLOB_SPEC_H

#include <lua.h>
#include <stdint.h>

#include "runtime/buf.h"

typedef enum GlobKind {
  GLOB_ROOT = 'r',    /* first: the pattern is absolute */
  GLOB_NAME = 'n',    /* exactly this name */
  GLOB_MATCH = 'm',   /* a name that matches */
  GLOB_ANY = 'a',     /* any number of directories */
  GLOB_END = 'e',     /* the pattern ends */
  GLOB_END_DIR = 'd', /* so it does, for directories only */
} GlobKind;

typedef struct GlobPart {
  GlobKind kind;
  const char *text;
} GlobPart;

typedef struct GlobSpec {
  unsigned refs;
  bool fold, dot; /* whatever the case of ASCII letters; a wildcard finds hidden names too */
  uint32_t count;
  GlobPart parts[]; /* and behind them their texts */
} GlobSpec;

/* Is this part one that has to be looked for in a list of names? */
static inline bool glob_is_wild(const GlobPart *part)
{
  return part->kind == GLOB_MATCH || part->kind == GLOB_ANY;
}

/* Places in the parts of a spec, in their order: uint32_t[]. */
typedef Buf GlobSet;

static inline size_t glob_count(const GlobSet *set)
{
  return set->tail / sizeof(uint32_t);
}

static inline uint32_t glob_at(const GlobSet *set, size_t i)
{
  return ((const uint32_t *)(const void *)set->data)[i];
}

enum { GLOB_FOUND = 1, GLOB_FOUND_DIR = 2, GLOB_NO_MEMORY = -1 };

/* Where the absolute, or all other, patterns begin. Found: one of them is "/". */
int glob_start(const GlobSpec *spec, bool absolute, GlobSet *set);

/* What is at this name, in a directory that is at `set`: found; found if it is a directory. inside
   (NULL: not needed) becomes where its contents are. descend: `**` may go in here. */
int glob_step(const GlobSpec *spec, const GlobSet *set, const char *name, bool descend,
              GlobSet *inside);

GlobSpec *glob_spec_check(lua_State *L, int arg); /* a userdata of core.glob_spec */
void glob_spec_unref(GlobSpec *spec);             /* NULL is fine */

#endif
