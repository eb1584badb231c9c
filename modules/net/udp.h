/* udp.h - one UDP socket: the struct that udp.c (opening, watching, closing), udp_io.c (datagrams) and
   udp_options.c (what setsockopt knows) share. */
#ifndef PROCRUN_NET_UDP_H
#define PROCRUN_NET_UDP_H

#include <sys/socket.h>

#include "runtime/handle.h"
#include "runtime/task.h"

typedef enum Hold { HOLD_WAITERS, HOLD_ALWAYS, HOLD_NEVER } Hold;

typedef struct Udp {
  Handle base;
  uv_poll_t poll;
  int fd;
  int family; /* AF_INET, AF_INET6 */
  int events; /* what is watched; may hold more than is wanted */
  Hold hold;  /* does it keep the process alive: while a task waits, while it is open, never */
  int error;  /* libuv code that was told by the poll, for the next call; 0: none */
  size_t max_message;
  WaitList readers, writers;
} Udp;

extern const HandleType udp_type;

Udp *udp_check(lua_State *L); /* argument 1; it may be closed: fd is -1 then */
/* nil, "WHAT: the socket is closed", "EBADF"; what NULL: the caller will say it */
int udp_closed(lua_State *L, const char *what);
int udp_take_error(Udp *u); /* what the poll has told; 0: nothing */

/* The numeric address at argument arg with the port behind it, as this socket needs it: its size, 0:
   no numeric address, or a libuv code. */
int udp_destination(lua_State *L, const Udp *u, int arg, struct sockaddr_storage *out);

extern const luaL_Reg udp_io_methods[], udp_option_methods[];

#endif
