/* stream_read.h - the reading methods of a stream, for stream.c. */
#ifndef PROCRUN_STREAM_READ_H
#define PROCRUN_STREAM_READ_H

#include "runtime/stream.h"

int stream_l_read(lua_State *L);      /* s:read([format, …]) */
int stream_l_lines(lua_State *L);     /* s:lines(raise, …): the iterator */
int stream_l_read_some(lua_State *L); /* s:read_some([max]) */
int stream_l_take(lua_State *L);      /* s:take() */

int stream_closed_while_waiting(lua_State *L); /* pushes nil, message, "ECANCELED" */

#endif
