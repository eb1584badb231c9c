/* glob_match_test.c - names against patterns, those of chance against the C library's fnmatch. */
#include "modules/fs/glob_match.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t state = 12345;

static unsigned chance(unsigned below)
{
  state = state * 1664525 + 1013904223;
  return (state >> 8) % below;
}

static void fill(char *text, size_t most, const char *letters)
{
  size_t n = chance((unsigned)most);
  for (size_t i = 0; i < n; i++) text[i] = letters[chance((unsigned)strlen(letters))];
  text[n] = 0;
}

/* What sets that are not closed, or hardly, mean is where libraries differ. */
static bool is_clear(const char *pattern)
{
  const char *open = strrchr(pattern, '['), *close = strrchr(pattern, ']');
  return open == NULL || (close && close - open >= 3);
}

static void test_against_fnmatch(void)
{
  char pattern[12], name[8];
  int matched = 0;
  for (int i = 0; i < 2000000; i++) {
    fill(pattern, sizeof pattern, "ab*?[]!-^");
    fill(name, sizeof name, "ab[]-^!");
    if (!is_clear(pattern)) continue;
    bool want = fnmatch(pattern, name, 0) == 0, got = glob_match(pattern, name, false);
    matched += got;
    if (want == got) continue;
    fprintf(stderr, "'%s' '%s': fnmatch says %d\n", pattern, name, want);
    assert(want == got);
  }
  assert(matched > 1000);
}

static void test_escapes(void)
{
  assert(glob_match("\\*", "*", false) && !glob_match("\\*", "a", false));
  assert(glob_match("[\\]]", "]", false) && glob_match("[a\\-c]", "-", false));
  assert(!glob_match("[a\\-c]", "b", false) && glob_match("a\\", "a\\", false));
  assert(glob_match("[[:alpha:][:digit:]]", "1", false) && !glob_match("[[:alpha:]]", "1", false));
  assert(glob_match("[[:upper:]]", "a", true) && !glob_match("[[:upper:]]", "a", false));
  assert(glob_match("[[.a.]-[=c=]]", "b", false) && !glob_match("[[:nope:]]", "n", false));
}

static void test_characters(void)
{
  assert(glob_match("?", "\xc3\xa9", false) && !glob_match("??", "\xc3\xa9", false));
  assert(glob_match("*?", "\xc3\xa9", false) && !glob_match("*??", "\xc3\xa9", false));
  assert(glob_match("?", "\xff", false) && glob_match("??",
                                                      "\xc3"
                                                      "a",
                                                      false));
  assert(glob_match("[\xc3\xa0-\xc3\xbc]", "\xc3\xa9", false));
  assert(glob_match("[!a]", "\xf0\x9f\x98\x80", false) && glob_match("\xff*", "\xff\xfe", false));
}

int main(void)
{
  test_against_fnmatch();
  test_escapes();
  test_characters();
  return 0;
}
