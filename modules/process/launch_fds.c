/* launch_fds.c - low descriptor slots lent to a child under way; see launch_fds.h. */
#include "modules/process/launch_fds.h"

#include "modules/process/launch_impl.h"

#ifdef LAUNCH_LINUX
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/nofile.h"

/* With fewer descriptors than this in all, none is spent on slots. */
enum { SLOT_TIGHT = 64 };

static int slots[SLOT_MAX];
static int source[SLOT_MAX]; /* whose copy stands in a lent slot */
static int taken;            /* slots we hold */
static int lent;             /* the first `lent` of them are in use */
static int placeholder = -1; /* refers to nothing anybody could wait for */

/* The placeholder itself stands above: low numbers are precious. */
static bool open_placeholder(void)
{
  if (placeholder >= 0) return true;
  if (nofile_limit() < SLOT_TIGHT) return false;
  int fd = eventfd(0, EFD_CLOEXEC);
  if (fd < 0) return false;
  placeholder = fcntl(fd, F_DUPFD_CLOEXEC, SLOT_LOW);
  close(fd);
  return placeholder >= 0;
}

void slots_reserve(void)
{
  if (taken == SLOT_MAX || !open_placeholder()) return;
  while (taken < SLOT_MAX) {
    int fd = fcntl(placeholder, F_DUPFD_CLOEXEC, SLOT_LOW - SLOT_MAX);
    if (fd >= SLOT_LOW) close(fd);
    if (fd < 0 || fd >= SLOT_LOW) return;
    slots[taken++] = fd;
  }
}

void slots_release(void)
{
  while (taken > 0) close(slots[--taken]);
  if (placeholder >= 0) close(placeholder);
  placeholder = -1;
}

bool slots_own(int fd)
{
  if (fd >= 0 && fd == placeholder) return true;
  for (int i = 0; i < taken; i++)
    if (slots[i] == fd) return true;
  return false;
}

/* The slot with a copy of fd, or -1 when there is no room or no such descriptor. */
static int lend(int fd)
{
  for (int i = 0; i < lent; i++)
    if (source[i] == fd) return slots[i];
  if (lent == taken) slots_reserve();
  if (lent == taken || dup3(fd, slots[lent], O_CLOEXEC) < 0) return -1;
  source[lent] = fd;
  return slots[lent++];
}

bool slots_lend(int *fds, int count)
{
  for (int i = 0; i < count; i++) {
    if (fds[i] >= SLOT_LOW && lend(fds[i]) < 0) {
      slots_return();
      return false;
    }
  }
  for (int i = 0; i < count; i++)
    if (fds[i] >= SLOT_LOW) fds[i] = lend(fds[i]);
  return true;
}

void slots_return(void)
{
  while (lent > 0) dup3(placeholder, slots[--lent], O_CLOEXEC);
}
#endif
