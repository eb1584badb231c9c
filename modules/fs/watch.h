/* watch.h - directories that inotify watches. */
#ifndef PROCRUN_WATCH_H
#define PROCRUN_WATCH_H

#include <lua.h>

/* Watches the directory from now on: its number, or a libuv code. Any thread may call it. */
int watch_add(int fd, const char *path);

/* A duplicate of the descriptor of the watcher at argument arg, or a libuv code. */
int watch_share(lua_State *L, int arg);

#endif
