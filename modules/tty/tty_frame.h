/* tty_frame.h - lines at the bottom of the terminal, below everything that is printed. */
#ifndef PROCRUN_TTY_FRAME_H
#define PROCRUN_TTY_FRAME_H

#include <lua.h>

int tty_frame(lua_State *L);
int tty_frame_pause(lua_State *L);
int tty_footer_up(lua_State *L);
int tty_unfinished(lua_State *L);
void tty_frame_define(lua_State *L);

#endif
