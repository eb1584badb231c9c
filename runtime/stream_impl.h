/* stream_impl.h - what stream.c, stream_out.c and stream_pool.c share. */
#ifndef PROCRUN_STREAM_IMPL_H
#define PROCRUN_STREAM_IMPL_H

#include "runtime/stream.h"

void stream_update(Stream *s);            /* watch (or ask the pool for) what is wanted now */
void stream_at_end(Stream *s, int error); /* nothing more will be read */
void stream_sent(Stream *s, size_t n);    /* the first n bytes of `out` are with the kernel */
void stream_fail(Stream *s, int error);   /* writing has failed; what is unsent is dropped */

void stream_pool_start(Stream *s,
                       bool read);  /* a request for what is wanted, if none is in flight */
void stream_pool_detach(Stream *s); /* the stream closes: a request under way is on its own */

#endif
