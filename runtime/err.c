/* err.c - failures of the outside world as Lua's nil, message, code. */
#include "runtime/err.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

/* glibc knows every errno by name; libuv 1.44 lacks some (ENOEXEC, ECHILD). */
const char *err_code(int uverr)
{
#if defined(__GLIBC__)
  const char *name = uverr < 0 && uverr > -4000 ? strerrorname_np(-uverr) : NULL;
  if (uverr <= -3000) name = uv_err_name(uverr); /* libuv's own: UV_EOF, UV_EAI_… */
  return name ? name : "UNKNOWN";
#else
  return uv_err_name(uverr);
#endif
}

const char *err_message(int uverr)
{
  if (uverr == UV_EOF || uverr <= -3000) return uv_strerror(uverr);
  return strerror(-uverr);
}

/* strerror begins with a capital; in the middle of a sentence it should not. */
static void push_message(lua_State *L, int uverr)
{
  char text[128];
  snprintf(text, sizeof text, "%s", err_message(uverr));
  if (text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z'))
    text[0] = (char)(text[0] + 32);
  lua_pushstring(L, text);
}

int err_push(lua_State *L, int uverr, const char *prefix, ...)
{
  lua_pushnil(L);
  if (prefix) {
    va_list args;
    va_start(args, prefix);
    lua_pushvfstring(L, prefix, args);
    va_end(args);
    lua_pushliteral(L, ": ");
    push_message(L, uverr);
    lua_concat(L, 3);
  } else {
    push_message(L, uverr);
  }
  lua_pushstring(L, err_code(uverr));
  return 3;
}

int err_timeout(lua_State *L)
{
  lua_pushnil(L);
  lua_pushliteral(L, "timeout");
  lua_pushliteral(L, "ETIMEDOUT");
  return 3;
}
