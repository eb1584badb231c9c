/* runner.h - what the files of the test runner share. runner.c tells how it is used. */
#ifndef PROCRUN_TESTS_RUNNER_H
#define PROCRUN_TESTS_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct Options {
  char *root;     /* the top level: every test starts there */
  char *procrun;  /* absolute */
  char *unit_dir; /* absolute; holds unit-* */
  const char **filters;
  int filter_count; /* a test is taken when its name contains one of them, or there is none */
  int jobs, repeat;
  bool slow;
} Options;

typedef struct Test {
  char *name; /* "proc/spawn" or "unit-buf" */
  char *path; /* relative to root for a script, absolute for a unit */
  bool unit;
  double limit; /* seconds */
  char *skip;   /* why it cannot run here, or NULL */
} Test;

typedef struct TestList {
  Test *items; /* sorted by name */
  size_t count, cap;
} TestList;

typedef enum Outcome { LOST, PASSED, FAILED, SKIPPED } Outcome;

/* Filled in by the process that runs the test, in memory shared with the runner. */
typedef struct Result {
  Outcome outcome; /* LOST until the test has ended */
  double seconds;
  size_t used;
  char note[8000]; /* why it failed or was skipped */
} Result;

/* runner.c */
void *must(void *p); /* ends the runner when p is NULL: memory is out */
double now(void);    /* seconds, monotonic */

/* runner_list.c - which tests there are, and which can run here. */
void list_tests(const Options *o, TestList *list);

/* runner_test.c - runs one test in the calling process, which was forked for it; does not return.
   Standard output and error of the test go to the descriptor `output`. */
_Noreturn void run_test(const Options *o, const Test *test, int output, Result *result);
void result_note(Result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* runner_tree.c - the descendants of the calling process, by /proc. */
void tree_describe(Result *r, const char *what); /* a note for each that is alive */
void tree_kill(void);                            /* ends and reaps them all */

#endif
