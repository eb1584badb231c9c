/* launch_table.c - every running child that is watched, by its pid. */
#include "modules/process/launch_impl.h"

enum { CHAINS = 1024 }; /* pids come one after another: the chains are of one length */

__attribute__((common)) Launched *launch_table[CHAINS]; /* common: as in runtime/heap.c */
static int count;
static Launched *cursor; /* the next one to be visited by launch_each */

static Launched **chain_of(pid_t pid)
{
  return &launch_table[(unsigned)pid % CHAINS];
}

void launch_link(Launched *p)
{
  Launched **head = chain_of(p->pid);
  p->at = head;
  p->next = *head;
  if (p->next != NULL) p->next->at = &p->next;
  *head = p;
  count++;
}

void launch_unlink(Launched *p)
{
  if (p->at == NULL) return;
  if (cursor == p) cursor = p->next;
  *p->at = p->next;
  if (p->next != NULL) p->next->at = p->at;
  p->at = NULL;
  p->next = NULL;
  count--;
}

Launched *launch_find(pid_t pid)
{
  Launched *p = *chain_of(pid);
  while (p != NULL && p->pid != pid) p = p->next;
  return p;
}

void launch_each(void (*visit)(Launched *p, void *arg), void *arg)
{
  for (int i = 0; i < CHAINS && count > 0; i++) {
    for (Launched *p = launch_table[i]; p != NULL; p = cursor) {
      cursor = p->next;
      visit(p, arg);
    }
  }
}
