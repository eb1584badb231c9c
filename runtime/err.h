/* err.h - failures of the outside world as Lua's nil, message, code. */
#ifndef PROCRUN_ERR_H
#define PROCRUN_ERR_H

#include <lua.h>

/* Pushes nil, "PREFIX: no such file or directory", "ENOENT"; returns 3. uverr is a libuv code
   (negative errno); prefix may be NULL, or a format with its arguments (lua_pushfstring's). */
int err_push(lua_State *L, int uverr, const char *prefix, ...);

/* The errno name of a libuv code: "ENOENT". Knows every errno of Linux. */
const char *err_code(int uverr);

/* The message for a libuv code: "no such file or directory". */
const char *err_message(int uverr);

/* Pushes nil, "timeout", "ETIMEDOUT"; returns 3. */
int err_timeout(lua_State *L);

#endif
