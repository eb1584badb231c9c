/* cgroup_file.h - the files of a cgroup, and which one is ours. */
#ifndef PROCRUN_CGROUP_FILE_H
#define PROCRUN_CGROUP_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { CGROUP_TEXT = 1024 }; /* no file that is read as a whole is longer */

/* The text of a file in dir, as much of it as fits; false: there is none. */
bool cgroup_file_read(const char *dir, const char *file, char text[CGROUP_TEXT]);

/* 0 or a libuv code. */
int cgroup_file_write(const char *dir, const char *file, const char *text);

/* What stands behind a word of a text, or NULL. */
const char *cgroup_file_word(const char *text, const char *word);

/* Puts the path of our own cgroup in dir (PATH_MAX bytes); the length of the path of the hierarchy's
   root, or 0: there is no cgroup2 that we can see. */
size_t cgroup_file_own(char *dir);

/* Where a test has plain files in the place of the kernel's: makes those that a cgroup has, and takes
   them away again. */
void cgroup_file_made(const char *dir);
void cgroup_file_gone(const char *dir);

#endif
