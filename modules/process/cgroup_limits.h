/* cgroup_limits.h - the limits that the control groups around this process set. */
#ifndef PROCRUN_CGROUP_LIMITS_H
#define PROCRUN_CGROUP_LIMITS_H

/* The least of those of the group and the groups above, as far as they can be read: bytes of memory,
   processors at a time. Negative: none. groups: "/proc/self/cgroup"; mount: "/sys/fs/cgroup". */
void cgroup_limits(const char *groups, const char *mount, long long *memory, double *cpus);

#endif
