/* environment.h - environments of tasks, beside that of the process (proc.scope).

   `environ` is that of the task that runs: getenv and setenv, C modules and children, all have the
   right one. The arrays are ours from the first of them on: what the C library made of one of them, it
   may move or free when it works on another. */
#ifndef PROCRUN_ENVIRONMENT_H
#define PROCRUN_ENVIRONMENT_H

#include "runtime/rt.h"

typedef struct Environment {
  unsigned refs;
  char **vars;   /* ended by NULL */
  char *strings; /* those that it began with */
} Environment;

Environment *environment_new(char *const *vars); /* copies them; NULL: no memory */
Environment *environment_share(Environment *e);  /* NULL is that of the process */
void environment_drop(Runtime *rt, Environment *e);

void environment_go(Runtime *rt, Environment *e);

/* For as long as the loop's thread is somewhere else, PWD says so, if there is such a variable: programs
   believe it. NULL: it is as it was. Before and after environment_go. */
void environment_pwd(char *entry);
void environment_quit(Runtime *rt); /* the end of the program */

#endif
