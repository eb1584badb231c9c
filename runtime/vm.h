/* vm.h - the Lua state: libraries as procrun changes them, and the modules built in. */
#ifndef PROCRUN_VM_H
#define PROCRUN_VM_H

#include "runtime/rt.h"

/* Opens rt->L with the standard libraries; no_env as lua's -E. core: the C halves, by module name
   ("procrun.core.task"), ended by a NULL name. false: out of memory. */
bool vm_open(Runtime *rt, const luaL_Reg *core, bool no_env);

/* Calls f once, when the state is closed: objects made later are finalized before. The second call for
   the same f does nothing. */
void vm_at_close(lua_State *L, lua_CFunction f);

void vm_close(Runtime *rt); /* finalizers run; its memory is given back by the end of the process */

/* Pushes the loader of a built-in module (C half or embedded Lua file), or nil. */
void vm_push_builtin(lua_State *L, const char *name);

/* Pushes the function registered for "before_exit", "exit" or "end_children", or nil. */
void vm_push_hook(lua_State *L, const char *name);

#endif
