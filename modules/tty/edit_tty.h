/* edit_tty.h - the terminal around an edited line: which keys are signals, and the way back to how it
   was however the program ends. */
#ifndef PROCRUN_EDIT_TTY_H
#define PROCRUN_EDIT_TTY_H

#include <stdbool.h>

void edit_tty_open(int fd); /* what it is like now is what it comes back to */
void edit_tty_close(void);

/* From true to false the terminal belongs to the editor: what ends the program restores it. */
void edit_tty_taken(bool on);

/* Do Ctrl-C, Ctrl-Z and Ctrl-\ send signals, or are they keys? */
void edit_tty_signals(bool on);

#endif
