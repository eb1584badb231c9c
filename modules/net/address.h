/* address.h - numeric internet addresses: text to and from what the kernel takes. */
#ifndef PROCRUN_NET_ADDRESS_H
#define PROCRUN_NET_ADDRESS_H

#include <lua.h>
#include <stdbool.h>
#include <sys/socket.h>

/* "127.0.0.1", "::1", "fe80::1%eth0" with a port; the size of what stands in *out, or 0: the text is
   no numeric address (or names an interface that does not exist). */
socklen_t address_parse(const char *text, int port, struct sockaddr_storage *out);

/* The same for an argument of Lua; what holds a NUL byte is no address. */
socklen_t address_at(lua_State *L, int arg, int port, struct sockaddr_storage *out);

/* The same address in IPv6's form: ::ffff:127.0.0.1; nothing if it is of IPv6 already. */
socklen_t address_map(struct sockaddr_storage *address);

/* Pushes address, port, "IPv4" or "IPv6"; nil, nil, nil for another kind. Returns 3. */
int address_push(lua_State *L, const struct sockaddr *address);

bool address_is_any(const struct sockaddr_storage *address); /* 0.0.0.0, :: */

#endif
