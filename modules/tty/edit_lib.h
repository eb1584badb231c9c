/* edit_lib.h - the library that edits lines, found by its soname when somebody first edits a line on
   a terminal: libreadline, else libedit, both by the callback interface they share. */
#ifndef PROCRUN_EDIT_LIB_H
#define PROCRUN_EDIT_LIB_H

#include <stdbool.h>
#include <stdio.h>

typedef int EditKey(int count, int key);

typedef struct EditLib {
  const char *name; /* "libreadline", "libedit" */
  void (*install)(const char *prompt, void (*line)(char *));
  void (*remove)(void);
  void (*read_char)(void);
  void (*refresh)(void); /* draws prompt and line, on a new row */
  void (*resize)(void);
  void (*prep)(int meta);
  void (*deprep)(void);
  int (*insert)(const char *text);
  void (*add_history)(const char *line);
  void (*stifle)(int count);
  int (*add_defun)(const char *name, EditKey *f, int key);
  int (*initialize)(void);
  char **line; /* the line being edited, and the place of the cursor and of its end in it */
  int *point, *end;
  FILE **in, **out;

  /* Of libreadline alone; NULL with libedit. */
  void (*clear)(void); /* takes prompt and line off the screen */
  void (*redisplay)(void);
  void (*sigcleanup)(void); /* leaves a search or a sequence of keys that has begun */
  void (*forget_line)(void);
  int (*bind_in_map)(int key, EditKey *f, void *map);
  int *eof; /* the last line was the end; it does not forget that by itself */
  void *vi_movement, *vi_insertion;
} EditLib;

/* Loads the library that is wanted ("readline", "libedit"), or the first there is (NULL). NULL: there
   is none. Once loaded it stays. */
const EditLib *edit_lib_load(const char *wanted);

/* Reads from `in`, draws on `out`. */
void edit_lib_start(const EditLib *lib, FILE *in, FILE *out);

/* The key does what f does, in every mode of the editor. */
void edit_lib_bind(const EditLib *lib, const char *name, EditKey *f, int key);

#endif
