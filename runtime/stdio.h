/* stdio.h - standard input, output and error: what Lua (file.h) and C write, on one queue. */
#ifndef PROCRUN_STDIO_H
#define PROCRUN_STDIO_H

#include "runtime/stream.h"

void stdio_prepare(void);        /* first thing in main: fds 0-2 that are closed get /dev/null */
void stdio_install(Runtime *rt); /* before the Lua libraries: C's stdout and stderr become ours */
Stream *stdio_push(lua_State *L, int fd); /* the stream of fd 0, 1 or 2, opened on first use */
void stdio_flush_all(Runtime *rt); /* C buffers and ours, as far as it goes without waiting */
void stdio_end(Runtime *rt);    /* what was sent is sent; what finalizers print goes out at once */
int stdio_failure(Runtime *rt); /* libuv code if writing to standard output has failed */
void stdio_flush_now(Runtime *rt); /* everything, however long that takes */
void stdio_forget(Runtime *rt);    /* what is queued is not ours to write; from now on, at once */
Stream *stdio_get(lua_State *L, int fd);
int stdio_emit(Runtime *rt, int fd, const char *bytes, size_t n); /* 0 or a libuv code */
int stdio_put(Runtime *rt, int fd, const char *bytes, size_t n);  /* without a look at threads */

/* stdio_thread.c: other threads than that of the loop */
void stdio_own(void); /* called by the thread of the loop */
bool stdio_is_owner(void);
int stdio_write_aside(Runtime *rt, int fd, const char *bytes,
                      size_t n); /* kept until it is taken */
void stdio_take_aside(Runtime *rt);
void stdio_end_aside(Runtime *rt); /* from now on it is written at once */
int stdio_write_directly(int fd, const char *bytes, size_t n);

#endif
