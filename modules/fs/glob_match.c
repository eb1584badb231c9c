/* glob_match.c - one name against one part of a glob pattern; plain C. */
#include "modules/fs/glob_match.h"

#include <ctype.h>
#include <string.h>

enum { STRAY = 0x110000 }; /* a byte that is no UTF-8 has a number of its own, behind the others */

/* The character at *s, which is then behind it. */
static unsigned next_char(const char **s)
{
  const unsigned char *p = (const unsigned char *)*s;
  unsigned lead = *p, more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  unsigned c = lead & (0x7fU >> more);
  *s += 1;
  if (lead < 0x80) return lead;
  if (more == 0 || lead > 0xf4) return STRAY + lead;
  for (unsigned i = 1; i <= more; i++) {
    if ((p[i] & 0xc0) != 0x80) return STRAY + lead;
    c = c << 6 | (p[i] & 0x3f);
  }
  *s += more;
  return c;
}

static unsigned swap_case(unsigned c)
{
  if (c >= 0x80 || !isalpha((int)c)) return c;
  return c ^ 0x20;
}

static bool in_class(unsigned c, const char *name, size_t size, bool fold)
{
  static const struct {
    const char *name;
    int (*is)(int);
  } classes[] = {{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
                 {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
                 {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit}};
  if (c >= 0x80) return false;
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
    if (strlen(classes[i].name) == size && memcmp(classes[i].name, name, size) == 0)
      return classes[i].is((int)c) || (fold && classes[i].is((int)swap_case(c)));
  return false;
}

/* One end of a range: a character, `\` and one, `[.c.]` or `[=c=]`. */
static unsigned set_char(const char **pattern)
{
  const char *p = *pattern;
  if (p[0] == '[' && (p[1] == '.' || p[1] == '=') && p[2]) {
    const char *inside = p + 2;
    unsigned c = next_char(&inside);
    if (inside[0] == p[1] && inside[1] == ']') {
      *pattern = inside + 2;
      return c;
    }
  }
  if (p[0] == '\\' && p[1]) ++*pattern;
  return next_char(pattern);
}

static bool takes(const char **pattern, unsigned c, bool fold)
{
  const char *p = *pattern, *end;
  if (p[0] == '[' && p[1] == ':' && (end = strstr(p + 2, ":]"))) {
    *pattern = end + 2;
    return in_class(c, p + 2, (size_t)(end - p - 2), fold);
  }
  unsigned low = set_char(&p), high = low, other = fold ? swap_case(c) : c;
  if (p[0] == '-' && p[1] && p[1] != ']') {
    p++;
    high = set_char(&p);
  }
  *pattern = p;
  return (low <= c && c <= high) || (low <= other && other <= high);
}

enum { OUT, IN, NO_SET };

/* The set that begins at *pattern, which is then behind it, unless it is none: it is not closed. */
static int look_in_set(const char **pattern, unsigned c, bool fold)
{
  const char *p = *pattern + 1, *first;
  bool negated = *p == '!' || *p == '^', found = false;
  if (negated) p++;
  for (first = p; *p && (*p != ']' || p == first);) found |= takes(&p, c, fold);
  if (*p == 0) return NO_SET;
  *pattern = p + 1;
  return found != negated ? IN : OUT;
}

/* One character of the name against what stands at *pattern; both are behind it if that is true. */
static bool match_one(const char **pattern, const char **name, bool fold)
{
  const char *p = *pattern, *s = *name;
  unsigned c = next_char(&s);
  int found = NO_SET;
  if (*p == '?') {
    found = IN;
    p++;
  } else if (*p == '[') {
    found = look_in_set(&p, c, fold);
  }
  if (found == NO_SET) {
    if (p[0] == '\\' && p[1]) p++;
    unsigned wanted = next_char(&p);
    found = wanted == c || (fold && wanted == swap_case(c)) ? IN : OUT;
  }
  if (found == OUT) return false;
  *pattern = p;
  *name = s;
  return true;
}

/* Only the last `*` is ever tried again, one character further: what an earlier one takes more would
   be missing in front of it. */
bool glob_match(const char *pattern, const char *name, bool fold)
{
  const char *star = NULL, *mark = NULL;
  while (*name) {
    if (*pattern == '*') {
      star = ++pattern;
      mark = name;
    } else if (*pattern == 0 || !match_one(&pattern, &name, fold)) {
      if (star == NULL) return false;
      next_char(&mark);
      name = mark;
      pattern = star;
    }
  }
  while (*pattern == '*') pattern++;
  return *pattern == 0;
}
