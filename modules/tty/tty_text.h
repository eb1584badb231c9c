/* tty_text.h - how text stands on a terminal: its columns, and what of it is escape sequences. */
#ifndef PROCRUN_TTY_TEXT_H
#define PROCRUN_TTY_TEXT_H

#include <lua.h>

int tty_text_width(lua_State *L);
int tty_text_strip(lua_State *L);
int tty_text_cut(lua_State *L);

#endif
