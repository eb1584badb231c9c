/* stdio_thread.c - what threads of C modules print to C's stdout: the stream belongs to the loop's
   thread, which takes it from here before it prints itself, and at its next turn. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "runtime/stdio.h"

enum { MOST = STREAM_HIGH, PATIENCE = 500 /* ms */ };

static pthread_t owner;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Buf printed;
static atomic_bool waiting; /* there is something in it */
static bool direct;         /* nobody takes it any more */
static bool held_up; /* nobody has come for so long: perhaps the loop waits for this thread */
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;

void stdio_own(void)
{
  owner = pthread_self();
}

bool stdio_is_owner(void)
{
  return pthread_equal(pthread_self(), owner);
}

int stdio_write_directly(int fd, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t sent = write(fd, bytes, n);
    if (sent < 0 && errno == EAGAIN) poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return -errno;
    if (sent < 0) continue;
    bytes += sent;
    n -= (size_t)sent;
  }
  return 0;
}

static int drain(void)
{
  int r = stdio_write_directly(STDOUT_FILENO, buf_head(&printed), buf_size(&printed));
  buf_free(&printed);
  return r;
}

/* Full: the loop's thread comes soon, or is held up, perhaps by someone who waits for this one. */
static void wait_for_room(void)
{
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += PATIENCE * 1000000L;
  until.tv_sec += until.tv_nsec / 1000000000L;
  until.tv_nsec %= 1000000000L;
  while (buf_size(&printed) > MOST && !direct && !held_up)
    if (pthread_cond_timedwait(&room, &lock, &until) == ETIMEDOUT) held_up = true;
}

int stdio_write_aside(Runtime *rt, int fd, const char *bytes, size_t n)
{
  if (fd != STDOUT_FILENO || rt->forked) return stdio_write_directly(fd, bytes, n);
  pthread_mutex_lock(&lock);
  int r = 0;
  if (buf_size(&printed) > MOST) wait_for_room();
  if (direct || buf_size(&printed) > MOST) {
    if (buf_size(&printed) > 0) r = drain();
    if (r == 0) r = stdio_write_directly(fd, bytes, n);
  } else if (!buf_append(&printed, bytes, n)) {
    r = -ENOMEM;
  } else if (!atomic_exchange(&waiting, true)) {
    uv_async_send(&rt->wake);
  }
  pthread_mutex_unlock(&lock);
  return r;
}

static void take(Runtime *rt, bool last)
{
  Buf taken;
  pthread_mutex_lock(&lock);
  taken = printed;
  printed = (Buf){0};
  atomic_store(&waiting, false);
  direct = last;
  held_up = false;
  pthread_cond_broadcast(&room);
  pthread_mutex_unlock(&lock);
  if (buf_size(&taken) > 0) stdio_put(rt, STDOUT_FILENO, buf_head(&taken), buf_size(&taken));
  buf_free(&taken);
}

void stdio_take_aside(Runtime *rt)
{
  if (atomic_load_explicit(&waiting, memory_order_relaxed)) take(rt, false);
}

void stdio_end_aside(Runtime *rt)
{
  take(rt, true);
}
