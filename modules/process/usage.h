/* usage.h - what the system measures, in the units that scripts see. */
#ifndef PROCRUN_USAGE_H
#define PROCRUN_USAGE_H

#include <sys/time.h>

static inline double usage_seconds(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

#endif
