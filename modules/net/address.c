/* address.c - numeric internet addresses: text to and from what the kernel takes. */
#include "modules/net/address.h"

#include <arpa/inet.h>
#include <lauxlib.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "eth0", or a number; 0: there is none. */
static unsigned scope_of(const char *text)
{
  unsigned index = if_nametoindex(text);
  if (index || strspn(text, "0123456789") != strlen(text)) return index;
  return (unsigned)strtoul(text, NULL, 10);
}

static socklen_t parse_ip6(const char *text, int port, struct sockaddr_in6 *out)
{
  char plain[INET6_ADDRSTRLEN];
  size_t size = strcspn(text, "%");
  if (size >= sizeof plain) return 0;
  memcpy(plain, text, size);
  plain[size] = 0;
  *out = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET6, plain, &out->sin6_addr) != 1) return 0;
  if (text[size] == '%' && (out->sin6_scope_id = scope_of(text + size + 1)) == 0) return 0;
  return sizeof *out;
}

socklen_t address_parse(const char *text, int port, struct sockaddr_storage *out)
{
  memset(out, 0, sizeof *out);
  if (strchr(text, ':')) return parse_ip6(text, port, (struct sockaddr_in6 *)out);
  struct sockaddr_in *ip4 = (struct sockaddr_in *)out;
  ip4->sin_family = AF_INET;
  ip4->sin_port = htons((uint16_t)port);
  return inet_pton(AF_INET, text, &ip4->sin_addr) == 1 ? sizeof *ip4 : 0;
}

socklen_t address_at(lua_State *L, int arg, int port, struct sockaddr_storage *out)
{
  size_t n;
  const char *text = luaL_checklstring(L, arg, &n);
  return strlen(text) == n ? address_parse(text, port, out) : 0;
}

socklen_t address_map(struct sockaddr_storage *address)
{
  struct sockaddr_in ip4;
  struct sockaddr_in6 *ip6 = (struct sockaddr_in6 *)address;
  if (address->ss_family != AF_INET) return sizeof *ip6;
  memcpy(&ip4, address, sizeof ip4);
  *ip6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = ip4.sin_port};
  memset(&ip6->sin6_addr.s6_addr[10], 0xff, 2);
  memcpy(&ip6->sin6_addr.s6_addr[12], &ip4.sin_addr, 4);
  return sizeof *ip6;
}

static void push_ip6(lua_State *L, const struct sockaddr_in6 *ip6)
{
  char text[INET6_ADDRSTRLEN], name[IF_NAMESIZE];
  lua_pushstring(L, inet_ntop(AF_INET6, &ip6->sin6_addr, text, sizeof text));
  if (ip6->sin6_scope_id == 0 || !IN6_IS_ADDR_LINKLOCAL(&ip6->sin6_addr)) return;
  if (if_indextoname(ip6->sin6_scope_id, name))
    lua_pushfstring(L, "%%%s", name);
  else
    lua_pushfstring(L, "%%%d", (int)ip6->sin6_scope_id);
  lua_concat(L, 2);
}

int address_push(lua_State *L, const struct sockaddr *address)
{
  char text[INET_ADDRSTRLEN];
  const struct sockaddr_in *ip4 = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)address;
  if (address->sa_family == AF_INET) {
    lua_pushstring(L, inet_ntop(AF_INET, &ip4->sin_addr, text, sizeof text));
    lua_pushinteger(L, ntohs(ip4->sin_port));
    lua_pushliteral(L, "IPv4");
  } else if (address->sa_family == AF_INET6) {
    push_ip6(L, ip6);
    lua_pushinteger(L, ntohs(ip6->sin6_port));
    lua_pushliteral(L, "IPv6");
  } else {
    lua_settop(L, lua_gettop(L) + 3);
  }
  return 3;
}

bool address_is_any(const struct sockaddr_storage *address)
{
  const struct sockaddr_in *ip4 = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)address;
  if (address->ss_family == AF_INET) return ip4->sin_addr.s_addr == INADDR_ANY;
  return IN6_IS_ADDR_UNSPECIFIED(&ip6->sin6_addr);
}
