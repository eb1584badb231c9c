/* fs_deep.h - paths that are longer than the kernel takes at once. */
#ifndef PROCRUN_FS_DEEP_H
#define PROCRUN_FS_DEEP_H

/* Goes along the path as far as the kernel needs: a directory to begin at (AT_FDCWD: none was
   needed), and *path is what is left. Or a libuv code. */
int fs_deep_enter(const char **path);
void fs_deep_leave(int dir);

/* A directory of any depth, opened for reading; link: the last name may be one. */
int fs_deep_open(const char *path, int link);

#endif
