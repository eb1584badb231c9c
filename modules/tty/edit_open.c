/* edit_open.c - editors of lines, opened and closed: local core = require "procrun.core.edit";
   local e = core.open() */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/tty/edit.h"
#include "runtime/err.h"

static void on_closed(uv_handle_t *uv)
{
  Editor *e = uv->data;
  if (--e->closing == 0) handle_closed(&e->base);
}

static void close_editor(Handle *h)
{
  Editor *e = (Editor *)h;
  uv_handle_t *all[] = {(uv_handle_t *)&e->poll, (uv_handle_t *)&e->before,
                        (uv_handle_t *)&e->after};
  edit_close(e);
  h->closing = true;
  for (size_t i = 0; i < 3; i++) {
    e->closing++;
    uv_close(all[i], on_closed);
  }
  close(e->poll_fd);
  fclose(e->in);
  fclose(e->out);
}

const HandleType edit_type = {.name = "procrun.editor", .close = close_editor};

Editor *edit_check(lua_State *L)
{
  return handle_check(L, 1, &edit_type);
}

static FILE *open_file(int fd, const char *mode)
{
  int own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  FILE *f = own_fd >= 0 ? fdopen(own_fd, mode) : NULL;
  if (f == NULL && own_fd >= 0) close(own_fd);
  return f;
}

/* uv_poll_init sets O_NONBLOCK, which the terminal's other users must not see: it is given a pipe,
   and its number is made to mean the terminal afterwards. */
static int open_poll(Editor *e, int fd)
{
  uv_file pipe[2];
  int r = uv_pipe(pipe, 0, 0);
  if (r < 0) return r;
  close(pipe[1]);
  r = uv_poll_init(&e->base.rt->loop, &e->poll, pipe[0]);
  if (r < 0) {
    close(pipe[0]);
    return r;
  }
  dup3(fd, pipe[0], O_CLOEXEC);
  e->poll_fd = pipe[0];
  return 0;
}

static int open_files(Editor *e, int in, int out)
{
  e->in = open_file(in, "r");
  e->out = open_file(out, "w");
  int r = e->in && e->out ? open_poll(e, in) : -errno;
  if (r == 0) return 0;
  if (e->in) fclose(e->in);
  if (e->out) fclose(e->out);
  return r;
}

/* open([library], [in, out], [signals]) -> editor | nil, message, code; library: "readline",
   "libedit"; in and out: descriptors of the terminal, 0 and 1 by default; signals: see Editor */
static int l_open(lua_State *L)
{
  const char *wanted = luaL_optstring(L, 1, NULL);
  int in = (int)luaL_optinteger(L, 2, 0), out = (int)luaL_optinteger(L, 3, 1);
  if (edit_is_open()) return err_push(L, UV_EBUSY, "editor");
  const EditLib *lib = edit_lib_load(wanted);
  if (lib == NULL) return err_push(L, UV_ENOENT, "no library that edits lines");
  Editor *e = handle_new(L, sizeof *e, &edit_type);
  int r = open_files(e, in, out);
  if (r < 0) return err_push(L, r, "terminal");
  e->lib = lib;
  e->signalling = lua_toboolean(L, 4);
  uv_loop_t *loop = &e->base.rt->loop;
  uv_prepare_init(loop, &e->before);
  uv_check_init(loop, &e->after);
  uv_unref((uv_handle_t *)&e->before);
  uv_unref((uv_handle_t *)&e->after);
  e->poll.data = e->before.data = e->after.data = e;
  handle_open(&e->base, NULL);
  edit_open(e);
  return 1;
}

/* e:add_history(line) */
static int l_add_history(lua_State *L)
{
  edit_check(L)->lib->add_history(luaL_checkstring(L, 2));
  return 0;
}

/* e:library() -> "libreadline" | "libedit" */
static int l_library(lua_State *L)
{
  lua_pushstring(L, edit_check(L)->lib->name);
  return 1;
}

int luaopen_procrun_core_edit(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"read", edit_read}, {"add_history", l_add_history}, {"library", l_library}, {NULL, NULL}};
  static const luaL_Reg functions[] = {{"open", l_open}, {NULL, NULL}};
  handle_type(L, &edit_type, methods);
  luaL_newlib(L, functions);
  return 1;
}
