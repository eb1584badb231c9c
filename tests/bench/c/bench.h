/* bench.h - what the C programs of the benchmark share. Each prints its result as a line of JSON. */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline void fail(const char *what)
{
  perror(what);
  exit(1);
}

static inline void result(double value)
{
  printf("{\"value\": %.9g}\n", value);
}

#endif
