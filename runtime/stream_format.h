/* stream_format.h - what Lua's file formats ("l", "n", 10 …) take from the buffer of a stream. */
#ifndef PROCRUN_STREAM_FORMAT_H
#define PROCRUN_STREAM_FORMAT_H

#include "runtime/stream.h"

/* A value for each format from index `first` to the top, pushed; or, with the buffer and the stack
   as they were, WAIT_MORE. as_file: the reader is a file of Lua's, whose lines have no limit and whose
   failures are nil, message, errno; else they are nil, message, code. */
int stream_formats(lua_State *L, Stream *s, int first, bool as_file);

/* The same with more bytes than the buffer holds, if any can be had without waiting. */
int stream_try_formats(lua_State *L, Stream *s, int first, bool as_file);

bool stream_get_more(lua_State *L, Stream *s); /* bytes that nobody has seen may have come */
void stream_consumed(Stream *s);               /* bytes have left the buffer */

/* Nothing for the formats yet: at least `need` bytes are. Returns WAIT_MORE. */
int stream_wait_for(Stream *s, size_t need);

#endif
