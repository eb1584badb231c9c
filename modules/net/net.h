/* net.h - connections and servers: what net.c, net_listen.c and net_connect.c share. */
#ifndef PROCRUN_NET_NET_H
#define PROCRUN_NET_NET_H

#include <netinet/in.h>
#include <sys/un.h>

#include "runtime/stream.h"

/* How many connections of one server are open: shared by the server and all of them. */
typedef struct Tally {
  unsigned refs, count;
  Bell *bell; /* rung when the last one closes */
} Tally;

typedef union Peer {
  struct sockaddr any;
  struct sockaddr_in ip4;
  struct sockaddr_in6 ip6;
} Peer; /* of another kind (a path): only the family counts */

/* A stream that is a connection. */
typedef struct Socket {
  Stream stream;
  Tally *tally; /* NULL where no server accepted it */
  Peer peer;    /* kept here: a connection that has been reset no longer knows it */
} Socket;

/* The socket first, then its descriptor: where memory ends, none is left behind. */
Socket *net_socket_new(lua_State *L); /* pushes the userdata */
void net_socket_take(Socket *k, int fd, const Peer *peer, Tally *tally);

Tally *net_tally_new(lua_State *L, Bell *bell); /* one reference, the caller's */
void net_tally_unref(Tally *t);

/* The address a plan table asks for: `path`, or `address` and `port`, each behind the prefix. Its
   size, or a libuv code. */
int net_plan_address(lua_State *L, int plan, const char *prefix, struct sockaddr_storage *out);

/* A non-blocking socket of that family; or a libuv code. */
int net_open(int family);

/* Pushes address, port, family; of a path: the path, nil, "unix". Returns 3. */
int net_push_name(lua_State *L, const struct sockaddr *name, socklen_t size);

/* net_trace.c, for TRACE_NET: server -1: none; error: a libuv code, or 0 */
void net_trace(const char *event, int fd, int server, int error);

/* net_listen.c, net_connect.c */
int net_l_listen(lua_State *L);
int net_l_adopt_server(lua_State *L);
int net_l_probe(lua_State *L);
int net_l_dial(lua_State *L);
void net_listen_define(lua_State *L);
void net_connect_define(lua_State *L);

#endif
