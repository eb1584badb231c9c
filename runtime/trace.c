/* trace.c - procrun --trace: one line an event. */
#include "runtime/trace.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, TEXT_MOST = 120 };

typedef struct Line {
  char text[LINE_SIZE];
  size_t size;
} Line;

unsigned trace_on;

static const char *const names[] = {"proc", "channel", "task",  "stream",
                                    "net",  "fs",      "timer", "signal"};
enum { NAMES = sizeof names / sizeof *names };

static uint64_t started;
static int trace_fd = -1;
static bool writing;   /* the line itself is what is written to standard error */
static bool told;      /* that lines could not be written */
static bool half_line; /* what the script has written there ends without a newline */

const char *trace_name(unsigned index)
{
  return index < NAMES ? names[index] : NULL;
}

unsigned trace_category(const char *name, size_t size)
{
  if (size == 3 && memcmp(name, "all", 3) == 0) return TRACE_ALL;
  for (unsigned i = 0; i < NAMES; i++)
    if (strlen(names[i]) == size && memcmp(names[i], name, size) == 0) return 1U << i;
  return 0;
}

void trace_start(Runtime *rt, unsigned categories, int fd)
{
  if (trace_fd >= 0) close(trace_fd);
  trace_fd = fd;
  trace_on = categories;
  started = rt->started;
  told = half_line = false;
}

void trace_note_text(const char *bytes, size_t n)
{
  if (!writing && n > 0) half_line = bytes[n - 1] != '\n';
}

static void add(Line *line, const char *text, size_t n)
{
  size_t room = LINE_SIZE - 1 - line->size;
  if (n > room) n = room;
  memcpy(line->text + line->size, text, n);
  line->size += n;
}

static bool is_plain(const char *text)
{
  static const char marks[] = "_./:@%+,-()[]";
  if (*text == 0) return false;
  for (const char *p = text; *p; p++) {
    bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
    if (!letter && !(*p >= '0' && *p <= '9') && strchr(marks, *p) == NULL) return false;
  }
  return true;
}

/* Bytes above 127 stay as they are: file names in UTF-8. */
static void add_text(Line *line, const char *text)
{
  bool plain = is_plain(text), cut = strlen(text) > TEXT_MOST;
  if (!plain) add(line, "\"", 1);
  for (size_t i = 0; text[i] && i < TEXT_MOST; i++) {
    unsigned char c = (unsigned char)text[i];
    char escape[8];
    int n = c == '\n'               ? snprintf(escape, sizeof escape, "\\n")
            : c == '"' || c == '\\' ? snprintf(escape, sizeof escape, "\\%c", c)
            : c < ' ' || c == 127   ? snprintf(escape, sizeof escape, "\\x%02x", c)
                                    : snprintf(escape, sizeof escape, "%c", c);
    add(line, escape, (size_t)n);
  }
  if (cut) add(line, "...", 3);
  if (!plain) add(line, "\"", 1);
}

static void add_value(Line *line, char kind, va_list *args)
{
  char number[40];
  int n = 0;
  if (kind == 'd') n = snprintf(number, sizeof number, "%d", va_arg(*args, int));
  if (kind == 'l') n = snprintf(number, sizeof number, "%lld", (long long)va_arg(*args, int64_t));
  if (kind == 'f') n = snprintf(number, sizeof number, "%.6f", va_arg(*args, double));
  add(line, number, (size_t)n);
}

/* One fact, "key=%d"; where the next one begins. */
static const char *add_fact(Line *line, const char *fact, va_list *args)
{
  const char *percent = strchr(fact, '%');
  size_t key = (size_t)(percent - fact);
  char kind = percent[1];
  const char *text = kind == 's' ? va_arg(*args, const char *) : "";
  if (text) {
    add(line, " ", 1);
    add(line, fact, key);
    if (kind == 's')
      add_text(line, text);
    else
      add_value(line, kind, args);
  }
  return percent[2] == ' ' ? percent + 3 : percent + 2;
}

/* One write a line, so that processes may share the file. */
static void write_line(const Line *line)
{
  if (trace_fd >= 0) {
    if (write(trace_fd, line->text, line->size) >= 0 || told) return;
    told = true;
    fprintf(stderr, "procrun: trace: lines are missing in the file: %s\n", strerror(errno));
    return;
  }
  writing = true;
  fwrite(line->text, 1, line->size, stderr);
  writing = half_line = false;
}

void trace_event(TraceCategory category, const char *event, const char *facts, ...)
{
  Line line;
  va_list args;
  uint64_t us = (uv_hrtime() - started) / 1000;
  if (writing) return;
  line.size = 0;
  if (half_line && trace_fd < 0) add(&line, "\n", 1);
  int n = snprintf(line.text + line.size, 100, "%llu.%06llu %d %s %s",
                   (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000),
                   (int)getpid(), names[__builtin_ctz(category)], event);
  line.size += (size_t)n;
  va_start(args, facts);
  for (const char *p = facts; *p;) p = add_fact(&line, p, &args);
  va_end(args);
  line.text[line.size++] = '\n'; /* add leaves room for it */
  write_line(&line);
}
