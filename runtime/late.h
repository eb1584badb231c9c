/* late.h - shared libraries that most programs never call, loaded by their first call: at start each
   of them would cost a twentieth of it. */
#ifndef PROCRUN_LATE_H
#define PROCRUN_LATE_H

const char *late_cjson(void); /* before any call of cJSON: NULL, or why it cannot be loaded */
void late_share_libm(void); /* from now on libm's names are found by C modules linked without it */

#endif
