/* edit.c - lines edited on the terminal while the loop turns:
   local e = require "procrun.core.edit".open(); line = e:read("> ", complete).

   The library is called from the task that reads, as keys arrive. What is printed meanwhile takes the
   line off the screen; at the end of the turn it is drawn again below. */
#include "modules/tty/edit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "modules/tty/edit_tty.h"
#include "runtime/err.h"

static const char GUARD[] = "procrun.editor.reading";
static Editor *the_editor; /* the library's callbacks are given no pointer */

/* The screen --------------------------------------------------------------------------------- */

static int columns_of(const Editor *e)
{
  struct winsize size = {0};
  return ioctl(e->poll_fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* How many columns the first n bytes of the text take. */
static int width_of(const char *text, size_t n)
{
  int width = 0;
  mbstate_t state = {0};
  while (n > 0) {
    wchar_t c;
    size_t used = mbrtowc(&c, text, n, &state);
    if (used == 0 || used > n) return width + (int)n;
    int w = wcwidth(c);
    width += w < 0 ? 2 : w;
    text += used;
    n -= used;
  }
  return width;
}

/* libedit does not tell on which row of its line the cursor is. */
static int rows_before(const Editor *e, int bytes)
{
  int width = width_of(e->prompt, strlen(e->prompt)) + width_of(*e->lib->line, (size_t)bytes);
  return width / columns_of(e);
}

static void hide(Editor *e)
{
  if (e->hidden) return;
  e->hidden = true;
  if (e->lib->clear) {
    e->lib->clear();
  } else {
    int up = rows_before(e, *e->lib->point);
    if (up > 0) fprintf(e->out, "\033[%dA", up);
    fputs("\r\033[J", e->out);
  }
  fflush(e->out);
}

static void show(Editor *e)
{
  if (footer_end_line()) fputs("\r\n", e->out);
  fflush(e->out);
  e->hidden = false;
  e->lib->refresh();
  fflush(e->out);
}

/* The cursor goes below the line, which stays on the screen. */
static void leave_line(Editor *e, const char *mark)
{
  if (e->hidden) show(e);
  if (e->lib->redisplay) {
    *e->lib->point = *e->lib->end;
    e->lib->redisplay();
  } else {
    int down = rows_before(e, *e->lib->end) - rows_before(e, *e->lib->point);
    if (down > 0) fprintf(e->out, "\033[%dB", down);
  }
  fprintf(e->out, "%s\r\n", mark);
  fflush(e->out);
}

static Editor *editor_of(Footer *footer)
{
  return (Editor *)((char *)footer - offsetof(Editor, footer));
}

static bool on_hide(Footer *footer)
{
  hide(editor_of(footer));
  return true;
}

static void on_show(Footer *footer)
{
  if (editor_of(footer)->hidden) show(editor_of(footer));
}

/* Keys --------------------------------------------------------------------------------------- */

static void on_line(char *line)
{
  Editor *e = the_editor;
  e->lib->remove(); /* here: otherwise the next prompt is drawn at once */
  e->line = line;
  e->event = line ? EDIT_LINE : EDIT_END;
}

static int on_interrupt_key(int count, int key)
{
  (void)count, (void)key;
  the_editor->event = EDIT_INTERRUPT;
  return 0;
}

static int on_suspend_key(int count, int key)
{
  (void)count, (void)key;
  the_editor->event = EDIT_SUSPEND;
  return 0;
}

/* complete(the line up to the cursor) -> what to insert | nil, what to show | nil. It stands at index
   3 of the task that reads. */
static int on_tab(int count, int key)
{
  Editor *e = the_editor;
  lua_State *L = e->L;
  (void)count, (void)key;
  if (!lua_checkstack(L, 10)) return 0;
  int top = lua_gettop(L);
  lua_pushvalue(L, 3);
  lua_pushlstring(L, *e->lib->line, (size_t)*e->lib->point);
  bool fine = lua_pcall(L, 1, 2, 0) == LUA_OK;
  const char *text = fine && lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
  const char *list = fine && lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  if (text || list) {
    hide(e);
    if (list) fprintf(e->out, "%s%s\r\n%s", e->prompt, *e->lib->line, list);
    if (text) e->lib->insert(text);
    show(e);
  } else {
    fputc('\a', e->out);
    fflush(e->out);
  }
  lua_settop(L, top);
  return 0;
}

static void retake(Editor *e)
{
  hide(e);
  e->lib->deprep();
  edit_tty_taken(false);
  edit_tty_taken(true);
  e->lib->prep(1);
  show(e);
}

/* What the terminal does at Ctrl-Z; comes back once we are in the foreground again. A signal of the
   terminal's has reached the others of our group already. */
static void suspend(Editor *e)
{
  e->event = EDIT_NOTHING;
  leave_line(e, "^Z");
  e->hidden = true;
  e->lib->deprep();
  edit_tty_taken(false);
  if (e->signalling)
    raise(SIGSTOP);
  else
    kill(0, SIGTSTP);
  e->continued = true;
  retake(e);
}

static void on_signals(SignalWatch *watch, int signum, unsigned count)
{
  Editor *e = (Editor *)((char *)watch - offsetof(Editor, signals));
  (void)count;
  if (!e->active) return;
  if (signum == SIGCONT) { /* the shell has used the terminal meanwhile */
    if (!e->continued) retake(e);
    e->continued = false;
  } else if (signum == SIGTSTP) {
    suspend(e);
  } else if (e->lib->clear) {
    e->lib->resize();
  } else {
    hide(e);
    e->lib->resize();
    show(e);
  }
}

/* Reading ------------------------------------------------------------------------------------ */

static void on_poll(uv_poll_t *poll, int status, int events)
{
  Editor *e = poll->data;
  (void)status, (void)events;
  uv_poll_stop(poll); /* until the task has looked */
  e->keyed = true;
  wait_wake(&e->waiter);
}

/* While tasks run, Ctrl-C is to reach them as a signal. While none does, or keys are looked at, it is
   a key, and no child of ours is hit by it. */
static void on_before(uv_prepare_t *prepare)
{
  (void)prepare;
  edit_tty_signals(false);
}

static void on_after(uv_check_t *check)
{
  Editor *e = check->data;
  if (!e->keyed && e->base.rt->ready_head) edit_tty_signals(true);
  e->keyed = false;
}

static void start(Editor *e, const char *prompt)
{
  stdio_flush_all(e->base.rt);
  footer_raise(&e->footer);
  if (footer_end_line()) fputs("\r\n", e->out);
  fflush(e->out);
  e->hidden = false;
  e->event = EDIT_NOTHING;
  e->prompt = prompt;
  e->active = true;
  edit_tty_taken(true);
  e->lib->install(prompt, on_line);
  if (e->signalling)
    edit_tty_signals(true);
  else if (e->base.rt->ready_head == NULL)
    edit_tty_signals(false);
  fflush(e->out);
  if (e->signalling) return;
  uv_prepare_start(&e->before, on_before);
  uv_check_start(&e->after, on_after);
}

/* However the reading ends: a line, Ctrl-C, a cancel, the end of the program. */
static void stop(Editor *e)
{
  if (!e->active) return;
  if (e->event == EDIT_NOTHING || e->event == EDIT_INTERRUPT) {
    bool shown = !e->signalling && !e->base.rt->exiting;
    leave_line(e, e->event == EDIT_INTERRUPT || shown ? "^C" : "");
    if (e->lib->redisplay && e->lib->forget_line) e->lib->forget_line();
    if (e->lib->sigcleanup) e->lib->sigcleanup();
    e->lib->remove();
  } else if (e->event == EDIT_END && !e->lib->redisplay) {
    fputs("\r\n", e->out); /* libedit has shown ^D */
    fflush(e->out);
  }
  e->active = false;
  e->L = NULL;
  footer_lower(&e->footer);
  edit_tty_taken(false);
  uv_poll_stop(&e->poll);
  uv_prepare_stop(&e->before);
  uv_check_stop(&e->after);
  free(e->line);
  e->line = NULL;
}

static bool is_readable(const Editor *e)
{
  struct pollfd p = {.fd = e->poll_fd, .events = POLLIN};
  if (poll(&p, 1, 0) <= 0) return false;
  return true;
}

static bool has_hung_up(const Editor *e)
{
  struct pollfd p = {.fd = e->poll_fd, .events = POLLIN};
  return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* Keys that have arrived; after some, others have their turn. */
static void take_keys(Editor *e)
{
  enum { KEYS = 256 };
  e->continued = false;
  for (int i = 0; i < KEYS && e->event == EDIT_NOTHING && is_readable(e); i++) {
    if (has_hung_up(e)) {
      e->event = EDIT_END;
      e->lib->remove();
      return;
    }
    if (e->hidden) show(e);
    e->lib->read_char();
    if (e->event == EDIT_SUSPEND) suspend(e);
  }
}

static int try_read(lua_State *L, void *object)
{
  Editor *e = object;
  e->L = L;
  take_keys(e);
  fflush(e->out);
  switch (e->event) {
  case EDIT_LINE: lua_pushstring(L, e->line); return 1;
  case EDIT_END: lua_pushnil(L); return 1;
  case EDIT_INTERRUPT: lua_pushboolean(L, 0); return 1;
  default: uv_poll_start(&e->poll, UV_READABLE, on_poll); return WAIT_MORE;
  }
}

static int l_stop(lua_State *L)
{
  Editor **guard = luaL_checkudata(L, 1, GUARD);
  if (*guard && (*guard)->base.open) stop(*guard);
  *guard = NULL;
  return 0;
}

/* The editor stands at index 1 of the function that reads, which keeps it alive. */
static void push_guard(lua_State *L, Editor *e)
{
  Editor **guard = lua_newuserdatauv(L, sizeof(Editor *), 0);
  *guard = e;
  if (luaL_newmetatable(L, GUARD)) {
    lua_pushcfunction(L, l_stop);
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
  lua_toclose(L, -1);
}

/* e:read(prompt, complete) -> line | nil: Ctrl-D | false: Ctrl-C */
int edit_read(lua_State *L)
{
  Editor *e = edit_check(L);
  const char *prompt = luaL_checkstring(L, 2);
  luaL_checktype(L, 3, LUA_TFUNCTION);
  if (e->active) return luaL_error(L, "read: another task reads");
  lua_settop(L, 3);
  push_guard(L, e);
  start(e, prompt);
  return task_wait(L, &(Wait){&e->waiter, try_read, e, -1, "a line from the terminal", false});
}

/* Opening and closing ------------------------------------------------------------------------ */

bool edit_is_open(void)
{
  return the_editor != NULL;
}

void edit_open(Editor *e)
{
  the_editor = e;
  e->signals = (SignalWatch){.arrived = on_signals,
                             .set = UINT64_C(1) << (SIGCONT - 1) | UINT64_C(1) << (SIGWINCH - 1)};
  if (e->signalling) e->signals.set |= UINT64_C(1) << (SIGTSTP - 1);
  signals_watch(e->base.rt, &e->signals);
  edit_tty_open(e->poll_fd);
  edit_lib_start(e->lib, e->in, e->out);
  edit_lib_bind(e->lib, "procrun-interrupt", on_interrupt_key, 'C' & 31);
  edit_lib_bind(e->lib, "procrun-suspend", on_suspend_key, 'Z' & 31);
  edit_lib_bind(e->lib, "procrun-complete", on_tab, '\t');
  e->footer = (Footer){.rank = FOOTER_LINE, .hide = on_hide, .show = on_show};
  footer_open(e->base.rt, &e->footer);
}

void edit_close(Editor *e)
{
  stop(e);
  footer_close(&e->footer);
  signals_unwatch(e->base.rt, &e->signals);
  edit_tty_close();
  the_editor = NULL;
  wait_wake_all(&e->waiter);
}
