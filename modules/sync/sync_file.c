/* sync_file.c - the file of one named object: opened, read, written, grown, removed. */
#include "modules/sync/sync_file.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "runtime/nofile.h"

enum { OPENS = 100 /* attempts while others look at it or remove it */, DAY = 24 * 60 * 60 };

_Static_assert(sizeof(SyncHead) == 64 && sizeof(SyncSlot) == 64,
               "head and slots are cells of one size");

enum { PRESENT, INSIDE }; /* the bytes that are locked */

#ifdef F_OFD_SETLK
static int lock(int fd, int byte, short type)
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
static int lock(int fd, int byte, short type)
{
  (void)fd, (void)byte, (void)type;
  return UV_ENOSYS; /* a lock of the whole process would be lost with any descriptor of the file */
}
#endif

static size_t size_of(size_t slots)
{
  return sizeof(SyncHead) + slots * sizeof(SyncSlot);
}

/* A disk that is full is an error before anything is written, not in the middle of it. */
static int allocate(int fd, size_t slots)
{
#ifdef __APPLE__
  struct stat st;
  if (fstat(fd, &st) != 0) return -errno;
  if ((size_t)st.st_size >= size_of(slots)) return 0;
  return ftruncate(fd, (off_t)size_of(slots)) == 0 ? 0 : -errno;
#else
  return -posix_fallocate(fd, 0, (off_t)size_of(slots));
#endif
}

int sync_file_fit(SyncFile *file, size_t slots)
{
  struct stat st;
  if (slots <= file->room) return 0;
  if (fstat(file->fd, &st) != 0) return -errno;
  size_t size = (size_t)st.st_size;
  if (size < size_of(slots) || size % sizeof(SyncSlot) != 0) return SYNC_DAMAGED;
  file->room = size / sizeof(SyncSlot) - 1;
  return 0;
}

int sync_file_grow(SyncFile *file, size_t slots)
{
  if (slots <= file->room) return 0;
  size_t wanted = slots < file->room * 2 ? file->room * 2 : slots;
  int r = allocate(file->fd, wanted);
  return r == 0 ? sync_file_fit(file, wanted) : r;
}

/* On Linux the two kinds of locks know nothing of each other: a lock of this kind is found at once,
   however many have the file open. Elsewhere they may be of one kind. */
#ifdef __linux__
int sync_file_enter(const SyncFile *file)
{
  int r;
  do {
    r = flock(file->fd, LOCK_EX | LOCK_NB);
  } while (r != 0 && errno == EINTR);
  if (r == 0) return 0;
  return errno == EWOULDBLOCK ? UV_EBUSY : -errno;
}

void sync_file_leave(const SyncFile *file)
{
  flock(file->fd, LOCK_UN);
}
#else
int sync_file_enter(const SyncFile *file)
{
  return lock(file->fd, INSIDE, F_WRLCK);
}

void sync_file_leave(const SyncFile *file)
{
  lock(file->fd, INSIDE, F_UNLCK);
}
#endif

int sync_file_read(const SyncFile *file, void *to, size_t first, size_t count)
{
  size_t size = count * sizeof(SyncSlot);
  ssize_t n = pread(file->fd, to, size, (off_t)(first * sizeof(SyncSlot)));
  if (n == (ssize_t)size) return 0;
  return n < 0 ? -errno : SYNC_DAMAGED;
}

int sync_file_write(const SyncFile *file, const void *cell, size_t index)
{
  ssize_t n = pwrite(file->fd, cell, sizeof(SyncSlot), (off_t)(index * sizeof(SyncSlot)));
  if (n == sizeof(SyncSlot)) return 0;
  return n < 0 ? -errno : UV_EIO;
}

static int check(const SyncFile *file)
{
  struct stat st;
  if (fstat(file->fd, &st) != 0) return -errno;
  if (st.st_nlink == 0) return SYNC_REMOVED;
  return (size_t)st.st_size < size_of(file->room) ? SYNC_DAMAGED : 0;
}

int sync_file_check(SyncFile *file, uint64_t now)
{
  if (file->checked == now) return 0;
  int r = check(file);
  if (r == 0) file->checked = now;
  return r;
}

static void close_file(SyncFile *file)
{
  if (file->fd >= 0) close(file->fd);
  *file = (SyncFile){.fd = -1};
}

/* The sticky bit keeps away those who clean up directories of temporary files, and shows the sweeper
   that it is one of ours. */
static int open_file(int dir, const char *name, int flags, struct stat *st)
{
  flags |= O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  int fd = openat(dir, name, flags, 0600);
  if (fd < 0 && errno == EMFILE && nofile_raise()) fd = openat(dir, name, flags, 0600);
  if (fd < 0) return -errno;
  nofile_note(fd);
  int r = fstat(fd, st) == 0 ? 0 : -errno;
  if (r == 0 && (!S_ISREG(st->st_mode) || st->st_uid != geteuid())) r = SYNC_DAMAGED;
  if (r == 0 && st->st_size == 0 && (st->st_mode & 07777) != 01600) fchmod(fd, 01600);
  if (r == 0) return fd;
  close(fd);
  return r;
}

/* Nobody else has it open, so whoever stands in it has ended: does it say anything all the same? */
static bool says_something(const SyncFile *file, const SyncHead *head)
{
  SyncSlot slot;
  if (head->set || head->abandoned) return true;
  if (head->kind != SYNC_MUTEX) return false;
  for (size_t i = 0; i < head->used; i++) {
    if (sync_file_read(file, &slot, i + 1, 1) != 0) return false;
    if (slot.peer && slot.held && slot.seen) return true;
  }
  return false;
}

/* May it go? Not if it is none of ours. What nobody has wanted to know for a day is not worth keeping,
   but for an event that is set. */
static bool is_spent(const SyncFile *file, time_t changed)
{
  SyncHead head;
  if (sync_file_read(file, &head, 0, 1) != 0) return false;
  if (head.magic == 0) return true;
  if (head.magic != SYNC_MAGIC) return false;
  return !says_something(file, &head) || (!head.set && time(NULL) - changed > DAY);
}

/* Nobody else has it open, and it says nothing: it begins anew. */
static int empty_spent(const SyncFile *file)
{
  struct stat st;
  int r = lock(file->fd, PRESENT, F_WRLCK);
  if (r < 0) return r == UV_EBUSY ? 0 : r;
  if (fstat(file->fd, &st) != 0) return -errno;
  if (st.st_size == 0 || !is_spent(file, st.st_mtime)) return 0;
  return ftruncate(file->fd, 0) == 0 ? 0 : -errno;
}

static int open_once(int dir, const char *name, SyncFile *file)
{
  struct stat st;
  *file = (SyncFile){.fd = open_file(dir, name, O_CREAT, &st)};
  if (file->fd < 0) return file->fd;
  int r = empty_spent(file);
  if (r == 0) r = lock(file->fd, PRESENT, F_RDLCK);
  if (r == 0 && fstat(file->fd, &st) != 0) r = -errno;
  if (r == 0 && st.st_size == 0) r = allocate(file->fd, SYNC_SLOTS_AT_FIRST);
  if (r == 0) r = sync_file_fit(file, SYNC_SLOTS_AT_FIRST);
  if (r == 0 && check(file) == SYNC_REMOVED) r = UV_EBUSY;
  if (r < 0) close_file(file);
  return r;
}

int sync_file_open(int dir, const char *name, SyncFile *file)
{
  int r = open_once(dir, name, file);
  for (int i = 0; r == UV_EBUSY && i < OPENS; i++) {
    sched_yield();
    r = open_once(dir, name, file);
  }
  return r;
}

static void remove_file(int dir, const char *name, SyncFile *file)
{
  struct stat st;
  if (lock(file->fd, PRESENT, F_WRLCK) != 0 || fstat(file->fd, &st) != 0 || st.st_nlink == 0)
    return;
  bool empty = st.st_size == 0;
  if (empty || is_spent(file, st.st_mtime)) unlinkat(dir, name, 0);
}

void sync_file_close(int dir, const char *name, SyncFile *file)
{
  if (check(file) == 0) remove_file(dir, name, file);
  close_file(file);
}

void sync_file_sweep(int dir, const char *name)
{
  struct stat st;
  SyncFile file = {.fd = open_file(dir, name, 0, &st)};
  if (file.fd < 0) return;
  remove_file(dir, name, &file);
  close_file(&file);
}
