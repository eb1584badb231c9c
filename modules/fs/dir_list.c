/* dir_list.c - the names in a directory with their types, as one block of memory. */
#include "modules/fs/dir_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each entry is a byte for the type (S_IFMT of its mode, shifted) and the name with its NUL. */
bool dir_list_add(DirList *list, mode_t mode, const char *name)
{
  char type = (char)((mode & S_IFMT) >> 12);
  list->count++;
  return buf_append(&list->bytes, &type, 1) && buf_append(&list->bytes, name, strlen(name) + 1);
}

/* Not every file system says the type; a name that has gone meanwhile has none. */
static mode_t type_of(DIR *dir, const struct dirent *e)
{
  struct stat st;
  if (e->d_type != DT_UNKNOWN) return (mode_t)e->d_type << 12;
  return fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mode : 0;
}

static int read_entries(DirList *list, DIR *dir, Req *req)
{
  struct dirent *e;
  while (errno = 0, (e = readdir(dir))) {
    const char *name = e->d_name;
    if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
    if (!dir_list_add(list, type_of(dir, e), name)) return UV_ENOMEM;
    if (list->most && list->count > list->most) return UV_EFBIG;
    if (req_is_dropped(req)) return UV_ECANCELED;
  }
  return -errno;
}

int dir_list_read(DirList *list, int fd, Req *req)
{
  DIR *dir = fdopendir(fd);
  if (dir == NULL) return close(fd), UV_ENOMEM;
  int r = read_entries(list, dir, req);
  closedir(dir);
  return r;
}

static int compare(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In place of the entries: an array of pointers to their names, and behind it the entries. */
int dir_list_sort(DirList *list)
{
  size_t count = (size_t)list->count, size = buf_size(&list->bytes);
  Buf sorted = {0};
  char **names = (char **)(void *)buf_reserve(&sorted, count * sizeof *names + size + 1);
  if (names == NULL) return UV_ENOMEM;
  char *entry = (char *)(names + count);
  if (size) memcpy(entry, buf_head(&list->bytes), size);
  for (size_t i = 0; i < count; i++, entry += strlen(entry + 1) + 2) names[i] = entry + 1;
  qsort(names, count, sizeof *names, compare);
  buf_free(&list->bytes);
  list->bytes = sorted;
  return 0;
}

const char *dir_list_name(const DirList *list, int i)
{
  return ((char **)(void *)list->bytes.data)[i];
}

mode_t dir_list_type(const DirList *list, int i)
{
  return (mode_t)(unsigned char)dir_list_name(list, i)[-1] << 12;
}

void dir_list_free(DirList *list)
{
  buf_free(&list->bytes);
  list->count = 0;
}
