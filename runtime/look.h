/* look.h - facts about what is open, as procrun.snapshot() tells them: HandleType.look sets them in
   the table on top of L. Nothing of it costs anything until somebody looks. */
#ifndef PROCRUN_LOOK_H
#define PROCRUN_LOOK_H

#include "runtime/task.h"

void look_integer(lua_State *L, const char *key, lua_Integer value);
void look_number(lua_State *L, const char *key, double value);
void look_string(lua_State *L, const char *key, const char *text); /* NULL: nothing */
void look_flag(lua_State *L, const char *key, bool value);         /* false: nothing */

/* The ids of the tasks that wait in the list; nothing where none does. */
void look_waiters(lua_State *L, const char *key, const WaitList *list);

/* `family`: handles with the same pointer belong together: a child, its streams and its channel. */
void look_family(lua_State *L, const void *pointer);

/* `local_address` and `remote_address` of a socket: "127.0.0.1:80", "[::1]:80", "/path". */
void look_addresses(lua_State *L, int fd);

enum { LOOK_NAME = 128 };
bool look_name(int fd, bool remote, char text[LOOK_NAME]); /* one of them; false: it has none */

/* How many seconds ago a point in time of uv_hrtime was. */
double look_since(uint64_t when);

#endif
