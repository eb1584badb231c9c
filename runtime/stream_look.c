/* stream_look.c - what a stream is and what it holds, for procrun.snapshot(). */
#include <sys/stat.h>

#include "runtime/look.h"
#include "runtime/stream_impl.h"

static const char *kind_of(const Stream *s)
{
  struct stat st;
  if (s->fd < 0 || fstat(s->fd, &st) < 0) return "closed";
  switch (st.st_mode & S_IFMT) {
  case S_IFSOCK: return "socket";
  case S_IFIFO: return "pipe";
  case S_IFREG: return "file";
  case S_IFCHR: return s->terminal ? "terminal" : "device";
  default: return "file";
  }
}

void stream_look(Handle *h, lua_State *L)
{
  const Stream *s = (const Stream *)h;
  look_integer(L, "fd", s->standard >= 0 ? s->standard : s->fd);
  look_string(L, "type", kind_of(s));
  if (s->standard >= 0) look_integer(L, "standard", s->standard);
  if (s->socket || s->flags & STREAM_CONNECTION) look_addresses(L, s->fd);
  look_flag(L, "readable", (s->flags & STREAM_READ) != 0);
  look_flag(L, "writable", (s->flags & STREAM_WRITE) != 0);
  look_integer(L, "unread", (lua_Integer)buf_size(&s->in));
  look_integer(L, "unsent", (lua_Integer)buf_size(&s->out));
  look_integer(L, "received", (lua_Integer)s->received);
  look_integer(L, "sent", (lua_Integer)s->sent);
  look_flag(L, "at_end", s->flags & STREAM_READ && s->eof);
  look_flag(L, "ended", s->flags & STREAM_WRITE && s->ended);
  look_flag(L, "captured", s->capture);
  look_flag(L, "listening", s->flowing);
  if (s->write_error) look_string(L, "write_error", uv_err_name(s->write_error));
  look_waiters(L, "readers", &s->readers);
  look_waiters(L, "writers", &s->writers);
  look_family(L, s->bell);
  look_flag(L, "alive", s->job != NULL);
}
