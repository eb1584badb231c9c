/* channel_look.c - what a channel holds, for procrun.snapshot(). */
#include <string.h>

#include "modules/channel/handles.h"
#include "runtime/look.h"

static lua_Integer count_lines(const Buf *b)
{
  lua_Integer n = 0;
  size_t size = buf_size(b);
  const char *p = size ? buf_head(b) : NULL, *end = size ? p + size : NULL;
  for (; p && p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++) n++;
  return n;
}

static bool holds(const uv_poll_t *poll)
{
  const uv_handle_t *handle = (const uv_handle_t *)poll;
  return handle->data && uv_is_active(handle) && uv_has_ref(handle);
}

static void look_handles(const Handles *handles, lua_State *L)
{
  lua_Integer n = 0;
  for (const Outgoing *o = handles->out_first; o; o = o->next) n++;
  look_integer(L, "handles_in", handles->untaken);
  look_integer(L, "handles_out", n);
  look_waiters(L, "askers", &handles->askers);
}

void channel_look(Handle *h, lua_State *L)
{
  Channel *c = (Channel *)h;
  look_integer(L, "fd", c->fd_in);
  look_flag(L, "connected", !c->ending && !c->eof && !c->write_error);
  look_flag(L, "ending", c->ending);
  look_flag(L, "at_end", c->eof);
  look_integer(L, "unread", (lua_Integer)buf_size(&c->in));
  look_integer(L, "unread_messages", count_lines(&c->in));
  look_integer(L, "unsent", (lua_Integer)wire_unsent(c));
  look_integer(L, "unsent_messages", count_lines(&c->out));
  look_integer(L, "received", (lua_Integer)c->received);
  look_integer(L, "sent", (lua_Integer)c->sent);
  look_flag(L, "listening", c->listened);
  look_flag(L, "held", c->hold);
  look_waiters(L, "readers", &c->readers);
  look_waiters(L, "writers", &c->writers);
  look_family(L, c->bell);
  if (c->bell) look_waiters(L, "takers", &c->bell->taker);
  look_flag(L, "alive", holds(&c->poll) || holds(&c->poll_out));
  if (c->handles) look_handles(c->handles, L);
}
