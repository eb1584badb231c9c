/* signals.h - signals as recorded facts: the handler counts, the loop tells the watchers.

   INT, TERM and HUP without a watcher end the program in order (and INT also breaks a busy Lua
   loop); a second one ends it at once. One runtime a process. */
#ifndef PROCRUN_SIGNALS_H
#define PROCRUN_SIGNALS_H

#include <signal.h>

#include "runtime/rt.h"

enum { SIGNALS_MAX = 65 };

typedef struct SignalWatch {
  void (*arrived)(struct SignalWatch *watch, int signum, unsigned count);
  uint64_t set; /* bit n - 1: watches signal n */
  struct SignalWatch *prev, *next;
} SignalWatch;

int signals_open(Runtime *rt);   /* mends inherited masks, installs what every program has */
void signals_close(Runtime *rt); /* nothing of ours is called any more */

/* Before tasks run: Ctrl-C reaches a whole group, and nobody is to see its children end first. */
void signals_take(Runtime *rt);

void signals_watch(Runtime *rt, SignalWatch *watch); /* `set` and `arrived` are filled in */
void signals_unwatch(Runtime *rt, SignalWatch *watch);

bool signals_is_watched(int signum);

/* Between the two, INT and QUIT without a watcher are left to a child that shares our terminal, as
   system(3) leaves them. signals_held: how many INT were, so far. */
void signals_hold(void);
void signals_unhold(void);
unsigned signals_held(void);

/* Around a call by which libuv sets or resets the signal's action: blocked meanwhile; then ours
   stands before libuv's again, if anybody watches. */
void signals_lend(int signum, sigset_t *mask);
void signals_renew(int signum, const sigset_t *mask);

/* Those that were ignored before a handler of ours replaced that, and may be again: bit n - 1. */
uint64_t signals_ignored(void);

/* HUP, INT and QUIT, where whoever started us had them ignored: nohup, a script's `&`. Children are to
   ignore them, too, as those of a POSIX shell do. */
uint64_t signals_unheard(void);

/* In a process that fork has made: every signal as it was before us. */
void signals_forget(void);

void signals_die(int signum); /* ends this process by the signal's default action */

/* undo is called before that, in a signal handler: async-signal-safe. A few for the process. */
void signals_at_death(void (*undo)(void));

/* hook is called when a second signal forces the end: it kills what was started. On the loop's thread,
   outside of the handler; nothing goes on after it. */
void signals_at_force(void (*hook)(void));

/* hook (NULL: none) is called in the handler of an INT that somebody watches: async-signal-safe. */
void signals_at_interrupt(void (*hook)(Runtime *rt));

#endif
