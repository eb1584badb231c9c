/* tty.c - terminals: is it one, how large is it, raw mode and the way back.
   local core = require "procrun.core.tty" */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/tty/tty_frame.h"
#include "modules/tty/tty_text.h"
#include "runtime/err.h"
#include "runtime/file.h"
#include "runtime/handle.h"
#include "runtime/signals.h"
#include "runtime/stdio.h"

/* Keeps a terminal in a mode. Several may hold one terminal: the last to close restores it. */
typedef struct Raw {
  Handle base;
  int fd; /* a duplicate: the script may close its own meanwhile */
  dev_t device;
  struct termios original; /* as it was before the first of them */
  struct Raw *next;
} Raw;

static Raw *raws; /* every open one; what atexit has to undo */

static Raw *find(dev_t device)
{
  for (Raw *r = raws; r; r = r->next)
    if (r->device == device) return r;
  return NULL;
}

/* A process in the background may not change its terminal: it would be stopped by TTOU. */
static void restore(const Raw *raw)
{
  sigset_t one, old;
  sigemptyset(&one);
  sigaddset(&one, SIGTTOU);
  sigprocmask(SIG_BLOCK, &one, &old);
  while (tcsetattr(raw->fd, TCSANOW, &raw->original) < 0 && errno == EINTR) continue;
  sigprocmask(SIG_SETMASK, &old, NULL);
}

/* The end of a run closes the handles itself; a C library that calls exit() does not, nor does a second
   signal, which ends the program at once. */
static void on_exit_restore(void)
{
  for (Raw *r = raws; r; r = r->next) restore(r);
}

static void close_raw(Handle *h)
{
  Raw *raw = (Raw *)h;
  for (Raw **p = &raws; *p; p = &(*p)->next) {
    if (*p != raw) continue;
    *p = raw->next;
    break;
  }
  if (find(raw->device) == NULL) restore(raw);
  close(raw->fd);
  raw->fd = -1;
}

static const HandleType raw_type = {.name = "procrun.tty", .close = close_raw};

/* RAW: input byte by byte as it is typed, without echo and without signals from keys. Output is
   still processed, so that a newline begins a line.
   KEYS: the same, but Ctrl-C and its kin are signals, and Enter ends a line: what was typed ahead can
   be read as one.
   HIDDEN: lines as ever, but they are not shown. */
typedef enum Mode { MODE_RAW, MODE_KEYS, MODE_HIDDEN } Mode;

static int set_mode(int fd, const struct termios *original, Mode mode)
{
  struct termios t = *original;
  if (mode == MODE_HIDDEN) {
    t.c_lflag &= ~(tcflag_t)ECHO;
    t.c_lflag |= ICANON | ISIG | ECHONL;
  } else {
    t.c_iflag &= ~(tcflag_t)(BRKINT | INPCK | ISTRIP | IXON);
    if (mode == MODE_RAW) t.c_iflag &= ~(tcflag_t)ICRNL;
    t.c_oflag |= ONLCR;
    t.c_cflag |= CS8;
    t.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    if (mode == MODE_KEYS) t.c_lflag |= ISIG;
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
  }
  while (tcsetattr(fd, TCSANOW, &t) < 0)
    if (errno != EINTR) return -errno;
  return 0;
}

/* Duplicates fd and takes its terminal into the mode; 0 or a libuv code. */
static int start_raw(Raw *raw, int fd, Mode mode)
{
  struct stat st;
  if (!isatty(fd) || fstat(fd, &st) < 0) return -errno;
  raw->device = st.st_rdev;
  Raw *other = find(raw->device);
  if (other)
    raw->original = other->original;
  else if (tcgetattr(fd, &raw->original) < 0)
    return -errno;
  raw->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (raw->fd < 0) return -errno;
  int r = set_mode(raw->fd, &raw->original, mode);
  if (r < 0) close(raw->fd);
  return r;
}

/* The descriptor of a number, a core stream or a file of io; raises for anything else. */
static int check_fd(lua_State *L, int arg)
{
  if (lua_isinteger(L, arg)) {
    lua_Integer fd = lua_tointeger(L, arg);
    luaL_argcheck(L, fd >= 0 && fd <= 0x7fffffff, arg, "descriptor expected");
    return (int)fd;
  }
  if (handle_test(L, arg, &stream_type)) return ((Stream *)handle_check(L, arg, &stream_type))->fd;
  luaL_Stream *file = luaL_testudata(L, arg, LUA_FILEHANDLE);
  if (file == NULL) luaL_typeerror(L, arg, "stream or descriptor");
  luaL_argcheck(L, file->closef != NULL, arg, "the file is closed");
  if (file_give(L, arg)) return file_give(L, arg)->fd;
  return file->f == stdout ? 1 : file->f == stderr ? 2 : fileno(file->f);
}

/* is_tty(fd | stream | file) -> boolean */
static int l_is_tty(lua_State *L)
{
  lua_pushboolean(L, isatty(check_fd(L, 1)));
  return 1;
}

/* size(fd | stream | file) -> columns, rows | nil, message, code */
static int l_size(lua_State *L)
{
  struct winsize size = {0};
  if (ioctl(check_fd(L, 1), TIOCGWINSZ, &size) < 0) return err_push(L, -errno, "size");
  if (size.ws_col == 0 || size.ws_row == 0) return err_push(L, -ENODATA, "size");
  lua_pushinteger(L, size.ws_col);
  lua_pushinteger(L, size.ws_row);
  return 2;
}

/* device(fd | stream | file) -> number of the terminal | nil, message, code */
static int l_device(lua_State *L)
{
  int fd = check_fd(L, 1);
  struct stat st;
  if (!isatty(fd) || fstat(fd, &st) < 0) return err_push(L, -errno, "terminal");
  lua_pushinteger(L, (lua_Integer)st.st_rdev);
  return 1;
}

/* forget_input(fd | stream | file): what was typed and not read yet is gone */
static int l_forget_input(lua_State *L)
{
  tcflush(check_fd(L, 1), TCIFLUSH);
  return 0;
}

/* raw(fd | stream | file, [mode]) -> guard, whose close() restores the terminal | nil, message, code;
   mode: "raw" (the default), "keys", "hidden" */
static int l_raw(lua_State *L)
{
  static const char *const modes[] = {"raw", "keys", "hidden", NULL};
  static bool registered;
  int fd = check_fd(L, 1);
  Mode mode = (Mode)luaL_checkoption(L, 2, "raw", modes);
  Raw *raw = handle_new(L, sizeof *raw, &raw_type);
  if (!registered) registered = atexit(on_exit_restore) == 0;
  signals_at_death(on_exit_restore);
  stdio_flush_all(raw->base.rt); /* what was printed was meant for the terminal as it is now */
  int r = start_raw(raw, fd, mode);
  if (r < 0) return err_push(L, r, "raw");
  raw->next = raws;
  raws = raw;
  handle_open(&raw->base, NULL);
  return 1;
}

int luaopen_procrun_core_tty(lua_State *L)
{
  static const luaL_Reg methods[] = {{NULL, NULL}};
  static const luaL_Reg functions[] = {{"is_tty", l_is_tty},
                                       {"size", l_size},
                                       {"device", l_device},
                                       {"raw", l_raw},
                                       {"width", tty_text_width},
                                       {"strip", tty_text_strip},
                                       {"cut", tty_text_cut},
                                       {"frame", tty_frame},
                                       {"pause", tty_frame_pause},
                                       {"footer_up", tty_footer_up},
                                       {"unfinished", tty_unfinished},
                                       {"forget_input", l_forget_input},
                                       {NULL, NULL}};
  handle_type(L, &raw_type, methods);
  tty_frame_define(L);
  luaL_newlib(L, functions);
  return 1;
}
