/* trace.h - procrun --trace: one line an event, "0.001234 4711 proc spawn pid=4712 file=ls".

   Where an event happens stands: if (TRACING(TRACE_PROC)) trace_event(…); a branch on a global where
   nobody traces. Events are told outside of signal handlers only. */
#ifndef PROCRUN_TRACE_H
#define PROCRUN_TRACE_H

#include "runtime/rt.h"

typedef enum TraceCategory {
  TRACE_PROC = 1,
  TRACE_CHANNEL = 2,
  TRACE_TASK = 4,
  TRACE_STREAM = 8,
  TRACE_NET = 16,
  TRACE_FS = 32,
  TRACE_TIMER = 64,
  TRACE_SIGNAL = 128,
  TRACE_ALL = 255
} TraceCategory;

extern unsigned trace_on; /* categories */

#define TRACING(category) __builtin_expect((trace_on & (category)) != 0, 0)

/* Facts as "pid=%d file=%s": %d int, %l int64_t, %f seconds, %s text, in quotes where need be and cut;
   a fact whose text is NULL is left out. */
void trace_event(TraceCategory category, const char *event, const char *facts, ...);

/* fd -1: standard error. categories 0: no more. The descriptor is trace.c's from now on. */
void trace_start(Runtime *rt, unsigned categories, int fd);

/* The script has written to standard error: a line of the trace never stands in the midst of one. */
void trace_note_text(const char *bytes, size_t n);

unsigned trace_category(const char *name, size_t size); /* 0: there is none of that name */
const char *trace_name(unsigned index);                 /* NULL: no more of them */

#endif
