/* footer.c - what stands on the terminal below everything that is printed. */
#include "runtime/footer.h"

#include <string.h>
#include <unistd.h>

enum { LONGEST_TAIL = 4096 };

static Footer *top;     /* the highest that is up; then along `below` */
static unsigned opened; /* how many are open */
static Buf tail;        /* of a line that has not ended */
static bool dangling;   /* there is such a line; its bytes may be too many for `tail` */

static bool on_before(Stream *s)
{
  if (top == NULL) return true;
  turn_later(s->base.rt, &top->turn);
  return top->hide(top);
}

static void start_line(void)
{
  dangling = false;
  buf_free(&tail);
}

/* A carriage return begins the line anew, too: what follows is written over it. */
static size_t last_line(const char *bytes, size_t n)
{
  for (size_t i = n; i > 0; i--)
    if (bytes[i - 1] == '\n' || bytes[i - 1] == '\r') return i;
  return 0;
}

static void on_after(Stream *s, const char *bytes, size_t n)
{
  size_t at = last_line(bytes, n);
  (void)s;
  if (at > 0) start_line();
  if (at == n) return;
  bool whole = !dangling || buf_size(&tail) > 0;
  dangling = true;
  if (!whole) return;
  if (buf_size(&tail) + n - at > LONGEST_TAIL || !buf_append(&tail, bytes + at, n - at))
    buf_free(&tail);
}

static const StreamWatch watch = {on_before, on_after};

static void watch_output(Runtime *rt, bool on)
{
  for (int fd = 1; fd <= 2; fd++) {
    Stream *s = on ? stdio_get(rt->L, fd) : rt->stdio[fd];
    if (s && s->base.open && (!on || isatty(s->fd))) s->watch = on ? &watch : NULL;
  }
}

static void on_turn(Turn *turn)
{
  Footer *f = (Footer *)((char *)turn - offsetof(Footer, turn));
  if (f == top && f->show) f->show(f);
}

void footer_open(Runtime *rt, Footer *f)
{
  f->rt = rt;
  f->turn.flush = on_turn;
  if (opened++ == 0) watch_output(rt, true);
}

void footer_close(Footer *f)
{
  footer_lower(f);
  if (--opened > 0) return;
  watch_output(f->rt, false);
  start_line();
}

void footer_raise(Footer *f)
{
  Footer **at = &top;
  if (f->up) return;
  while (*at && (*at)->rank > f->rank) at = &(*at)->below;
  if (at == &top && top) top->hide(top);
  f->up = true;
  f->below = *at;
  *at = f;
}

void footer_lower(Footer *f)
{
  Footer **at = &top;
  if (!f->up) return;
  while (*at != f) at = &(*at)->below;
  *at = f->below;
  f->up = false;
  turn_forget(f->rt, &f->turn);
  if (at == &top && top) turn_later(top->rt, &top->turn);
}

bool footer_is_top(const Footer *f)
{
  return f == top;
}

const char *footer_tail(size_t *size)
{
  *size = buf_size(&tail);
  return *size > 0 ? buf_head(&tail) : NULL;
}

bool footer_end_line(void)
{
  bool was = dangling;
  start_line();
  return was;
}
