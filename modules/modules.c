/* modules.c - the C halves of the modules: one opener each, in one table. */
#include "modules/modules.h"

const luaL_Reg modules_core[] = {
    {"procrun.core.task", luaopen_procrun_core_task},
    {"procrun.core.channel", luaopen_procrun_core_channel},
    {"procrun.core.config", luaopen_procrun_core_config},
    {"procrun.core.fs", luaopen_procrun_core_fs},
    {"procrun.core.json", luaopen_procrun_core_json},
    {"procrun.core.lookup", luaopen_procrun_core_lookup},
    {"procrun.core.net", luaopen_procrun_core_net},
    {"procrun.core.monitor", luaopen_procrun_core_monitor},
    {"procrun.core.pipe", luaopen_procrun_core_pipe},
    {"procrun.core.process", luaopen_procrun_core_process},
    {"procrun.core.procrun", luaopen_procrun_core_procrun},
    {"procrun.core.profile", luaopen_procrun_core_profile},
    {"procrun.core.repl", luaopen_procrun_core_repl},
    {"procrun.core.self", luaopen_procrun_core_self},
    {"procrun.core.signal", luaopen_procrun_core_signal},
    {"procrun.core.stream", luaopen_procrun_core_stream},
    {"procrun.core.sync", luaopen_procrun_core_sync},
    {"procrun.core.timer", luaopen_procrun_core_timer},
    {"procrun.core.tty", luaopen_procrun_core_tty},
    {"procrun.core.trace", luaopen_procrun_core_trace},
    {"procrun.core.udp", luaopen_procrun_core_udp},
    {"procrun.core.variable", luaopen_procrun_core_variable},
    {"procrun.core.bundle", luaopen_procrun_core_bundle},
    {NULL, NULL},
};
