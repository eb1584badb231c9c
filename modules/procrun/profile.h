/* profile.h - the sampling profiler: what profile.c (the timer and the file), profile_stack.c (where a
   script is) and profile_count.c (how often) share. */
#ifndef PROCRUN_PROCRUN_PROFILE_H
#define PROCRUN_PROCRUN_PROFILE_H

#include <stdio.h>

#include "runtime/rt.h"

enum { STACK_TEXT = 16 * 1024 };

/* profile_stack.c: "main task;main.lua:(main chunk);util.lua:parse;[C] gsub" of what runs in L; its size */
size_t stack_text(lua_State *L, char text[STACK_TEXT]);

/* profile_count.c */
typedef struct Counts Counts;
Counts *counts_new(void); /* NULL: memory is out */
void counts_add(Counts *c, const char *stack, size_t size, unsigned long n);
int counts_write(const Counts *c,
                 FILE *f); /* one line a stack, in their order; 0 or a negative errno */
unsigned long counts_total(const Counts *c);
void counts_free(Counts *c);

#endif
