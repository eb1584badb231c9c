/* late.c - the functions of libm that we and Lua call, as steps into the real ones. Where the build
   links that library itself (third_party/meson.build), there is nothing here. */
#include "runtime/late.h"

#include <dlfcn.h>
#include <math.h>
#include <stddef.h>

#ifdef PROCRUN_LATE_LIBM
#include <gnu/lib-names.h>

/* A function missing here is no error: the linker then takes the whole library, as without us. */
static void *libm(const char *name)
{
  static void *library; /* part of the C library: it is always there */
  if (library == NULL) library = dlopen(LIBM_SO, RTLD_LAZY | RTLD_GLOBAL);
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
