/* late.h - shared libraries that most programs never call, loaded by their first call: at start each
   of them would cost a twentieth of it. */
#ifndef PROCRUN_LATE_H
#define PROCRUN_LATE_H

void late_share_libm(void); /* from now on libm's names are found by C modules linked without it */

#endif
