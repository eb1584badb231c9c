/* sync_state.c - the file of one named object; sync_state.h tells how it is used. */
#include "modules/sync/sync_state.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

enum {
  MAGIC = 0x31796e73, /* "sny1" */
  BYTE_ENTER = 0,
  BYTE_OPEN = 1,
  SLOTS_AT_FIRST = 63, /* a page, with the head */
  OPENS = 1000,        /* attempts while others remove the file */
  DAY = 24 * 60 * 60
};

_Static_assert(sizeof(SyncHead) == 64 && sizeof(SyncSlot) == 64, "no write crosses a page");

#ifdef F_OFD_SETLK
static int lock(int fd, short type, off_t byte)
{
  struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  int r;
  do {
    r = fcntl(fd, F_OFD_SETLK, &l);
  } while (r != 0 && errno == EINTR);
  if (r == 0) return 0;
  return errno == EAGAIN || errno == EACCES ? UV_EBUSY : -errno;
}
#else
static int lock(int fd, short type, off_t byte)
{
  (void)fd, (void)type, (void)byte;
  return UV_ENOSYS; /* a lock of the whole process would be lost with any descriptor of the file */
}
#endif

/* The memory of the state that was entered, and of what it was. */
static struct {
  unsigned char *now, *old;
  size_t slots; /* room */
} memory;

static bool reserve(size_t slots)
{
  if (slots <= memory.slots) return true;
  size_t size = sizeof(SyncHead) + slots * sizeof(SyncSlot);
  unsigned char *now = realloc(memory.now, size);
  if (now) memory.now = now;
  unsigned char *old = realloc(memory.old, size);
  if (old) memory.old = old;
  if (now == NULL || old == NULL) return false;
  memory.slots = slots;
  return true;
}

static void point(SyncState *state)
{
  state->head = (SyncHead *)memory.now;
  state->slots = (SyncSlot *)(memory.now + sizeof(SyncHead));
  state->old_head = (SyncHead *)memory.old;
  state->old_slots = (SyncSlot *)(memory.old + sizeof(SyncHead));
}

/* The whole file, or a libuv code. */
static ssize_t read_all(int fd)
{
  if (!reserve(SLOTS_AT_FIRST)) return UV_ENOMEM;
  for (;;) {
    size_t room = sizeof(SyncHead) + memory.slots * sizeof(SyncSlot);
    ssize_t n = pread(fd, memory.now, room, 0);
    if (n < 0) return -errno;
    if ((size_t)n < room) return n;
    if (!reserve(memory.slots * 2)) return UV_ENOMEM;
  }
}

static bool is_sound(const SyncState *state, SyncKind kind)
{
  const SyncHead *head = state->head;
  if (head->magic != MAGIC || head->kind != kind || head->units == 0) return false;
  for (size_t i = 0; i < state->count; i++)
    if (state->slots[i].peer == 0 && (state->slots[i].held || state->slots[i].ticket)) return false;
  return true;
}

static int load(int fd, SyncKind kind, uint32_t units, SyncState *state)
{
  ssize_t n = read_all(fd);
  if (n < 0) return (int)n;
  bool fresh = n == 0;
  if (fresh) n = sizeof(SyncHead);
  if ((size_t)n % sizeof(SyncSlot) != 0) return SYNC_DAMAGED;
  if (fresh) memset(memory.now, 0, sizeof(SyncHead));
  memcpy(memory.old, memory.now, (size_t)n);
  point(state);
  state->count = state->old_count = (size_t)n / sizeof(SyncSlot) - 1;
  if (fresh) *state->head = (SyncHead){.magic = MAGIC, .kind = kind, .units = units};
  return is_sound(state, kind) ? 0 : SYNC_DAMAGED;
}

static int enter(int fd, unsigned patience)
{
  int r = lock(fd, F_WRLCK, BYTE_ENTER);
  if (r != UV_EBUSY) return r;
  uint64_t began = uv_hrtime();
  while (r == UV_EBUSY && uv_hrtime() - began < patience * (uint64_t)1000) {
    sched_yield();
    r = lock(fd, F_WRLCK, BYTE_ENTER);
  }
  return r;
}

int sync_state_enter(int fd, SyncKind kind, uint32_t units, SyncState *state, unsigned patience)
{
  int r = enter(fd, patience);
  if (r < 0) return r;
  r = load(fd, kind, units, state);
  if (r < 0) sync_state_leave(fd);
  return r;
}

void sync_state_leave(int fd)
{
  lock(fd, F_UNLCK, BYTE_ENTER);
}

int sync_state_is_set(int fd)
{
  SyncHead head;
  ssize_t n = pread(fd, &head, sizeof head, 0);
  if (n <= 0) return n < 0 ? -errno : 0;
  bool sound = (size_t)n == sizeof head && head.magic == MAGIC && head.kind == SYNC_EVENT;
  return sound ? head.set != 0 : SYNC_DAMAGED;
}

static int write_at(int fd, const void *data, size_t offset)
{
  ssize_t n = pwrite(fd, data, sizeof(SyncSlot), (off_t)offset);
  if (n == (ssize_t)sizeof(SyncSlot)) return 0;
  return n < 0 ? -errno : UV_ENOSPC;
}

/* The slots that changed and gave something back, or the others of those that changed. */
static int write_slots(int fd, const SyncState *state, bool given)
{
  static const SyncSlot none;
  for (size_t i = 0; i < state->count; i++) {
    const SyncSlot *now = &state->slots[i];
    const SyncSlot *old = i < state->old_count ? &state->old_slots[i] : &none;
    if (memcmp(now, old, sizeof *now) == 0 || (now->held < old->held) != given) continue;
    int r = write_at(fd, now, sizeof(SyncHead) + i * sizeof *now);
    if (r < 0) return r;
  }
  return 0;
}

/* Free slots at the end of a file that has grown beyond a page. */
static void trim(int fd, SyncState *state)
{
  size_t used = state->count;
  if (used <= SLOTS_AT_FIRST) return;
  while (used > 0 && state->slots[used - 1].peer == 0) used--;
  if (used > state->count / 2) return;
  if (ftruncate(fd, (off_t)(sizeof(SyncHead) + used * sizeof(SyncSlot))) == 0) state->count = used;
}

int sync_state_commit(int fd, SyncState *state)
{
  int r = 0;
  if (memcmp(state->head, state->old_head, sizeof(SyncHead)) != 0) r = write_at(fd, state->head, 0);
  if (r == 0) r = write_slots(fd, state, true);
  if (r == 0) r = write_slots(fd, state, false);
  if (r < 0) return r;
  trim(fd, state);
  memcpy(memory.old, memory.now, sizeof(SyncHead) + state->count * sizeof(SyncSlot));
  state->old_count = state->count;
  return 0;
}

size_t sync_state_new_slot(SyncState *state)
{
  size_t i = 0;
  while (i < state->count && state->slots[i].peer != 0) i++;
  if (i < state->count) return i;
  if (state->count == memory.slots && !reserve(memory.slots * 2)) return SIZE_MAX;
  point(state);
  memset(&state->slots[i], 0, sizeof *state->slots);
  state->count++;
  return i;
}

/* The sticky bit keeps away those who clean up directories of temporary files. */
static int open_file(int dir, const char *file, int flags)
{
  int fd = openat(dir, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0600);
  if (fd < 0) return -errno;
  struct stat st;
  int r = fstat(fd, &st) == 0 ? 0 : -errno;
  if (r == 0 && (!S_ISREG(st.st_mode) || st.st_uid != geteuid())) r = SYNC_DAMAGED;
  if (r == 0 && (st.st_mode & 07777) != 01600) fchmod(fd, 01600);
  if (r == 0) return fd;
  close(fd);
  return r;
}

int sync_state_open(int dir, const char *file)
{
  for (int i = 0; i < OPENS; i++) {
    int fd = open_file(dir, file, O_CREAT);
    if (fd < 0) return fd;
    struct stat st;
    int r = lock(fd, F_RDLCK, BYTE_OPEN);
    if (r == 0 && fstat(fd, &st) == 0 && st.st_nlink > 0) return fd;
    close(fd);
    if (r < 0 && r != UV_EBUSY) return r;
    sched_yield(); /* it is being removed */
  }
  return UV_EBUSY;
}

/* Nobody else has it open, so whoever stands in it has ended: does it say anything all the same? */
static bool says_something(const SyncState *state)
{
  if (state->head->set || state->head->abandoned) return true;
  if (state->head->kind != SYNC_MUTEX) return false;
  for (size_t i = 0; i < state->count; i++)
    if (state->slots[i].held) return true;
  return false;
}

/* May it go? Not if it is none of ours. What nobody has wanted to know for a day is not worth keeping,
   but for an event that is set. */
static bool is_spent(int fd, time_t changed)
{
  ssize_t n = read_all(fd);
  if (n <= 0) return n == 0;
  if ((size_t)n % sizeof(SyncSlot) != 0) return false;
  SyncState state;
  point(&state);
  state.count = (size_t)n / sizeof(SyncSlot) - 1;
  if (state.head->magic != MAGIC) return false;
  return !says_something(&state) || (!state.head->set && time(NULL) - changed > DAY);
}

static bool remove_file(int dir, const char *file, int fd)
{
  struct stat st;
  if (lock(fd, F_WRLCK, BYTE_OPEN) != 0 || fstat(fd, &st) != 0 || st.st_nlink == 0) return false;
  return is_spent(fd, st.st_mtime) && unlinkat(dir, file, 0) == 0;
}

void sync_state_close(int dir, const char *file, int fd)
{
  remove_file(dir, file, fd);
  close(fd);
}

bool sync_state_sweep(int dir, const char *file)
{
  int fd = open_file(dir, file, 0);
  if (fd < 0) return false;
  bool removed = remove_file(dir, file, fd);
  close(fd);
  return removed;
}
