/* edit.h - the editor of lines on the terminal: its struct, for edit.c and edit_open.c. */
#ifndef PROCRUN_EDIT_H
#define PROCRUN_EDIT_H

#include "modules/tty/edit_lib.h"
#include "runtime/footer.h"
#include "runtime/signals.h"
#include "runtime/task.h"

typedef enum EditEvent {
  EDIT_NOTHING,
  EDIT_LINE,
  EDIT_END,
  EDIT_INTERRUPT,
  EDIT_SUSPEND
} EditEvent;

typedef struct Editor {
  Handle base;
  uv_poll_t poll;
  uv_prepare_t before; /* the loop is about to wait */
  uv_check_t after;    /* it has waited */
  int closing;         /* of these, how many are not closed yet */
  int poll_fd;
  FILE *in, *out; /* of the library's own */
  const EditLib *lib;
  WaitList waiter; /* the task that reads */
  lua_State *L;    /* its coroutine, while it looks */
  Footer footer;   /* the line, while it is edited */
  SignalWatch signals;
  const char *prompt; /* stands on the stack of the task that reads */
  char *line;
  EditEvent event;
  bool active;     /* a line is being edited: the terminal is the library's */
  bool hidden;     /* it is off the screen at the moment */
  bool continued;  /* after Ctrl-Z; the signal that tells so is still to come */
  bool keyed;      /* keys have arrived in this turn of the loop */
  bool signalling; /* Ctrl-C and Ctrl-Z always are signals, as for other programs */
} Editor;

extern const HandleType edit_type;

Editor *edit_check(lua_State *L); /* argument 1 */
bool edit_is_open(void);          /* there is one at most */
int edit_read(lua_State *L);
void edit_open(Editor *e); /* poll_fd, in, out and lib are set */
void edit_close(Editor *e);

#endif
