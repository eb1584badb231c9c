/* udp_options.c - what setsockopt knows of a UDP socket: groups of multicast, TTL, buffers.
   u:membership("join", group, source or nil, interface or nil); u:set("ttl", 64) */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "modules/net/address.h"
#include "modules/net/udp.h"
#include "runtime/err.h"

static bool same_host(const struct sockaddr *a, const struct sockaddr_storage *b)
{
  if (a == NULL || a->sa_family != b->ss_family) return false;
  if (a->sa_family == AF_INET)
    return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
           ((const struct sockaddr_in *)b)->sin_addr.s_addr;
  return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
}

/* The number of the interface that has this address; 0: none. */
static unsigned interface_with(const struct sockaddr_storage *address)
{
  struct ifaddrs *all;
  unsigned index = 0;
  if (getifaddrs(&all) < 0) return 0;
  for (struct ifaddrs *i = all; i && index == 0; i = i->ifa_next)
    if (same_host(i->ifa_addr, address)) index = if_nametoindex(i->ifa_name);
  freeifaddrs(all);
  return index;
}

/* The number of the interface at arg: a number, a name, one of its addresses, "::%eth0"; nil and
   0.0.0.0 leave the choice to the kernel. False: there is none. */
static bool find_interface(lua_State *L, int arg, unsigned *index)
{
  struct sockaddr_storage address;
  *index = 0;
  if (lua_isnoneornil(L, arg)) return true;
  if (lua_isinteger(L, arg)) {
    *index = (unsigned)lua_tointeger(L, arg);
    return true;
  }
  const char *text = luaL_checkstring(L, arg);
  if (address_parse(text, 0, &address) == 0) return (*index = if_nametoindex(text)) != 0;
  if (address.ss_family == AF_INET6) *index = ((struct sockaddr_in6 *)&address)->sin6_scope_id;
  if (*index || address_is_any(&address)) return true;
  return (*index = interface_with(&address)) != 0;
}

static int no_interface(lua_State *L, int arg)
{
  lua_pushnil(L);
  lua_pushfstring(L, "no interface has the name or address '%s'", lua_tostring(L, arg));
  lua_pushliteral(L, "ENODEV");
  return 3;
}

static int level_of(const Udp *u)
{
  return u->family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
}

static int done(lua_State *L, int r)
{
  if (r < 0) return err_push(L, -errno, NULL);
  lua_pushboolean(L, 1);
  return 1;
}

/* An address of the socket's own family at arg. */
static bool own_address(lua_State *L, const Udp *u, int arg, struct sockaddr_storage *out)
{
  return address_at(L, arg, 0, out) > 0 && out->ss_family == u->family;
}

static int no_address(lua_State *L, const Udp *u, int arg)
{
  lua_pushnil(L);
  lua_pushfstring(L, "'%s' is no IPv%d address", lua_tostring(L, arg),
                  u->family == AF_INET6 ? 6 : 4);
  lua_pushliteral(L, "EINVAL");
  return 3;
}

static bool is_group(const struct sockaddr_storage *address)
{
  if (address->ss_family == AF_INET6)
    return IN6_IS_ADDR_MULTICAST(&((const struct sockaddr_in6 *)address)->sin6_addr);
  return IN_MULTICAST(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
}

static int no_group(lua_State *L, const Udp *u, int arg)
{
  lua_pushnil(L);
  lua_pushfstring(L, "'%s' is no multicast group (%s)", lua_tostring(L, arg),
                  u->family == AF_INET6 ? "ff00::/8" : "224.0.0.0 to 239.255.255.255");
  lua_pushliteral(L, "EINVAL");
  return 3;
}

/* u:membership(join, group, source or nil, interface or nil) -> true | nil, message, code */
static int l_membership(lua_State *L)
{
  Udp *u = udp_check(L);
  bool join = lua_toboolean(L, 2);
  unsigned index;
  struct group_source_req source = {0};
  struct group_req group = {0};
  if (u->fd < 0) return udp_closed(L, NULL);
  if (!own_address(L, u, 3, &group.gr_group)) return no_address(L, u, 3);
  if (!is_group(&group.gr_group)) return no_group(L, u, 3);
  if (!find_interface(L, 5, &index)) return no_interface(L, 5);
  group.gr_interface = source.gsr_interface = index;
  if (lua_isnil(L, 4))
    return done(L, setsockopt(u->fd, level_of(u), join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP,
                              &group, sizeof group));
  if (!own_address(L, u, 4, &source.gsr_source)) return no_address(L, u, 4);
  source.gsr_group = group.gr_group;
  int name = join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP;
  return done(L, setsockopt(u->fd, level_of(u), name, &source, sizeof source));
}

/* u:multicast_interface(interface) -> true | nil, message, code */
static int l_multicast_interface(lua_State *L)
{
  Udp *u = udp_check(L);
  unsigned index;
  if (u->fd < 0) return udp_closed(L, NULL);
  if (!find_interface(L, 2, &index)) return no_interface(L, 2);
  struct sockaddr_storage address;
  struct ip_mreqn ip4 = {.imr_ifindex = (int)index};
  if (lua_type(L, 2) == LUA_TSTRING && address_parse(lua_tostring(L, 2), 0, &address) &&
      address.ss_family == AF_INET) /* it is the sender's as well */
    ip4.imr_address = ((struct sockaddr_in *)&address)->sin_addr;
  if (u->family == AF_INET)
    return done(L, setsockopt(u->fd, IPPROTO_IP, IP_MULTICAST_IF, &ip4, sizeof ip4));
  return done(L, setsockopt(u->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index));
}

/* The options by their names, for IPv4 and for IPv6. */
static const struct {
  const char *name;
  int level4, name4, level6, name6;
} options[] = {
    {"broadcast", SOL_SOCKET, SO_BROADCAST, SOL_SOCKET, SO_BROADCAST},
    {"multicast_loopback", IPPROTO_IP, IP_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
    {"multicast_ttl", IPPROTO_IP, IP_MULTICAST_TTL, IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
    {"recv_buffer_size", SOL_SOCKET, SO_RCVBUF, SOL_SOCKET, SO_RCVBUF},
    {"send_buffer_size", SOL_SOCKET, SO_SNDBUF, SOL_SOCKET, SO_SNDBUF},
    {"ttl", IPPROTO_IP, IP_TTL, IPPROTO_IPV6, IPV6_UNICAST_HOPS},
};

static int check_option(lua_State *L, const Udp *u, int *level)
{
  const char *name = luaL_checkstring(L, 2);
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (strcmp(options[i].name, name) == 0) {
      *level = u->family == AF_INET6 ? options[i].level6 : options[i].level4;
      return u->family == AF_INET6 ? options[i].name6 : options[i].name4;
    }
  return luaL_argerror(L, 2, "name of an option expected");
}

/* u:set(option, integer) -> true | nil, message, code */
static int l_set(lua_State *L)
{
  Udp *u = udp_check(L);
  int level, name = check_option(L, u, &level), value = (int)luaL_checkinteger(L, 3);
  if (u->fd < 0) return udp_closed(L, NULL);
  return done(L, setsockopt(u->fd, level, name, &value, sizeof value));
}

/* u:get(option) -> integer | nil, message, code */
static int l_get(lua_State *L)
{
  Udp *u = udp_check(L);
  int level, name = check_option(L, u, &level), value = 0;
  socklen_t size = sizeof value;
  if (u->fd < 0) return udp_closed(L, NULL);
  if (getsockopt(u->fd, level, name, &value, &size) < 0) return err_push(L, -errno, NULL);
  lua_pushinteger(L, value);
  return 1;
}

const luaL_Reg udp_option_methods[] = {{"membership", l_membership},
                                       {"multicast_interface", l_multicast_interface},
                                       {"set", l_set},
                                       {"get", l_get},
                                       {NULL, NULL}};
