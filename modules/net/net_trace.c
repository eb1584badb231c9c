/* net_trace.c - events of servers and connections for procrun --trace. */
#include "modules/net/net.h"
#include "runtime/look.h"
#include "runtime/trace.h"

void net_trace(const char *event, int fd, int server, int error)
{
  char here[LOOK_NAME] = "", there[LOOK_NAME] = "", number[16];
  if (fd >= 0) look_name(fd, false, here);
  if (fd >= 0) look_name(fd, true, there);
  snprintf(number, sizeof number, "%d", server);
  trace_event(TRACE_NET, event, "fd=%d server=%s local=%s remote=%s error=%s", fd,
              server >= 0 ? number : NULL, *here ? here : NULL, *there ? there : NULL,
              error ? uv_err_name(error) : NULL);
}
