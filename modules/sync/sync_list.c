/* sync_list.c - the objects of this process: all that are open, and those that have to look. */
#include <unistd.h>

#include "modules/sync/sync_object.h"
#include "modules/sync/sync_place.h"

static SyncObject *objects, *due_first, **due_last = &due_first;

void sync_list_add(SyncObject *s)
{
  static uint64_t tokens;
  s->token = ++tokens;
  s->next = objects;
  if (s->next) s->next->prev = s;
  objects = s;
}

void sync_list_remove(SyncObject *s)
{
  if (s->prev)
    s->prev->next = s->next;
  else
    objects = s->next;
  if (s->next) s->next->prev = s->prev;
  for (SyncObject **link = &due_first; s->due && *link; link = &(*link)->next_due) {
    if (*link != s) continue;
    *link = s->next_due;
    if (due_last == &s->next_due) due_last = link;
    break;
  }
  s->due = false;
}

SyncObject *sync_list_first(void)
{
  return objects;
}

SyncObject *sync_find(uint64_t token)
{
  SyncObject *s = objects;
  while (s && s->token != token) s = s->next;
  return s;
}

void sync_let_go(void)
{
  for (SyncObject *s = objects; s; s = s->next) {
    close(s->file.fd);
    s->file.fd = -1;
  }
}

void sync_due(SyncObject *s)
{
  if (s->due) return;
  s->due = true;
  s->next_due = NULL;
  *due_last = s;
  due_last = &s->next_due;
}

SyncObject *sync_next_due(void)
{
  SyncObject *s = due_first;
  if (s == NULL) return NULL;
  due_first = s->next_due;
  if (due_first == NULL) due_last = &due_first;
  s->due = false;
  return s;
}
