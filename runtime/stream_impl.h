/* stream_impl.h - what stream.c, stream_in.c, stream_out.c and stream_pool.c share. */
#ifndef PROCRUN_STREAM_IMPL_H
#define PROCRUN_STREAM_IMPL_H

#include "runtime/stream.h"

/* Reads are of FIRST_CHUNK, up to BLOCK (a pipe as the kernel makes it) while they are full, and of
   CHUNK for a stream that is busy. */
enum { STREAM_FIRST_CHUNK = 16 * 1024, STREAM_BLOCK = 64 * 1024, STREAM_CHUNK = 128 * 1024 };

void stream_update(Stream *s); /* watch (or ask the pool for) what is wanted now */
void stream_widen(Stream *s);  /* it is busy: a larger pipe, if it is one and that is possible */

/* stream_in.c */
bool stream_wants_input(const Stream *s);
void stream_fill(Stream *s);              /* reads for whoever wants bytes, and wakes the reader */
void stream_at_end(Stream *s, int error); /* nothing more will be read */

/* stream_out.c */
void stream_sent(Stream *s, size_t n);  /* the first n bytes of `out` are with the kernel */
void stream_fail(Stream *s, int error); /* writing has failed; what is unsent is dropped */
bool stream_settle(Stream *s); /* wakes writers; ends what was to end; false: s may be gone */

void stream_look(Handle *h, lua_State *L); /* stream_look.c: for handle.h */

/* stream_trace.c: where trace_on is set */
void stream_trace(const Stream *s, const char *event, ssize_t n); /* n: bytes, or a libuv code */
void stream_trace_write(const Stream *s, const char *bytes, size_t n);
void stream_trace_plain(const Stream *s, const char *event);

/* stream_pool.c */
void stream_pool_start(Stream *s,
                       bool read);  /* a request for what is wanted, if none is in flight */
void stream_pool_detach(Stream *s); /* the stream closes: a request under way is on its own */

#endif
