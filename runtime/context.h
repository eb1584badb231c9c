/* context.h - what a task hands on to the tasks that it starts: the values of its variables, and a
   working directory and an environment, where it has them beside those of the process.

   A Context never changes once a task has it: tasks share it. To open a scope is to get another one,
   to close it is to get the former one back. NULL is that of a task in which no scope was ever opened,
   and that costs nothing. */
#ifndef PROCRUN_CONTEXT_H
#define PROCRUN_CONTEXT_H

#include "runtime/environment.h"
#include "runtime/place.h"
#include "runtime/task.h"

typedef struct Context {
  unsigned refs;
  int values; /* reference of a table: variable -> value; LUA_NOREF: none */
  Place *place;
  Environment *environment;
} Context;

/* One scope. Its task sees what the scopes that are open set, the last one first: to close one that is
   not the last takes away no more than its own. */
typedef struct Setting { /* the memory of a Lua userdata */
  Task *task;            /* NULL: closed */
  Context *before;       /* what the task had without it, and without those opened later */
  struct Setting *outer, *inner;
  int ref; /* keeps the userdata alive while it is open */
  bool is_variable;
  Place *place;             /* what it sets, or NULL; given to it */
  Environment *environment; /* likewise */
} Setting;

/* The user values of a Setting of a variable. */
enum { SETTING_VARIABLE = 1, SETTING_VALUE, SETTING_VALUES = SETTING_VALUE };

/* Pushes one, not open yet. Raises outside of a task, naming the function. */
Setting *setting_new(lua_State *L, const char *function);
void setting_open(lua_State *L, Setting *s); /* of the task that runs; it stands on top of L */

void setting_push_methods(lua_State *L); /* the table that has them */

/* Pushes the value that the variable at that index has for this task, or nil. */
void context_push_value(lua_State *L, int variable);

/* The directory of the task that runs becomes p, which is taken: that of its last scope that has set
   one, or else its own; in a task that has none, that of the process. */
void context_move(lua_State *L, Place *p);

/* task.c: a task is started by the one that has this; this one runs; it has ended */
Context *context_share(Context *c);
void context_enter(Runtime *rt, Context *c);
void context_end(lua_State *L, Task *t);

void context_quit(Runtime *rt); /* the end of the program: as a task that has none */

#endif
