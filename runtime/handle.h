/* handle.h - a Lua userdata and the libuv (or kernel) thing it owns.

   Rules:
   - The struct lives on the C heap, `Handle base` first; the userdata holds a pointer to it.
   - It is born closed; handle_open is called right after uv_*_init returned 0 (or once the kernel
     object is owned). From then on it stands on the runtime's list until it is closed.
   - handle_close is the one way out: method, __close, __gc and the end of the run all end there.
   - The struct is freed by whoever comes last: libuv's close callback or Lua's __gc.
   - A type with `linger` decides at __gc whether work is left (a live child, unsent bytes): while it
     answers true the handle stays open without its userdata, and closes itself when it is done. */
#ifndef PROCRUN_HANDLE_H
#define PROCRUN_HANDLE_H

#include "runtime/rt.h"

typedef struct HandleType {
  const char *name;           /* metatable name, as error messages show it */
  void (*close)(Handle *h);   /* about to close: release fds, wake whoever waits; C memory only */
  bool (*linger)(Handle *h);  /* may be NULL: is there work left though Lua dropped the handle? */
  void (*release)(Handle *h); /* may be NULL: last call before free() */
  bool (*unsent)(Handle *h);  /* may be NULL: are there bytes that an exit has to wait for? */
  void (*look)(Handle *h, lua_State *L); /* may be NULL: sets facts in a table; see look.h */
} HandleType;

struct Handle {
  Runtime *rt;
  const HandleType *type;
  uv_handle_t *uv; /* NULL where no libuv handle is owned */
  Handle *prev, *next;
  bool open;    /* on the runtime's list */
  bool closing; /* uv_close called, its callback not yet */
  bool dropped; /* the userdata is gone */
};

/* Creates the metatable: methods, plus close, closed, __close and __gc. Leaves nothing. Without
   methods they are added by a second call, if anybody makes one. */
void handle_type(lua_State *L, const HandleType *type, const luaL_Reg *methods);

void *handle_new(lua_State *L, size_t size,
                 const HandleType *type); /* zeroed; pushes the userdata */
void handle_open(Handle *h, uv_handle_t *uv);
void handle_close(Handle *h); /* idempotent */

/* For a type that closes what it owns itself, and not at once: its close sets `closing`, and this is
   called when the struct may go. */
void handle_closed(Handle *h);

/* The struct behind argument arg; raises for another type, and for a closed handle unless
   handle_any is used. */
void *handle_check(lua_State *L, int arg, const HandleType *type);
void *handle_any(lua_State *L, int arg, const HandleType *type);
void *handle_test(lua_State *L, int arg, const HandleType *type); /* NULL for anything else */

/* Has any handle bytes that an exit has to wait for? */
bool handle_unsent(Runtime *rt);

/* Closes every open handle: the end of a run. */
void handle_close_all(Runtime *rt);

#endif
