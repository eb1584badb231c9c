/* sync_sweep.h - what dead processes left in the directory, and files of names nobody uses any more. */
#ifndef PROCRUN_SYNC_SWEEP_H
#define PROCRUN_SYNC_SWEEP_H

/* At most every ten minutes, whoever of the processes comes next. */
void sync_sweep(int dir);

#endif
