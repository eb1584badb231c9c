/* look.c - facts about what is open, as procrun.snapshot() tells them. */
#include "runtime/look.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

void look_integer(lua_State *L, const char *key, lua_Integer value)
{
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

void look_number(lua_State *L, const char *key, double value)
{
  lua_pushnumber(L, value);
  lua_setfield(L, -2, key);
}

void look_string(lua_State *L, const char *key, const char *text)
{
  if (text == NULL) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

void look_flag(lua_State *L, const char *key, bool value)
{
  if (!value) return;
  lua_pushboolean(L, 1);
  lua_setfield(L, -2, key);
}

void look_waiters(lua_State *L, const char *key, const WaitList *list)
{
  lua_Integer n = 0;
  if (list->head == NULL) return;
  lua_newtable(L);
  for (Task *t = list->head; t; t = t->list_next) {
    lua_pushinteger(L, (lua_Integer)t->id);
    lua_rawseti(L, -2, ++n);
  }
  lua_setfield(L, -2, key);
}

void look_family(lua_State *L, const void *pointer)
{
  if (pointer == NULL) return;
  lua_pushlightuserdata(L, (void *)pointer);
  lua_setfield(L, -2, "family");
}

static bool is_path(const struct sockaddr *name, socklen_t size)
{
  return name->sa_family == AF_UNIX && size > offsetof(struct sockaddr_un, sun_path);
}

static void set_path(lua_State *L, const char *key, const struct sockaddr_un *un, socklen_t size)
{
  size_t length = size - offsetof(struct sockaddr_un, sun_path);
  if (un->sun_path[0] != 0) {
    lua_pushlstring(L, un->sun_path, strnlen(un->sun_path, length));
  } else { /* Linux: a name that is no file */
    lua_pushliteral(L, "@");
    lua_pushlstring(L, un->sun_path + 1, length - 1);
    lua_concat(L, 2);
  }
  lua_setfield(L, -2, key);
}

static void set_address(lua_State *L, const char *key, struct sockaddr_storage *name,
                        socklen_t size)
{
  char text[64];
  if (is_path((struct sockaddr *)name, size)) {
    set_path(L, key, (struct sockaddr_un *)name, size);
  } else if (name->ss_family == AF_INET) {
    const struct sockaddr_in *in = (struct sockaddr_in *)name;
    uv_inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
    lua_pushfstring(L, "%s:%d", text, ntohs(in->sin_port));
    lua_setfield(L, -2, key);
  } else if (name->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)name;
    uv_inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
    lua_pushfstring(L, "[%s]:%d", text, ntohs(in6->sin6_port));
    lua_setfield(L, -2, key);
  }
}

void look_addresses(lua_State *L, int fd)
{
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &size) == 0)
    set_address(L, "local_address", &name, size);
  size = sizeof name;
  if (getpeername(fd, (struct sockaddr *)&name, &size) == 0)
    set_address(L, "remote_address", &name, size);
}

double look_since(uint64_t when)
{
  uint64_t now = uv_hrtime();
  return now > when ? (double)(now - when) / 1e9 : 0;
}
