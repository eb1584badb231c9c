/* late.c - the functions of libm that we and Lua call, as steps into the real ones. Where the build
   links that library itself (meson.build), there is nothing here. */
#include "runtime/late.h"

#ifdef PROCRUN_LATE_LIBM
#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Part of the C library, so it is there; but loading takes a descriptor. When none is left, a child
   that shares our memory, and has a table of its own, closes one and loads it for us. */
static void *load(void)
{
  void *volatile library = dlopen(LIBM_SO, RTLD_LAZY | RTLD_GLOBAL);
  if (library) return library;
  pid_t child = vfork();
  if (child == 0) {
    close(STDIN_FILENO);
    library = dlopen(LIBM_SO, RTLD_LAZY | RTLD_GLOBAL);
    _exit(EXIT_SUCCESS);
  }
  if (child > 0) waitpid(child, NULL, 0);
  if (library) return library;
  fprintf(stderr, "procrun: %s\n", dlerror()); /* no memory: nobody here could tell Lua */
  exit(EXIT_FAILURE);
}

/* A function missing here is no error: the linker then takes the whole library, as without us. */
static void *libm(const char *name)
{
  static void *library;
  if (library == NULL) library = load();
  return dlsym(library, name);
}

#define LATE_1(name)                                                                               \
  double name(double x)                                                                            \
  {                                                                                                \
    static double (*real)(double);                                                                 \
    if (real == NULL) *(void **)&real = libm(#name);                                               \
    return real(x);                                                                                \
  }

#define LATE_2(name)                                                                               \
  double name(double x, double y)                                                                  \
  {                                                                                                \
    static double (*real)(double, double);                                                         \
    if (real == NULL) *(void **)&real = libm(#name);                                               \
    return real(x, y);                                                                             \
  }

LATE_1(acos)
LATE_1(asin)
LATE_1(cos)
LATE_1(cosh)
LATE_1(exp)
LATE_1(log)
LATE_1(log10)
LATE_1(log2)
LATE_1(sin)
LATE_1(sinh)
LATE_1(sqrt)
LATE_1(tan)
LATE_1(tanh)
LATE_2(atan2)
LATE_2(fmod)
LATE_2(pow)

void late_share_libm(void)
{
  libm("pow");
}

#else

void late_share_libm(void)
{
}

#endif
