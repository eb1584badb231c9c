/* file.h - Lua's own input and output where it waits as tasks do: print, the functions of `io`,
   os.execute, and the methods of files.

   Three kinds of files wait: the standard ones; io.popen's; and those that io.open, io.lines, io.input
   and io.output give for what may keep a reader or a writer waiting: FIFOs, terminals, devices. All
   others are Lua's own, and nothing here touches them.

   To C modules a file that waits is a luaL_Stream like any other: its FILE reads from and writes to the
   same stream, without a buffer of its own, and blocks. */
#ifndef PROCRUN_FILE_H
#define PROCRUN_FILE_H

#include "runtime/stream.h"

void file_define(lua_State *L); /* replaces what Lua's libraries have of these functions */

typedef struct File {
  luaL_Stream base; /* first: what C modules and Lua's own functions see */
  Stream *s;
  const char *reading, *writing; /* what is waited for, for reports: "input from FIFO x" */
} File;

/* The user values of a File. CHILD: the process at the other end of io.popen's, or nil. */
enum { FILE_STREAM = 1, FILE_CHILD, FILE_READING, FILE_WRITING };

/* Pushes a file for the stream at that index. name: "FIFO x", "`ls`" */
File *file_push(lua_State *L, int stream, const char *name);
void file_shut(File *f); /* closes one that is only read */

/* The open file behind arg if it is one of ours, a standard one included; NULL for anything else. */
luaL_Stream *file_test(lua_State *L, int arg);
bool file_is_ours(const luaL_Stream *file); /* the same for what is a file for certain */
int file_standard(const luaL_Stream *file); /* 0 to 2, or -1: it is a File */
Stream *file_give(lua_State *L, int arg);   /* the stream of a File; NULL for all others */

/* Lua's own function, which ours has as upvalue 1, called in our frame: its messages name what the
   script has called. */
int file_original(lua_State *L);

/* Waits until what was written is with the kernel: true | nil, message, errno. What keeps the stream
   stands on the stack. */
int file_wait_sent(lua_State *L, Stream *s, const char *what);

/* file_read.c, file_write.c, file_open.c, file_child.c: their functions */
extern const luaL_Reg file_read_io[], file_read_methods[];
extern const luaL_Reg file_write_io[], file_write_methods[];
extern const luaL_Reg file_open_io[], file_child_io[], file_child_os[];
int file_l_print(lua_State *L);

/* file_open.c */
bool file_may_wait(lua_State *L, const char *path, const char *mode); /* then it is opened by */
int file_l_open(lua_State *L); /* open(path, mode) -> file | nil, message, errno */
int file_open_failed(lua_State *L, const char *path); /* raises as Lua does; errno is on top */

/* file_read.c */
void file_block(Stream *s); /* stops everything until bytes, or the end, have come */
void file_push_lines(lua_State *L,
                     int file); /* file, close at the end?, formats… -> the iterator */

#endif
