/* edit_lib.c - the library that edits lines, found by its soname when it is needed. */
#include "modules/tty/edit_lib.h"

#include <dlfcn.h>
#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <string.h>

enum { HISTORY = 1000 };

typedef struct Symbol {
  const char *name;
  size_t place; /* in EditLib */
  bool optional;
} Symbol;

static const Symbol symbols[] = {
    {"rl_callback_handler_install", offsetof(EditLib, install), false},
    {"rl_callback_handler_remove", offsetof(EditLib, remove), false},
    {"rl_callback_read_char", offsetof(EditLib, read_char), false},
    {"rl_forced_update_display", offsetof(EditLib, refresh), false},
    {"rl_resize_terminal", offsetof(EditLib, resize), false},
    {"rl_prep_terminal", offsetof(EditLib, prep), false},
    {"rl_deprep_terminal", offsetof(EditLib, deprep), false},
    {"rl_insert_text", offsetof(EditLib, insert), false},
    {"add_history", offsetof(EditLib, add_history), false},
    {"stifle_history", offsetof(EditLib, stifle), false},
    {"rl_add_defun", offsetof(EditLib, add_defun), false},
    {"rl_initialize", offsetof(EditLib, initialize), false},
    {"rl_line_buffer", offsetof(EditLib, line), false},
    {"rl_point", offsetof(EditLib, point), false},
    {"rl_end", offsetof(EditLib, end), false},
    {"rl_instream", offsetof(EditLib, in), false},
    {"rl_outstream", offsetof(EditLib, out), false},
    {"rl_clear_visible_line", offsetof(EditLib, clear), true},
    {"rl_redisplay", offsetof(EditLib, redisplay), true},
    {"rl_callback_sigcleanup", offsetof(EditLib, sigcleanup), true},
    {"rl_free_line_state", offsetof(EditLib, forget_line), true},
    {"rl_bind_key_in_map", offsetof(EditLib, bind_in_map), true},
    {"rl_eof_found", offsetof(EditLib, eof), true},
    {"vi_movement_keymap", offsetof(EditLib, vi_movement), true},
    {"vi_insertion_keymap", offsetof(EditLib, vi_insertion), true},
};

static const struct {
  const char *wanted, *name, *soname;
} libraries[] = {
    {"readline", "libreadline", "libreadline.so.8"},
    {"readline", "libreadline", "libreadline.so.7"},
    {"libedit", "libedit", "libedit.so.2"},
    {"libedit", "libedit", "libedit.so.0"},
};

static void set_int(void *dl, const char *name, int value)
{
  int *variable = dlsym(dl, name);
  if (variable) *variable = value;
}

static bool find_symbols(EditLib *lib, void *dl)
{
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(dl, symbols[i].name);
    if (address == NULL && !symbols[i].optional) return false;
    memcpy((char *)lib + symbols[i].place, &address, sizeof address);
  }
  return true;
}

/* Signals are ours, and the environment is the script's. */
static void configure(void *dl)
{
  set_int(dl, "rl_catch_signals", 0);
  set_int(dl, "rl_catch_sigwinch", 0);
  set_int(dl, "rl_change_environment", 0);
  const char **name = dlsym(dl, "rl_readline_name"); /* for `$if procrun` in ~/.inputrc */
  if (name) *name = "procrun";
}

static bool open_library(EditLib *lib, const char *name, const char *soname)
{
  void *dl = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
  if (dl == NULL) return false;
  *lib = (EditLib){.name = name};
  if (!find_symbols(lib, dl)) {
    dlclose(dl);
    lib->name = NULL;
    return false;
  }
  /* libedit has some of these names, too, with another meaning. */
  if (strcmp(name, "libedit") == 0) lib->clear = lib->redisplay = NULL, lib->bind_in_map = NULL;
  configure(dl);
  return true;
}

const EditLib *edit_lib_load(const char *wanted)
{
  static EditLib lib;
  for (size_t i = 0; lib.name == NULL && i < sizeof libraries / sizeof *libraries; i++)
    if (wanted == NULL || strcmp(wanted, libraries[i].wanted) == 0)
      open_library(&lib, libraries[i].name, libraries[i].soname);
  return lib.name ? &lib : NULL;
}

/* Strings are UTF-8 here; a user who has chosen nothing else types that, too. */
static void choose_characters(void)
{
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0) setlocale(LC_CTYPE, "C.UTF-8");
}

void edit_lib_start(const EditLib *lib, FILE *in, FILE *out)
{
  choose_characters();
  *lib->in = in;
  *lib->out = out;
  if (lib->eof) *lib->eof = 0;
  lib->initialize();
  lib->stifle(HISTORY);
}

void edit_lib_bind(const EditLib *lib, const char *name, EditKey *f, int key)
{
  lib->add_defun(name, f, key);
  if (lib->bind_in_map == NULL) return;
  if (lib->vi_movement) lib->bind_in_map(key, f, lib->vi_movement);
  if (lib->vi_insertion) lib->bind_in_map(key, f, lib->vi_insertion);
}
