/* protect.h - protected calls that let cancels pass: pcall, xpcall, and those of our own. */
#ifndef PROCRUN_PROTECT_H
#define PROCRUN_PROTECT_H

#include "runtime/task.h"

/* Calls the function that has nargs values above it under lua_pcallk, keeping a traceback, and goes
   on in k. Exactly one value must stand below the function; a handler is put on top of that one, so
   k finds its results from index 3 on. Use as: return protect_call(L, nargs, ctx, k). */
int protect_call(lua_State *L, int nargs, lua_KContext ctx, lua_KFunction k);

/* A coroutine body: calls its first argument with the others, protected. */
int protect_body(lua_State *L);

/* The error at index `from` goes on as the one at `to`: its traceback stays with it. */
void protect_retarget(lua_State *L, int from, int to);

/* The task `from` (userdata at index) failed with the error on top of L; it is about to be raised
   here as well, and its traceback comes along. */
void protect_adopt(lua_State *L, Task *from, int index);

/* Pushes the traceback kept for the error at index, or nil. */
void protect_push_trace(lua_State *L, Task *t, int index);

/* In a __close handler: pushes the error that is ending the block. false: there is none, or it is one
   that a pcall is going to catch. */
bool protect_push_pending(lua_State *L);

/* How many __close handlers run in this task, one in another, on the coroutines it is in. */
int protect_close_depth(Task *t);

/* protect_trace.c: pushes the traceback from the function that called the caller on, without the
   frames of boot.lua. */
void protect_traceback(lua_State *L);

/* co's traceback stands on top of L, as Lua has made it: what is ours is left out. NULL: a coroutine
   that is dead. */
void protect_tidy_traceback(lua_State *L, lua_State *co);

/* Is the innermost function of Lua one of our modules'? */
bool protect_in_own_code(lua_State *L);

/* Where the C function f stands on the stack; 0: nowhere. */
int protect_level_of(lua_State *L, lua_CFunction f);

/* A traceback of L from `level` on stands on top; its first line begins at the byte `from`. The frame
   at level `hidden` is left out. */
void protect_hide_frame(lua_State *L, int level, size_t from, int hidden);

void protect_define(lua_State *L); /* the globals pcall and xpcall, and debug.traceback */

#endif
