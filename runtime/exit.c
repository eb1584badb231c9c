/* exit.c - how a program comes to its end. */
#include "runtime/exit.h"

#include "runtime/task.h"

void exit_begin(Runtime *rt, int code, int signum)
{
  if (rt->exiting) {
    if (rt->exit_code == 0) rt->exit_code = code;
    return;
  }
  rt->exiting = true;
  rt->exit_code = code;
  rt->exit_signal = signum;
  task_cancel_all(rt);
  uv_stop(&rt->loop);
}
