/* tty_frame.c - lines at the bottom of the terminal, below everything that is printed, for bars:
   local f = core.frame(); f:draw("first  10%\nsecond 90%"); f:close()

   The cursor stands at the end of the last line, and is never hidden: whatever ends the program, the
   terminal is in order. Nothing is drawn while the terminal takes nothing, while another process
   group has it, and while somebody reads a password there. */
#include "modules/tty/tty_frame.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "runtime/deadline.h"
#include "runtime/err.h"
#include "runtime/footer.h"
#include "runtime/signals.h"
#include "runtime/width.h"

typedef struct Bars {
  Handle base;
  Footer footer;
  SignalWatch signals;
  Deadline later;
  int fd;         /* of our own, with O_NONBLOCK where the terminal could be opened anew */
  Buf text;       /* what is to be on the screen */
  Buf drawn;      /* what is: `tail`, if there is one, and the lines below it */
  bool visible;   /* it is */
  bool has_tail;  /* the line of others above it has not ended, and goes on when it is hidden */
  bool echoes;    /* the terminal showed what is typed when it was opened */
  Buf rest;       /* what the terminal has not taken yet */
  uint64_t since; /* uv_hrtime when it was drawn */
} Bars;

static Bars *the_bars;                     /* one a process: there is one screen */
static volatile sig_atomic_t below_cursor; /* a terminal's descriptor + 1 while lines are on it */

/* The terminal -------------------------------------------------------------------------------- */

static size_t columns_of(const Bars *f)
{
  struct winsize size = {0};
  return ioctl(f->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* How many rows the lines take by now: a terminal that has become narrower has broken them. */
static size_t rows_of(const Bars *f, const char *text, size_t n)
{
  size_t columns = columns_of(f), rows = 0;
  for (const char *end = text + n; text <= end;) {
    const char *stop = memchr(text, '\n', (size_t)(end - text));
    if (stop == NULL) stop = end;
    size_t width = width_of(text, (size_t)(stop - text));
    rows += width == 0 ? 1 : (width + columns - 1) / columns;
    text = stop + 1;
  }
  return rows;
}

/* What the terminal does not take now comes before anything else; false: something is left. */
static bool send_rest(Bars *f)
{
  while (buf_size(&f->rest) > 0) {
    struct pollfd p = {.fd = f->fd, .events = POLLOUT};
    if (poll(&p, 1, 0) == 0) return false;
    ssize_t n = write(f->fd, buf_head(&f->rest), buf_size(&f->rest));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return false;
    buf_consume(&f->rest, n < 0 ? buf_size(&f->rest) : (size_t)n); /* it is gone: nobody looks */
  }
  return true;
}

static void put(Bars *f, const char *text, size_t n)
{
  buf_append(&f->rest, text, n);
}

static void put_up(Bars *f, size_t rows)
{
  char text[32];
  int n = snprintf(text, sizeof text, rows > 0 ? "\033[%zuA\r" : "\r", rows);
  put(f, text, (size_t)n);
}

/* Another group has the terminal (we were put into the background), or a password is typed. */
static bool is_taken(const Bars *f)
{
  struct termios t;
  pid_t group = tcgetpgrp(f->fd);
  if (group > 0 && group != getpgrp()) return true;
  if (!f->echoes || tcgetattr(f->fd, &t) < 0) return false;
  return t.c_lflag & ICANON && !(t.c_lflag & ECHO);
}

/* The lines ----------------------------------------------------------------------------------- */

static void set_visible(Bars *f, bool visible)
{
  f->visible = visible;
  below_cursor = visible ? f->fd + 1 : 0;
}

/* From where the cursor is to the beginning of what is drawn. */
static void put_start(Bars *f)
{
  put_up(f, rows_of(f, buf_head(&f->drawn), buf_size(&f->drawn)) - 1);
}

static void forget(Bars *f)
{
  set_visible(f, false);
  f->has_tail = false;
}

/* What others have begun stands there again as it did, with the cursor behind it. */
static void erase(Bars *f)
{
  size_t n;
  const char *tail = footer_tail(&n);
  if (!f->visible) return;
  put_start(f);
  put(f, "\033[J", 3);
  if (f->has_tail && tail) put(f, tail, n);
  forget(f);
}

/* Each line of ours ends with what clears the rest of its row. */
static void put_lines(Bars *f)
{
  const char *text = buf_head(&f->text), *end = text + buf_size(&f->text), *stop;
  for (; (stop = memchr(text, '\n', (size_t)(end - text))); text = stop + 1) {
    put(f, text, (size_t)(stop - text));
    put(f, "\033[K\r\n", 5);
  }
  put(f, text, (size_t)(end - text));
  put(f, "\033[J", 3);
}

/* Keeps in mind what stands on the screen from the row where put_start has to come to. */
static void note_drawn(Bars *f, const char *tail, size_t n)
{
  buf_consume(&f->drawn, buf_size(&f->drawn));
  f->has_tail = tail != NULL;
  if (tail && buf_append(&f->drawn, tail, n)) buf_append(&f->drawn, "\n", 1);
  buf_append(&f->drawn, buf_head(&f->text), buf_size(&f->text));
  f->since = uv_hrtime();
  set_visible(f, true);
}

static void draw(Bars *f)
{
  if (!send_rest(f) || f->base.rt->forked) return;
  if (is_taken(f)) {
    forget(f); /* it stays where it is; the next one is drawn where the cursor is by then */
    return;
  }
  size_t n;
  const char *tail = footer_tail(&n);
  bool again = f->visible;
  if (again)
    put_start(f);
  else if (tail == NULL && footer_end_line())
    put(f, "\r\n", 2);
  else if (tail == NULL)
    put(f, "\r", 1);
  if (tail) {
    if (again) put(f, tail, n);
    put(f, "\r\n", 2);
  }
  put_lines(f);
  note_drawn(f, tail, n);
  send_rest(f);
}

/* Whoever prints much is not to be held up by bars. */
static void show(Bars *f)
{
  enum { OFTEN = 30 * 1000 * 1000 }; /* ns */
  uint64_t past = uv_hrtime() - f->since;
  if (buf_size(&f->text) == 0 || f->visible || f->later.index) return;
  if (past >= OFTEN)
    draw(f);
  else
    deadline_arm(f->base.rt, &f->later, (double)(OFTEN - past) / 1e9);
}

static Bars *bars_of(Footer *footer)
{
  return (Bars *)((char *)footer - offsetof(Bars, footer));
}

static bool on_hide(Footer *footer)
{
  Bars *f = bars_of(footer);
  erase(f);
  return send_rest(f);
}

static void on_show(Footer *footer)
{
  show(bars_of(footer));
}

static void on_later(Deadline *d)
{
  Bars *f = (Bars *)((char *)d - offsetof(Bars, later));
  if (footer_is_top(&f->footer)) show(f);
}

/* Meanwhile the shell had the terminal: nothing is where it was. */
static void on_continued(SignalWatch *watch, int signum, unsigned count)
{
  Bars *f = (Bars *)((char *)watch - offsetof(Bars, signals));
  (void)signum, (void)count;
  forget(f);
  footer_end_line();
  if (footer_is_top(&f->footer)) turn_later(f->base.rt, &f->footer.turn);
}

/* The end ------------------------------------------------------------------------------------- */

/* The lines of who did not come to take them away stay, and what follows stands below. Also called in
   a signal handler. */
static void leave(void)
{
  int fd = below_cursor - 1;
  below_cursor = 0;
  if (fd >= 0 && write(fd, "\r\n", 2) < 0) return;
}

static void close_frame(Handle *h)
{
  enum { PATIENCE = 500 }; /* ms: a terminal that is stopped */
  Bars *f = (Bars *)h;
  if (!send_rest(f)) poll(&(struct pollfd){.fd = f->fd, .events = POLLOUT}, 1, PATIENCE);
  if (send_rest(f)) leave();
  below_cursor = 0;
  deadline_disarm(h->rt, &f->later);
  signals_unwatch(h->rt, &f->signals);
  footer_close(&f->footer);
  close(f->fd);
  f->fd = -1;
  the_bars = NULL;
}

static void release(Handle *h)
{
  Bars *f = (Bars *)h;
  buf_free(&f->text);
  buf_free(&f->drawn);
  buf_free(&f->rest);
}

static const HandleType bars_type = {
    .name = "procrun.tty.frame", .close = close_frame, .release = release};

/* For Lua ------------------------------------------------------------------------------------- */

static int open_terminal(void)
{
  int fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  return fd >= 0 ? fd : fcntl(2, F_DUPFD_CLOEXEC, 3);
}

/* frame() -> frame of standard error | nil, message, code: at most one is open */
int tty_frame(lua_State *L)
{
  static bool registered;
  struct termios t;
  if (the_bars) return luaL_error(L, "frame: there is one already");
  if (!isatty(2)) return err_push(L, -errno, "frame");
  Bars *f = handle_new(L, sizeof *f, &bars_type);
  f->fd = open_terminal();
  if (f->fd < 0) return err_push(L, -errno, "frame");
  f->echoes = tcgetattr(f->fd, &t) == 0 && t.c_lflag & ECHO;
  f->later = (Deadline){.fire = on_later, .unref = true};
  f->footer = (Footer){.rank = FOOTER_BARS, .hide = on_hide, .show = on_show};
  f->signals = (SignalWatch){.arrived = on_continued, .set = UINT64_C(1) << (SIGCONT - 1)};
  signals_watch(f->base.rt, &f->signals);
  signals_at_death(leave);
  if (!registered) registered = atexit(leave) == 0;
  footer_open(f->base.rt, &f->footer);
  the_bars = f;
  handle_open(&f->base, NULL);
  stdio_flush_all(f->base.rt); /* from here on it is known whether a line has ended */
  return 1;
}

/* frame:draw(text): these lines, none of them wider than the terminal; "": none */
static int l_draw(lua_State *L)
{
  size_t n;
  Bars *f = handle_check(L, 1, &bars_type);
  const char *text = luaL_checklstring(L, 2, &n);
  bool same = n == buf_size(&f->text) && memcmp(text, buf_head(&f->text), n) == 0;
  if (n > 0 && same && f->visible) return 0;
  buf_consume(&f->text, buf_size(&f->text));
  if (!buf_append(&f->text, text, n)) return luaL_error(L, "not enough memory");
  if (n == 0) {
    erase(f);
    send_rest(f);
    footer_lower(&f->footer);
    return 0;
  }
  footer_raise(&f->footer);
  if (footer_is_top(&f->footer)) draw(f);
  return 0;
}

static bool hide_nothing(Footer *f)
{
  (void)f;
  return true;
}

/* pause(on): whatever stands below leaves the screen, as often as it was called with true */
int tty_frame_pause(lua_State *L)
{
  static Footer pause = {.rank = FOOTER_PAUSE, .hide = hide_nothing};
  static unsigned count;
  bool on = lua_toboolean(L, 1);
  if (on && count++ == 0) {
    footer_open(rt_get(L), &pause);
    footer_raise(&pause);
  } else if (!on && --count == 0) {
    footer_close(&pause);
  }
  return 0;
}

/* footer_up(fd) -> boolean: do lines stand on the terminal that the descriptor is? */
int tty_footer_up(lua_State *L)
{
  struct stat ours, other;
  int fd = (int)luaL_checkinteger(L, 1);
  const Bars *f = the_bars;
  bool up = f && footer_is_top(&f->footer) && isatty(fd) && fstat(fd, &other) == 0 &&
            fstat(f->fd, &ours) == 0 && ours.st_rdev == other.st_rdev;
  lua_pushboolean(L, up);
  return 1;
}

/* unfinished() -> boolean: has what was printed last not ended its line? */
int tty_unfinished(lua_State *L)
{
  size_t n;
  lua_pushboolean(L, footer_tail(&n) != NULL);
  return 1;
}

void tty_frame_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"draw", l_draw}, {NULL, NULL}};
  handle_type(L, &bars_type, methods);
}
