/* nofile.c - the limit of open descriptors, raised at need; see nofile.h. */
#include "runtime/nofile.h"

#include <limits.h>

/* Tables as large as the limit exist here and there: an unlimited one stays within reason. */
#ifdef __APPLE__
static const rlim_t MOST = OPEN_MAX; /* the kernel takes no more */
#else
static const rlim_t MOST = 1 << 20;
#endif

static rlim_t soft;     /* 0: not asked yet */
static rlim_t original; /* what we were started with; 0: never raised */

rlim_t nofile_limit(void)
{
  struct rlimit now;
  if (soft == 0) soft = getrlimit(RLIMIT_NOFILE, &now) == 0 ? now.rlim_cur : MOST;
  return soft;
}

bool nofile_raise(void)
{
  struct rlimit now;
  if (getrlimit(RLIMIT_NOFILE, &now) != 0) return false;
  rlim_t want = now.rlim_max < MOST ? now.rlim_max : MOST, was = now.rlim_cur;
  soft = was;
  if (was >= want) return false;
  now.rlim_cur = want;
  if (setrlimit(RLIMIT_NOFILE, &now) != 0) return false;
  if (original == 0) original = was;
  soft = want;
  return true;
}

void nofile_note(int fd)
{
  static bool highest;
  if (fd < 0 || highest || (rlim_t)fd < nofile_limit() / 2) return;
  nofile_raise();
  highest = true;
}

bool nofile_original(struct rlimit *limit)
{
  if (original == 0 || getrlimit(RLIMIT_NOFILE, limit) != 0) return false;
  limit->rlim_cur = original < limit->rlim_max ? original : limit->rlim_max;
  return true;
}
