/* place.c - working directories of tasks; the rules stand in place.h. */
#include "runtime/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef O_PATH
#ifdef O_SEARCH
#define O_PATH O_SEARCH
#else
#define O_PATH O_RDONLY
#endif
#endif

/* Where nothing is found, and nothing can be made or removed. */
static const char NOWHERE[] = "/proc/self/fdinfo";

static Place *own;        /* that of the process */
static Place *first;      /* that of the process when the first place was opened */
static Place *here;       /* that of the loop's thread */
static atomic_bool apart; /* each thread has a directory of its own; set when all else is */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;
static unsigned pins;

static _Thread_local uint64_t there; /* of a thread of the pool; 0: wherever it was started */

static bool leave_shared(void)
{
#ifdef CLONE_FS
  return unshare(CLONE_FS) == 0;
#else
  return false;
#endif
}

static Place *new_place(const char *path, int *error)
{
  static uint64_t opened;
  struct stat st;
  int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  *error = fd < 0 || fstatat(fd, ".", &st, 0) < 0 ? -errno : 0; /* may it be searched? */
  Place *p = *error ? NULL : malloc(sizeof *p);
  if (p) {
    *p = (Place){.refs = 1, .fd = fd, .id = ++opened};
  } else {
    if (*error == 0) *error = -ENOMEM;
    if (fd >= 0) close(fd);
  }
  return p;
}

/* The process must be able to come back. */
static int begin(void)
{
  int error;
  Place *p = new_place(".", &error);
  if (p == NULL) return error;
  own = here = p;
  first = place_share(p);
  apart = leave_shared();
  return 0;
}

Place *place_open(const char *path, int *error)
{
  if (own == NULL && (*error = begin()) < 0) return NULL;
  return new_place(path, error);
}

Place *place_share(Place *p)
{
  if (p) p->refs++;
  return p;
}

void place_drop(Place *p)
{
  if (p == NULL || --p->refs > 0) return;
  close(p->fd);
  free(p->pwd);
  free(p);
}

static bool is_same(int fd)
{
  struct stat a, b;
  return stat(".", &a) == 0 && fstat(fd, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A C module may have called chdir. */
static void look_again(void)
{
  int error;
  if (is_same(own->fd)) return;
  Place *p = new_place(".", &error);
  if (p == NULL) return;
  place_drop(own);
  own = here = p;
}

Place *place_here(void)
{
  if (own && here == own) look_again();
  return here;
}

static void await_pool(void)
{
  if (apart) return;
  pthread_mutex_lock(&lock);
  while (pins > 0) pthread_cond_wait(&idle, &lock);
  pthread_mutex_unlock(&lock);
}

/* It was possible before: it has been taken away from us since. */
static void lose(const Place *p, int error)
{
  char link[40], path[1024] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", p->fd);
  if (readlink(link, path, sizeof path - 1) < 0) strcpy(path, "?");
  fprintf(stderr, "procrun: cannot go back to the directory %s: %s; relative names lead nowhere\n",
          path, strerror(error));
  if (chdir(NOWHERE) < 0 && chdir("/") < 0) abort();
}

static void go(Place *p)
{
  await_pool();
  here = p;
  if (fchdir(p->fd) < 0) lose(p, errno);
}

void place_go(Place *p)
{
  if (own == NULL) return;
  if (p == NULL) p = own;
  if (p == here) return;
  if (here == own) look_again();
  go(p);
}

char *place_pwd(void)
{
  if (here == own) return NULL;
  char path[PATH_MAX];
  if (here->pwd == NULL && getcwd(path, sizeof path) && asprintf(&here->pwd, "PWD=%s", path) < 0)
    here->pwd = NULL;
  return here->pwd;
}

void place_settle(Place *p)
{
  if (here == own) go(p);
  place_drop(own);
  own = p;
}

bool place_is_far(Place *p)
{
  return own && !apart && (p ? p : own) != here;
}

void place_quit(void)
{
  if (own == NULL) return;
  place_go(own);
  place_drop(own);
  place_drop(first);
  own = first = here = NULL;
}

mode_t place_mask(void)
{
  if (!apart) return 0;
  mode_t mask = umask(0);
  umask(mask);
  return mask;
}

void place_enter(const Place *p, mode_t mask)
{
  if (!apart) return;
  if (p)
    umask(mask);
  else
    p = first;
  if (p->id == there) return;
  if (there == 0 && !leave_shared()) {
    fprintf(stderr,
            "procrun: unshare was allowed, and is refused now: threads would be led astray\n");
    abort();
  }
  there = p->id;
  if (fchdir(p->fd) < 0 && chdir(NOWHERE) < 0) abort();
}

bool place_pin(void)
{
  if (apart) return false;
  pthread_mutex_lock(&lock);
  pins++;
  pthread_mutex_unlock(&lock);
  return true;
}

void place_unpin(void)
{
  pthread_mutex_lock(&lock);
  if (--pins == 0) pthread_cond_signal(&idle);
  pthread_mutex_unlock(&lock);
}
