/* crew.h - tasks that are waited for together; all, race, map and group are made of crews. */
#ifndef PROCRUN_CREW_H
#define PROCRUN_CREW_H

#include <lua.h>

void crew_define(lua_State *L); /* into the table on top: procrun.core.task */

#endif
