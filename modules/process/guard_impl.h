/* guard_impl.h - what both sides of the guard know. */
#ifndef PROCRUN_GUARD_IMPL_H
#define PROCRUN_GUARD_IMPL_H

#define GUARD_ROLE "--procrun-guard"

#endif
