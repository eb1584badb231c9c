/* usage.h - what a process has used, in the units and by the names that scripts see. */
#ifndef PROCRUN_USAGE_H
#define PROCRUN_USAGE_H

#include <lua.h>
#include <sys/resource.h>

typedef struct Usage {
  double cpu, cpu_user, cpu_system; /* seconds; cpu is the sum, as exactly as it is known */
  long long peak_rss;               /* bytes */
  long long minor_faults, major_faults;
  long long voluntary_switches, involuntary_switches;
  long long read_bytes, write_bytes; /* from and to disks; negative: not known */
} Usage;

enum { USAGE_FIELDS = 10 };

Usage usage_of(const struct rusage *r);

/* Sets the fields in the table on top. */
void usage_set(lua_State *L, const Usage *u);

#endif
