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

/* "127.0.0.1:80", "[::1]:80", "/path", "@name" for one that is no file; empty for anything else. */
static void write_name(const struct sockaddr_storage *name, socklen_t size, char text[LOOK_NAME])
{
  const size_t head = offsetof(struct sockaddr_un, sun_path);
  char host[INET6_ADDRSTRLEN] = "";
  text[0] = 0;
  if (name->ss_family == AF_UNIX && size > head) {
    const char *path = ((const struct sockaddr_un *)name)->sun_path;
    bool hidden = *path == 0;
    snprintf(text, LOOK_NAME, "%s%.*s", hidden ? "@" : "", (int)(size - head - hidden),
             path + hidden);
  } else if (name->ss_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)name;
    uv_inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
    snprintf(text, LOOK_NAME, "%s:%d", host, ntohs(in->sin_port));
  } else if (name->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)name;
    uv_inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
    snprintf(text, LOOK_NAME, "[%s]:%d", host, ntohs(in6->sin6_port));
  }
}

bool look_name(int fd, bool remote, char text[LOOK_NAME])
{
  struct sockaddr_storage name = {0};
  socklen_t size = sizeof name;
  int r = (remote ? getpeername : getsockname)(fd, (struct sockaddr *)&name, &size);
  text[0] = 0;
  if (r == 0) write_name(&name, size, text);
  return *text != 0;
}

void look_addresses(lua_State *L, int fd)
{
  char text[LOOK_NAME];
  if (look_name(fd, false, text)) look_string(L, "local_address", text);
  if (look_name(fd, true, text)) look_string(L, "remote_address", text);
}

double look_since(uint64_t when)
{
  uint64_t now = uv_hrtime();
  return now > when ? (double)(now - when) / 1e9 : 0;
}
