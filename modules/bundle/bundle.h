/* bundle.h - the files that `procrun bundle` put behind an executable, mapped and looked up by name.
   Plain C, no Lua.

   BundleSlot lies in every procrun's data. It is all zero behind the magic until `procrun bundle`
   patches it in the copy, whose end then holds the contents of the files, one behind the other, and the
   index: a record of RECORD bytes a file, sorted by name, and the names. Numbers are little-endian. */
#ifndef PROCRUN_BUNDLE_H
#define PROCRUN_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct BundleSlot {
  unsigned char magic[16];
  unsigned char start[8]; /* where the contents begin in the executable */
  unsigned char size[8];  /* of contents and index; 0: no bundle */
  unsigned char index[8]; /* where the index begins, from start */
  unsigned char count[8]; /* of files */
  unsigned char main[8];  /* the number of the script, from 0 */
  unsigned char sum[8];   /* of the index */
} BundleSlot;

typedef struct Bundle {
  void *map;
  size_t map_size;
  const unsigned char *start, *index;
  size_t count, main, index_at, index_size;
} Bundle;

typedef struct BundleFile {
  const unsigned char *bytes;
  size_t size;
  const char *name; /* not terminated */
  size_t name_size;
  uint64_t sum;
  bool executable;
} BundleFile;

extern volatile const BundleSlot bundle_slot;

/* First in a run: is this executable a bundle, and are its arguments those of its program? The other
   case is a worker, see bundle.c. */
void bundle_begin(void);
bool bundle_is_here(void);
bool bundle_takes_arguments(void);

/* Maps this executable's files, or, with a path, those of another one: 0, or a negative errno. Where
   *why is set it is told instead of the errno: what is wrong with the file. */
int bundle_open(Bundle *b, const char *path, const char **why);
void bundle_close(Bundle *b);

/* False: no such number, or an index that leads outside. Numbers begin at 0. */
bool bundle_file(const Bundle *b, size_t number, BundleFile *file);

/* The number of the first file whose name is not less. */
size_t bundle_search(const Bundle *b, const char *name, size_t size);

/* Of the file's contents as they were bundled? */
bool bundle_is_whole(const BundleFile *file);

/* Goes on with a sum; pieces but the last are multiples of 8 bytes. */
uint64_t bundle_sum(uint64_t sum, const void *bytes, size_t size);

#endif
