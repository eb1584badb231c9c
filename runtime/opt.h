/* opt.h - arguments and option tables of scripts as C values; the only marshalling code. */
#ifndef PROCRUN_OPT_H
#define PROCRUN_OPT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

/* A time: seconds as a number, or "250ms", "1.5s", "10m", "2h", "1d"; raises for anything else. */
double opt_seconds(lua_State *L, int arg);

/* The same, optional: nil or nothing is -1, "no limit". */
double opt_timeout(lua_State *L, int arg);

/* A signal: "SIGTERM", "TERM", 15; raises, naming it, for one that does not exist. */
int opt_signal(lua_State *L, int arg);

/* Fields of the plan table at index; all raise "field 'x'" when the type is wrong. */
bool opt_flag(lua_State *L, int index, const char *key);
lua_Integer opt_integer(lua_State *L, int index, const char *key, lua_Integer otherwise);

/* A string field or NULL; stays valid while the table holds it. */
const char *opt_string(lua_State *L, int index, const char *key);

/* An array of strings as a NULL-terminated char*[], in a userdata that is pushed; the strings stay
   valid while the table holds them. Raises for what is not a string or holds a NUL byte. */
char **opt_strings(lua_State *L, int index, const char *key);

#endif
