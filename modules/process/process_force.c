/* process_force.c - the children when a second signal forces our end: KILL, to whole trees. */
#include <signal.h>
#include <unistd.h>

#include "modules/process/launch_impl.h"
#include "modules/process/process.h"

static void kill_tree(Launched *launched, void *arg)
{
  Process *p = launched->data;
  pid_t pid = launched->pid;
  (void)arg;
  if (!launched->running || p->own_session || p->spared) return;
  if (p->tree == NULL) p->tree = tree_new();
  if (p->tree && p->cgroup) tree_confine(p->tree, cgroup_path(p->cgroup));
  if (p->tree) tree_signal(p->tree, pid, true, SIGKILL);
  if (getpgid(pid) == pid) kill(-pid, SIGKILL);
  launch_kill(launched, SIGKILL);
}

void process_force(void)
{
  launch_each(kill_tree, NULL);
}
