/* modules.h - the C halves of the modules: one opener each, in one table. */
#ifndef PROCRUN_MODULES_H
#define PROCRUN_MODULES_H

#include <lauxlib.h>

extern const luaL_Reg modules_core[]; /* "procrun.core.task", …; ended by a NULL name */

int luaopen_procrun_core_bundle(lua_State *L);
int luaopen_procrun_core_channel(lua_State *L);
int luaopen_procrun_core_config(lua_State *L);
int luaopen_procrun_core_edit(lua_State *L);
int luaopen_procrun_core_fs(lua_State *L);
int luaopen_procrun_core_json(lua_State *L);
int luaopen_procrun_core_lookup(lua_State *L);
int luaopen_procrun_core_net(lua_State *L);
int luaopen_procrun_core_monitor(lua_State *L);
int luaopen_procrun_core_pipe(lua_State *L);
int luaopen_procrun_core_process(lua_State *L);
int luaopen_procrun_core_procrun(lua_State *L);
int luaopen_procrun_core_profile(lua_State *L);
int luaopen_procrun_core_scope(lua_State *L);
int luaopen_procrun_core_self(lua_State *L);
int luaopen_procrun_core_repl(lua_State *L);
int luaopen_procrun_core_signal(lua_State *L);
int luaopen_procrun_core_stream(lua_State *L);
int luaopen_procrun_core_sync(lua_State *L);
int luaopen_procrun_core_task(lua_State *L);
int luaopen_procrun_core_timer(lua_State *L);
int luaopen_procrun_core_tty(lua_State *L);
int luaopen_procrun_core_trace(lua_State *L);
int luaopen_procrun_core_udp(lua_State *L);
int luaopen_procrun_core_variable(lua_State *L);

#endif
