/* monitor.h - what the files of procrun.core.monitor share. */
#ifndef PROCRUN_MONITOR_H
#define PROCRUN_MONITOR_H

#include "runtime/req.h"

int monitor_system(lua_State *L); /* system() -> table */

#endif
