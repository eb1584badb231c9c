/* bundle_map.c - the slot, and what lies behind an executable; see bundle.h. Nothing is read before it
   is asked for but the index: the kernel brings in the pages of a file when they are looked at. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

#include "modules/bundle/bundle.h"

enum { RECORD = 32 }; /* offset, size and sum: 8 bytes each; name: 4, its length: 2; flags: 2 */
enum { EXECUTABLE = 1 };

static const char VARIABLE[] = "PROCRUN_BUNDLE";

/* Read from memory, so that whoever is no bundle opens nothing. */
volatile const BundleSlot bundle_slot = {.magic = {'\x7f', 'p', 'r', 'o', 'c', 'r', 'u', 'n', '-',
                                                   's', 'l', 'o', 't', '\x01', '\r', '\n'}};

static bool here, as_procrun;

static uint64_t number(const unsigned char *bytes, size_t size)
{
  uint64_t n = 0;
  for (size_t i = size; i-- > 0;) n = n << 8 | bytes[i];
  return n;
}

static uint64_t word(const unsigned char *bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint64_t n;
  memcpy(&n, bytes, sizeof n); /* the compiler does not see that the loop is this */
  return n;
#else
  return number(bytes, 8);
#endif
}

static BundleSlot own_slot(void)
{
  BundleSlot slot;
  for (size_t i = 0; i < sizeof slot; i++)
    ((unsigned char *)&slot)[i] = ((const volatile unsigned char *)&bundle_slot)[i];
  return slot;
}

/* A worker of a bundle is the same executable, whose arguments are to be read as procrun's own: that
   stands in a variable, as any argument might be meant for the program. */
void bundle_begin(void)
{
  for (size_t i = 0; i < sizeof bundle_slot.size && !here; i++) here = bundle_slot.size[i] != 0;
  if (!here) return;
  as_procrun = getenv(VARIABLE) != NULL;
  unsetenv(VARIABLE);
}

bool bundle_is_here(void)
{
  return here;
}

bool bundle_takes_arguments(void)
{
  return here && !as_procrun;
}

/* One to one: a single word that differs is always seen. */
static uint64_t mix(uint64_t sum, uint64_t word)
{
  sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
  return sum ^ sum >> 32;
}

uint64_t bundle_sum(uint64_t sum, const void *bytes, size_t size)
{
  const unsigned char *p = bytes;
  for (; size >= 8; p += 8, size -= 8) sum = mix(sum, word(p));
  return size > 0 ? mix(sum, number(p, size)) : sum;
}

/* Without /proc there is what the program was started as, from the directory it was started in. */
static int open_self(void)
{
#ifdef __linux__
  int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) return fd;
  const char *path = (const char *)getauxval(AT_EXECFN);
  return path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
#else
  char path[PATH_MAX];
  size_t size = sizeof path;
  int r = uv_exepath(path, &size);
  if (r == 0) return open(path, O_RDONLY | O_CLOEXEC);
  errno = -r;
  return -1;
#endif
}

/* The slot of another executable; slot: our own. */
static int find_slot(int fd, size_t size, BundleSlot *slot, const char **why)
{
  void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED) return -errno;
  const char *end = (const char *)map + size;
  const char *at = memmem(map, size, slot->magic, sizeof slot->magic);
  bool found = at && (size_t)(end - at) >= sizeof *slot;
  if (found) memcpy(slot, at, sizeof *slot);
  munmap(map, size);
  if (!found || number(slot->size, 8) == 0) *why = "it is no bundle";
  return 0;
}

/* Do the slot's numbers fit the file? */
static bool check_slot(const BundleSlot *slot, uint64_t file_size, const char **why)
{
  uint64_t start = number(slot->start, 8), size = number(slot->size, 8);
  uint64_t index = number(slot->index, 8), count = number(slot->count, 8);
  if (start >= file_size)
    *why = "its files are gone: it was stripped, or cut off; strip before, with procrun bundle "
           "--strip";
  else if (size > file_size - start)
    *why = "it is incomplete: copy or download it again";
  else if (index > size || count > (size - index) / RECORD || number(slot->main, 8) >= count)
    *why = "it is damaged: copy or download it again";
  return *why == NULL;
}

/* Is it this program that an executable holds? Not where a loader was started with our name. */
static bool is_own(int fd, size_t size)
{
  BundleSlot slot = own_slot();
  const char *why = NULL;
  return find_slot(fd, size, &slot, &why) != 0 || why == NULL;
}

static int map_files(Bundle *b, int fd, const BundleSlot *slot, const char **why)
{
  size_t start = (size_t)number(slot->start, 8), size = (size_t)number(slot->size, 8);
  size_t before = start & ((size_t)sysconf(_SC_PAGESIZE) - 1);
  b->map_size = before + size;
  b->map = mmap(NULL, b->map_size, PROT_READ, MAP_PRIVATE, fd, (off_t)(start - before));
  if (b->map == MAP_FAILED) return -errno;
  b->start = (const unsigned char *)b->map + before;
  b->index_at = (size_t)number(slot->index, 8);
  b->index = b->start + b->index_at;
  b->index_size = size - b->index_at;
  b->count = (size_t)number(slot->count, 8);
  b->main = (size_t)number(slot->main, 8);
  if (bundle_sum(0, b->index, b->index_size) == number(slot->sum, 8)) return 0;
  *why = "it is damaged: copy or download it again";
  bundle_close(b);
  return 0;
}

int bundle_open(Bundle *b, const char *path, const char **why)
{
  struct stat st;
  BundleSlot slot = own_slot();
  *why = NULL;
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : open_self();
  if (fd < 0) return -errno;
  int r = fstat(fd, &st) < 0 ? -errno : 0;
  if (r == 0 && !S_ISREG(st.st_mode)) r = S_ISDIR(st.st_mode) ? UV_EISDIR : UV_EINVAL;
  if (r == 0 && path && st.st_size == 0) *why = "it is no bundle";
  if (r == 0 && path && *why == NULL) r = find_slot(fd, (size_t)st.st_size, &slot, why);
  if (r == 0 && *why == NULL && check_slot(&slot, (uint64_t)st.st_size, why))
    r = map_files(b, fd, &slot, why);
  if (*why && path == NULL && !is_own(fd, (size_t)st.st_size))
    *why = "it is run by another program (ld.so?), which hides its own file; start it by itself";
  close(fd);
  return r;
}

void bundle_close(Bundle *b)
{
  if (b->map && b->map != MAP_FAILED) munmap(b->map, b->map_size);
  b->map = NULL;
  b->count = 0;
}

bool bundle_file(const Bundle *b, size_t at, BundleFile *file)
{
  if (at >= b->count) return false;
  const unsigned char *record = b->index + at * RECORD;
  uint64_t offset = number(record, 8), size = number(record + 8, 8);
  size_t name = (size_t)number(record + 24, 4), name_size = (size_t)number(record + 28, 2);
  if (offset > b->index_at || size > b->index_at - offset) return false;
  if (name > b->index_size || name_size > b->index_size - name) return false;
  *file = (BundleFile){.bytes = b->start + offset,
                       .size = (size_t)size,
                       .name = (const char *)b->index + name,
                       .name_size = name_size,
                       .sum = number(record + 16, 8),
                       .executable = (number(record + 30, 2) & EXECUTABLE) != 0};
  return true;
}

static int compare(const BundleFile *file, const char *name, size_t size)
{
  size_t common = size < file->name_size ? size : file->name_size;
  int r = memcmp(file->name, name, common);
  return r != 0 ? r : (file->name_size > size) - (file->name_size < size);
}

size_t bundle_search(const Bundle *b, const char *name, size_t size)
{
  size_t low = 0, high = b->count;
  while (low < high) {
    BundleFile file;
    size_t middle = low + (high - low) / 2;
    if (bundle_file(b, middle, &file) && compare(&file, name, size) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

bool bundle_is_whole(const BundleFile *file)
{
  return bundle_sum(0, file->bytes, file->size) == file->sum;
}
