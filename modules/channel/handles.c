/* handles.c - what a channel has once handles travel over it: made with the first, gone with it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/channel/handles.h"

static void on_retry(Deadline *d)
{
  Handles *h = (Handles *)((char *)d - offsetof(Handles, retry));
  if (h->out_first) h->out_first->resting = false;
  wire_flush(h->channel);
}

static void on_askers_changed(WaitList *list)
{
  Handles *h = (Handles *)((char *)list - offsetof(Handles, askers));
  wire_update(h->channel);
}

/* Looking at lines starts with the one that is not complete. */
static size_t find_partial(const Channel *c)
{
  size_t size = buf_size(&c->in), n = 0;
  while (n < size && buf_head(&c->in)[size - n - 1] != '\n') n++;
  return n;
}

Handles *handles_need(Channel *c)
{
  if (c->handles) return c->handles;
  Handles *h = calloc(1, sizeof *h);
  if (h == NULL) return NULL;
  h->channel = c;
  h->partial = find_partial(c);
  h->unanswered = c->eof;
  h->retry = (Deadline){.fire = on_retry, .unref = true};
  h->askers.changed = on_askers_changed;
  return c->handles = h;
}

/* Answers are few and short; one that finds no memory is missed by a peer that has to wait. */
void handles_answer(Channel *c, const char *format, ...)
{
  if (c->half_closed || c->write_error || !c->base.open) return;
  char text[HANDLES_KEY + 128];
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  buf_append(&c->handles->answers, text, (size_t)size);
}

Key *handles_key(Handles *h, const char *text, size_t size)
{
  if (text == NULL || size > HANDLES_KEY) return NULL;
  Key *key = h->keys;
  while (key && !(key->size == size && memcmp(key->text, text, size) == 0)) key = key->next;
  if (key == NULL) {
    key = calloc(1, sizeof *key);
    char *copy = malloc(size + 1);
    if (key == NULL || copy == NULL) {
      free(key);
      free(copy);
      return NULL;
    }
    memcpy(copy, text, size);
    *key = (Key){.text = copy, .size = size, .next = h->keys};
    h->keys = key;
  }
  key->count++;
  return key;
}

static void free_key(Handles *h, Key *key)
{
  Key **link = &h->keys;
  while (*link != key) link = &(*link)->next;
  *link = key->next;
  free(key->text);
  free(key);
}

void handles_let_go(Channel *c, Key *key)
{
  if (key == NULL || --key->count > 0) return;
  if (key->notify) {
    handles_answer(c, "{\"cmd\":\"NODE_SOCKET_ALL_CLOSED\",\"key\":\"%.*s\"}\n", (int)key->size,
                   key->text);
    wire_flush(c);
  }
  free_key(c->handles, key);
}

Ask *handles_ask(Handles *h, const char *text, size_t size, bool make)
{
  Ask *ask = h->asks;
  while (ask && !(ask->size == size && memcmp(ask->text, text, size) == 0)) ask = ask->next;
  if (ask || !make) return ask;
  ask = calloc(1, sizeof *ask);
  char *copy = malloc(size + 1);
  if (ask == NULL || copy == NULL) {
    free(ask);
    free(copy);
    return NULL;
  }
  memcpy(copy, text, size);
  *ask = (Ask){.text = copy, .size = size, .next = h->asks};
  return h->asks = ask;
}

Incoming *handles_pop(Channel *c)
{
  Handles *h = c->handles;
  Incoming *first = h->in_first;
  h->in_first = first->next;
  if (first->next == NULL) h->in_last = NULL;
  if (h->untaken-- == HANDLES_UNTAKEN) wire_update(c);
  return first;
}

void handles_pass(Channel *c, uint64_t at)
{
  Handles *h = c->handles;
  while (h->in_first && h->in_first->at < at) {
    Incoming *one = handles_pop(c);
    close(one->fd);
    handles_let_go(c, one->key);
    free(one);
  }
}

static void close_outgoing(Outgoing **list)
{
  while (*list) {
    Outgoing *one = *list;
    *list = one->next;
    if (one->fd >= 0) close(one->fd);
    free(one);
  }
}

/* Nothing more can be written. What was sent and not answered is asked for by its place. */
void handles_fail(Channel *c)
{
  Handles *h = c->handles;
  close_outgoing(&h->out_first);
  h->out_last = NULL;
  h->verdict = VERDICT_NONE;
  deadline_disarm(c->base.rt, &h->retry);
  buf_free(&h->answers);
  h->answering = false;
}

void handles_close(Channel *c)
{
  Handles *h = c->handles;
  handles_fail(c);
  while (h->pending_count > 0)
    if (h->pending[--h->pending_count] >= 0) close(h->pending[h->pending_count]);
  wait_wake_all(&h->askers);
}

/* The inbox goes, and the handles in it, that nobody has taken. */
void handles_free(Channel *c)
{
  Handles *h = c->handles;
  if (h == NULL) return;
  handles_close(c);
  handles_pass(c, UINT64_MAX);
  close_outgoing(&h->refused);
  while (h->keys) free_key(h, h->keys);
  while (h->asks) {
    Ask *ask = h->asks;
    h->asks = ask->next;
    free(ask->text);
    free(ask);
  }
  free(h);
  c->handles = NULL;
}

bool handles_full(const Channel *c)
{
  return c->handles->untaken >= HANDLES_UNTAKEN || buf_size(&c->handles->answers) > HANDLES_ANSWERS;
}

/* Is there something that has to go, or that is waited for, before the channel can end? */
bool handles_busy(const Channel *c)
{
  return buf_size(&c->handles->answers) > 0;
}

bool handles_awaited(const Channel *c)
{
  return c->handles->askers.head != NULL;
}
