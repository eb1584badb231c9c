/* guest.h - C modules: package.loadlib, and what require needs to load them. */
#ifndef PROCRUN_GUEST_H
#define PROCRUN_GUEST_H

#include "runtime/rt.h"

void guest_define(lua_State *L);

#endif
