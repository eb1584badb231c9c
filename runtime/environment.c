/* environment.c - environments of tasks; the rules stand in environment.h. */
#include "runtime/environment.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

typedef struct Old {
  char **vars;
  char *strings;
  struct Old *next;
} Old;

static Environment own = {.refs = 1};
static Environment *here = &own;
static Old *olds; /* to be freed when no thread can be in getenv */

static size_t count(char *const *vars)
{
  size_t n = 0;
  while (vars && vars[n]) n++;
  return n;
}

Environment *environment_new(char *const *vars)
{
  size_t n = count(vars), size = 1;
  for (size_t i = 0; i < n; i++) size += strlen(vars[i]) + 1;
  Environment *e = calloc(1, sizeof *e);
  if (e == NULL) return NULL;
  e->vars = calloc(n + 1, sizeof *e->vars);
  e->strings = malloc(size);
  if (e->vars == NULL || e->strings == NULL) {
    free(e->vars);
    free(e->strings);
    free(e);
    return NULL;
  }
  char *at = e->strings;
  for (size_t i = 0; i < n; i++) {
    e->vars[i] = at;
    at = stpcpy(at, vars[i]) + 1;
  }
  e->refs = 1;
  return e;
}

Environment *environment_share(Environment *e)
{
  if (e) e->refs++;
  return e;
}

static void sweep(void)
{
  for (Old *old = olds, *next; old; old = next) {
    next = old->next;
    free(old->vars);
    free(old->strings);
    free(old);
  }
  olds = NULL;
}

/* The pool looks hosts up, and reads variables for that. */
static void bury(Runtime *rt, char **vars, char *strings)
{
  Old *old = malloc(sizeof *old);
  if (old == NULL) return;
  *old = (Old){vars, strings, olds};
  olds = old;
  if (rt->loop.active_reqs.count == 0) sweep();
}

void environment_drop(Runtime *rt, Environment *e)
{
  if (e == NULL || --e->refs > 0) return;
  bury(rt, e->vars, e->strings);
  free(e);
}

/* What the C library has made, for a variable that was added, is its own: ours is a copy of it. */
static void keep(Runtime *rt, Environment *e)
{
  if (environ == e->vars) return;
  size_t n = count(environ);
  char **vars = calloc(n + 1, sizeof *vars);
  if (vars == NULL) abort();
  if (n > 0) memcpy(vars, environ, n * sizeof *vars);
  if (e->vars) bury(rt, e->vars, NULL);
  e->vars = vars;
}

void environment_go(Runtime *rt, Environment *e)
{
  if (e == NULL) e = &own;
  if (e == here) return;
  keep(rt, here);
  here = e;
  environ = e->vars;
}

/* The entries of the two kinds are told apart by their addresses: a script may have set PWD since. */
void environment_pwd(char *entry)
{
  static char *former, *ours;
  for (char **var = environ; former && var && *var; var++) {
    if (*var != ours) continue;
    *var = former;
    break;
  }
  former = NULL;
  for (char **var = environ; entry && var && *var; var++) {
    if (strncmp(*var, "PWD=", 4) != 0) continue;
    former = *var;
    *var = ours = entry;
    break;
  }
}

void environment_quit(Runtime *rt)
{
  environment_go(rt, NULL);
  sweep();
}
