/* procinfo.c - processes in full, as /proc shows them; see procinfo.h. */
#include "modules/process/procinfo.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ARGV_LIMIT = 128 * 1024, STEP = 4096, PAGE_LIMIT = 1 << 20, USER_LIMIT = 64 * 1024 };
enum { ARGV_LOOKS = 50, ARGV_LOOK_NS = 200000 };

typedef struct ProcUser {
  long long uid;
  ProcText name;
} ProcUser;

#ifdef __linux__
const bool procinfo_works = true;

/* What the process has used up to this moment, where /proc counts in clock ticks. */
static void read_clock(ProcInfo *info)
{
  clockid_t clock;
  struct timespec t;
  if (clock_getcpuclockid(info->pid, &clock) != 0 || clock_gettime(clock, &t) != 0) return;
  info->usage.cpu = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int open_process(pid_t pid)
{
  char path[32];
  snprintf(path, sizeof path, "/proc/%d", (int)pid);
  int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return dir < 0 ? -errno : dir;
}
#else
const bool procinfo_works = false;

static void read_clock(ProcInfo *info)
{
  (void)info;
}

static int open_process(pid_t pid)
{
  (void)pid;
  return -ENOTSUP;
}
#endif

/* Adds the bytes of a file to b, at most `limit`; 0 or a negative errno. */
static int read_file(int dir, const char *name, Buf *b, size_t limit)
{
  int fd = openat(dir, name, O_RDONLY | O_CLOEXEC), r = 0;
  if (fd < 0) return -errno;
  while (limit > 0) {
    size_t step = limit < STEP ? limit : STEP;
    char *room = buf_reserve(b, step);
    ssize_t n = room ? read(fd, room, step) : -1;
    if (n < 0) r = room ? -errno : -ENOMEM;
    if (n <= 0) break;
    buf_commit(b, (size_t)n);
    limit -= (size_t)n;
  }
  close(fd);
  return r;
}

/* A whole file as a NUL-terminated text in list->page. */
static int read_page(ProcList *list, int dir, const char *name)
{
  buf_truncate(&list->page, 0);
  int r = read_file(dir, name, &list->page, PAGE_LIMIT);
  if (r == 0 && !buf_append(&list->page, "", 1)) r = -ENOMEM;
  return r;
}

static int read_stat(ProcList *list, int dir, ProcInfo *info)
{
  int r = read_page(list, dir, "stat");
  if (r < 0) return r;
  return procinfo_parse_stat(info, buf_head(&list->page)) ? 0 : -ESRCH;
}

/* The clock is asked by number: the status read after it proves that it was this process. */
static int read_status(ProcList *list, int dir, ProcInfo *info)
{
  read_clock(info);
  int r = read_page(list, dir, "status");
  if (r < 0) return r;
  return procinfo_parse_status(info, buf_head(&list->page)) ? 0 : -ESRCH;
}

/* Other users' is not for everybody. */
static void read_io(ProcList *list, int dir, ProcInfo *info)
{
  if (read_page(list, dir, "io") == 0) procinfo_parse_io(info, buf_head(&list->page));
}

static ProcText text_from(const ProcList *list, size_t at)
{
  return (ProcText){at, list->text.tail - at};
}

/* A process that has just become a program has its memory before its arguments: then they are there a
   moment later. */
static int read_arguments(ProcList *list, int dir, const ProcInfo *info)
{
  size_t at = list->text.tail;
  for (int look = 0;; look++) {
    int r = read_file(dir, "cmdline", &list->text, ARGV_LIMIT);
    if (r < 0 || list->text.tail > at || info->vsize == 0 || look == ARGV_LOOKS) return r;
    nanosleep(&(struct timespec){.tv_nsec = ARGV_LOOK_NS}, NULL);
  }
}

/* What cannot be read is empty: a kernel's thread has none, other users' are not for everybody. */
static int read_words(ProcList *list, int dir, ProcInfo *info)
{
  size_t at = list->text.tail;
  int r = read_arguments(list, dir, info);
  if (r == -ENOMEM) return r;
  info->argv = text_from(list, at);
  at = list->text.tail;
  char *room = buf_reserve(&list->text, STEP);
  if (room == NULL) return -ENOMEM;
  ssize_t n = readlinkat(dir, "exe", room, STEP);
  if (n > 0) buf_commit(&list->text, (size_t)n);
  info->exe = text_from(list, at);
  return 0;
}

static bool grow(void **array, size_t count, size_t *cap, size_t size)
{
  if (count < *cap) return true;
  size_t want = *cap ? *cap * 2 : 16;
  void *larger = realloc(*array, want * size);
  if (larger == NULL) return false;
  *array = larger;
  *cap = want;
  return true;
}

/* Adds the name of a user to the text; nothing where there is none. */
static void add_user(ProcList *list, long long uid)
{
  struct passwd entry, *found = NULL;
  for (size_t size = 1024; size <= USER_LIMIT; size *= 2) {
    char *room = malloc(size);
    if (room == NULL) return;
    int r = getpwuid_r((uid_t)uid, &entry, room, size, &found);
    if (found) buf_append(&list->text, found->pw_name, strlen(found->pw_name));
    free(room);
    if (r != ERANGE) return;
  }
}

static int find_user(ProcList *list, ProcInfo *info)
{
  for (size_t i = 0; i < list->user_count; i++) {
    if (list->users[i].uid != info->uid) continue;
    info->user = list->users[i].name;
    return 0;
  }
  if (!grow((void **)&list->users, list->user_count, &list->user_cap, sizeof *list->users))
    return -ENOMEM;
  size_t at = list->text.tail;
  if (info->uid >= 0) add_user(list, info->uid);
  info->user = text_from(list, at);
  list->users[list->user_count++] = (ProcUser){info->uid, info->user};
  return 0;
}

static bool is_any_or(long long wanted, long long value)
{
  return wanted < 0 || wanted == value;
}

/* A longer name may be one that the kernel has cut. */
static bool is_name(const char *wanted, const char *name)
{
  return strcmp(wanted, name) == 0 || (strlen(name) == 15 && strncmp(wanted, name, 15) == 0);
}

static bool stat_fits(const ProcFilter *f, const ProcInfo *info)
{
  return is_any_or(f->ppid, info->ppid) && is_any_or(f->pgid, info->pgid) &&
         is_any_or(f->sid, info->sid) && (f->state == '\0' || f->state == info->state) &&
         (f->name == NULL || is_name(f->name, info->name));
}

static bool user_fits(const ProcFilter *f, const ProcInfo *info, const ProcList *list)
{
  if (!is_any_or(f->uid, info->uid) || !is_any_or(f->gid, info->gid)) return false;
  if (f->user == NULL) return true;
  size_t n = strlen(f->user);
  return n == info->user.size && memcmp(f->user, list->text.data + info->user.at, n) == 0;
}

enum { SKIPPED = 1 };

/* Every process that is seen counts as its parent's child, let through or not. */
static int read_all(ProcList *list, int dir, const ProcFilter *filter, ProcInfo *info)
{
  int r = read_stat(list, dir, info);
  if (r < 0) return r;
  if (filter && !procfs_add(&list->look, info->ppid, info->pid)) return -ENOMEM;
  if (filter && !stat_fits(filter, info)) return SKIPPED;
  r = read_status(list, dir, info);
  if (r == 0) r = find_user(list, info);
  if (r < 0) return r;
  if (filter && !user_fits(filter, info, list)) return SKIPPED;
  read_io(list, dir, info);
  return read_words(list, dir, info);
}

static int add_process(ProcList *list, pid_t pid, const ProcFilter *filter)
{
  if (!grow((void **)&list->infos, list->count, &list->cap, sizeof *list->infos)) return -ENOMEM;
  ProcInfo *info = &list->infos[list->count];
  *info = (ProcInfo){.pid = pid};
  int dir = open_process(pid);
  if (dir < 0) return dir;
  int r = read_all(list, dir, filter, info);
  close(dir);
  if (r == 0) list->count++;
  return r;
}

/* One that has ended meanwhile, or that is hidden from us, is no failure. */
static bool is_failure(int r)
{
  return r == -EMFILE || r == -ENFILE || r == -ENOMEM || r == -ECANCELED || r == -ENOTSUP;
}

int procinfo_list(ProcList *list, const ProcFilter *filter, atomic_bool *stop)
{
  DIR *dir = opendir("/proc");
  if (dir == NULL) return -errno;
  int r = 0;
  for (struct dirent *e; !is_failure(r) && (e = readdir(dir)) != NULL;) {
    if (!isdigit((unsigned char)e->d_name[0])) continue;
    r = add_process(list, (pid_t)atoi(e->d_name), filter);
    if (atomic_load_explicit(stop, memory_order_relaxed)) r = -ECANCELED;
  }
  closedir(dir);
  procfs_sort(&list->look);
  if (is_failure(r)) return r;
  return list->look.pair_count > 0 ? 0 : -ENOENT; /* not even this one: no /proc */
}

static int told(int r)
{
  if (r == 0 || is_failure(r)) return r;
  return access("/proc/self", F_OK) == 0 ? -ESRCH : -ENOENT;
}

static void find_children(ProcList *list, pid_t pid)
{
  procfs_look(&list->look);
  procfs_children(&list->look, pid);
}

int procinfo_one(ProcList *list, pid_t pid)
{
  int r = add_process(list, pid, NULL);
  if (r == 0) find_children(list, pid);
  return told(r);
}

int procinfo_usage(ProcList *list, pid_t pid)
{
  if (!grow((void **)&list->infos, list->count, &list->cap, sizeof *list->infos)) return -ENOMEM;
  ProcInfo *info = &list->infos[list->count++];
  *info = (ProcInfo){.pid = pid};
  int dir = open_process(pid);
  if (dir < 0) return told(dir);
  int r = read_stat(list, dir, info);
  if (r == 0) r = read_status(list, dir, info);
  if (r == 0) read_io(list, dir, info);
  close(dir);
  if (r == 0) find_children(list, pid);
  return told(r);
}

void procinfo_free(ProcList *list)
{
  procfs_free(&list->look);
  buf_free(&list->text);
  buf_free(&list->page);
  free(list->users);
  free(list->infos);
  *list = (ProcList){0};
}
