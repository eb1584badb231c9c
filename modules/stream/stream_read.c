/* stream_read.c - reading methods of a stream; what a format takes stands in runtime/stream_format.c. */
#include "modules/stream/stream_read.h"

#include <string.h>

#include "runtime/adopt.h"
#include "runtime/err.h"
#include "runtime/stream_format.h"

enum { MOST_FORMATS = 100 };

int stream_closed_while_waiting(lua_State *L)
{
  lua_pushnil(L);
  lua_pushliteral(L, "the stream was closed");
  lua_pushliteral(L, "ECANCELED");
  return 3;
}

static int try_from(lua_State *L, Stream *s, int first)
{
  if (!s->base.open) return stream_closed_while_waiting(L);
  return stream_try_formats(L, s, first, false);
}

static int try_read(lua_State *L, void *object)
{
  return try_from(L, object, 2);
}

/* Lua's message, without the position: that of the script is added by stream.lua. */
static void check_formats(lua_State *L)
{
  luaL_checkstack(L, lua_gettop(L) + 4, "too many arguments");
  for (int arg = 2; arg <= lua_gettop(L); arg++) {
    const char *format = lua_type(L, arg) == LUA_TSTRING ? lua_tostring(L, arg) : NULL;
    int is_integer = 0;
    if (format) {
      if (*format == '*') format++;
      luaL_argcheck(L, *format && strchr("lLan", *format), arg, "invalid format");
    } else if (lua_isnil(L, arg) && lua_gettop(L) == 2) {
      lua_settop(L, 1); /* read(nil): as if nothing had been said */
    } else {
      lua_Integer n = lua_tointegerx(L, arg, &is_integer);
      luaL_argexpected(L, lua_type(L, arg) == LUA_TNUMBER && is_integer, arg, "format or count");
      luaL_argcheck(L, n >= 0, arg, "a count of bytes cannot be negative");
    }
  }
}

/* A file may have grown since its end was met; what else has ended stays so. */
static int wait_input(lua_State *L, Stream *s, TaskTry try)
{
  if (s->eof && s->flags & STREAM_POOL) stream_look_anew(s);
  return task_wait(L, &(Wait){&s->readers, try, s, -1, "input from a stream", false});
}

int stream_l_read(lua_State *L)
{
  Stream *s = handle_check(L, 1, &stream_type);
  check_formats(L);
  return wait_input(L, s, try_read);
}

/* Arguments: stream, the function that raises, formats. */
static int try_next(lua_State *L, void *object)
{
  int results = try_from(L, object, 3);
  if (results != 3 || !lua_isnil(L, -3)) return results; /* a nil that is no failure comes alone */
  lua_pushvalue(L, 2);
  lua_insert(L, -3);
  lua_call(L, 2, 0);
  return 0;
}

/* Pushes what is there, up to max bytes. */
static int take_some(lua_State *L, Stream *s, size_t max)
{
  if (buf_size(&s->in) <= max) {
    adopt_push(L, &s->in);
  } else {
    lua_pushlstring(L, buf_head(&s->in), max);
    buf_consume(&s->in, max);
  }
  stream_consumed(s);
  return 1;
}

static int push_end(lua_State *L, const Stream *s)
{
  if (s->read_error) return err_push(L, s->read_error, "read");
  lua_pushnil(L);
  return 1;
}

static int try_some(lua_State *L, void *object)
{
  enum { MOST = 128 * 1024 };
  Stream *s = object;
  if (!s->base.open) return stream_closed_while_waiting(L);
  s->need = 1;
  if (buf_size(&s->in) == 0 && stream_get_more(L, s) && !s->base.open)
    return stream_closed_while_waiting(L);
  size_t size = buf_size(&s->in), max = (size_t)luaL_optinteger(L, 2, MOST);
  if (size == 0) return s->eof ? push_end(L, s) : stream_wait_for(s, 1);
  return take_some(L, s, max);
}

/* The iterator: its upvalues are the arguments of try_next. */
static int l_next(lua_State *L)
{
  Stream *s = *(Stream **)lua_touserdata(L, lua_upvalueindex(1));
  lua_settop(L, 0);
  if (s == NULL || !s->base.open) {
    lua_pushnil(L);
    return 1;
  }
  luaL_checkstack(L, MOST_FORMATS + 10, NULL);
  for (int i = 1; i == 1 || !lua_isnone(L, lua_upvalueindex(i)); i++)
    lua_pushvalue(L, lua_upvalueindex(i));
  return wait_input(L, s, try_next);
}

int stream_l_lines(lua_State *L)
{
  handle_check(L, 1, &stream_type);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  luaL_argcheck(L, lua_gettop(L) <= MOST_FORMATS, MOST_FORMATS, "too many formats");
  if (lua_gettop(L) == 3 && lua_isnil(L, 3)) lua_settop(L, 2); /* as if nothing had been said */
  lua_pushcclosure(L, l_next, lua_gettop(L));
  return 1;
}

int stream_l_read_some(lua_State *L)
{
  Stream *s = handle_check(L, 1, &stream_type);
  luaL_argcheck(L, luaL_optinteger(L, 2, 1) > 0, 2, "a positive count expected");
  return wait_input(L, s, try_some);
}

int stream_l_take(lua_State *L)
{
  Stream *s = handle_any(L, 1, &stream_type);
  return take_some(L, s, (size_t)luaL_checkinteger(L, 2));
}
