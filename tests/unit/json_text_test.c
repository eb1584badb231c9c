/* json_text_test.c - unit test of runtime/json_text.c and json_write.c: exits 0, or names the line. */
#include "runtime/json_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/json_write.h"

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

/* Every byte at every place of runs around the sizes of the vector loops, each in memory of exactly
   its size, so that a sanitizer sees a look past the end. */
static void test_run(void)
{
  for (size_t size = 1; size < 150; size += size < 40 ? 1 : 7) {
    char *s = malloc(size);
    CHECK(s != NULL);
    memset(s, 'x', size);
    CHECK(json_text_run(s, size) == size);
    for (size_t at = 0; at < size; at += size < 40 ? 1 : 5) {
      for (int c = 0; c < 256; c++) {
        bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
        s[at] = (char)c;
        CHECK(json_text_run(s, size) == (plain ? size : at));
      }
      s[at] = 'x';
    }
    free(s);
  }
  CHECK(json_text_run("", 0) == 0);
}

/* All code points, and all that is none, against the definition. */
static void test_utf8(void)
{
  for (unsigned c = 0x80; c < 0x110000; c++) {
    unsigned char s[4];
    int n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = n - 1, rest = (int)c; i >= 0; i--, rest >>= 6)
      s[i] = (unsigned char)(0x80 | (rest & 0x3F));
    s[0] = (unsigned char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c >> (6 * (n - 1)));
    bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    const char *text = (const char *)s;
    CHECK(surrogate ? json_utf8(text, (size_t)n) < 0 : json_utf8(text, (size_t)n) == n);
    CHECK(json_text_run(text, (size_t)n) == (surrogate ? 0 : (size_t)n));
    for (int cut = 1; cut < n; cut++) CHECK(json_utf8(text, (size_t)cut) < 0);
  }
  CHECK(json_utf8("\xC0\x80", 2) == -1 && json_utf8("\xE0\x9F\xBF", 3) == -1);
  CHECK(json_utf8("\xF0\x8F\xBF\xBF", 4) == -1 && json_utf8("\xF4\x90\x80\x80", 4) == -1);
  CHECK(json_utf8("\xE2\x82x", 3) == -2 && json_utf8("\xF0\x9F\x98", 3) == -3);
  CHECK(json_utf8("\x80", 1) == -1 && json_utf8("\xFF", 1) == -1);
}

static void unescapes(const char *s, const char *want, size_t size)
{
  char dst[64];
  CHECK(json_unescape(dst, s, strlen(s)) == size && memcmp(dst, want, size) == 0);
}

static void test_unescape(void)
{
  unescapes("", "", 0);
  unescapes("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t", 8);
  unescapes("a\\u0000b", "a\0b", 3);
  unescapes("\\u007f\\u00e9\\u20AC", "\x7F\xC3\xA9\xE2\x82\xAC", 6);
  unescapes("\\ud83d\\ude00", "\xF0\x9F\x98\x80", 4);
  unescapes("\\udbff\\udfff", "\xF4\x8F\xBF\xBF", 4);
  unescapes("\\ud83d", JSON_REPLACEMENT, 3);
  unescapes("\\ude00x", JSON_REPLACEMENT "x", 4);
  unescapes("\\ud83d\\ud83d\\ude00", JSON_REPLACEMENT "\xF0\x9F\x98\x80", 7);
  unescapes("\\ud83d\\n", JSON_REPLACEMENT "\n", 4);
  CHECK(json_hex_escape("\\u00fF", 6) == 255 && json_hex_escape("\\u00fF", 5) == -1);
  CHECK(json_hex_escape("\\u00g0", 6) == -1 && json_hex_escape("\\x0000", 6) == -1);
}

static void writes(const char *s, size_t n, const char *want)
{
  Buf out = {0};
  CHECK(json_write_string(&out, s, n, true) == JSON_WRITTEN);
  CHECK(buf_size(&out) == strlen(want) && memcmp(buf_head(&out), want, strlen(want)) == 0);
  buf_free(&out);
}

static void test_write(void)
{
  Buf out = {0};
  writes("", 0, "\"\"");
  writes("a\"\\/\b\f\n\r\t\x01\x1F\x7F\0z", 14,
         "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\\u0000z\"");
  writes("\xFFx\xE2\x82", 4, "\"" JSON_REPLACEMENT "x" JSON_REPLACEMENT "\"");
  writes("\xE2\x80\xA8", 3, "\"\xE2\x80\xA8\""); /* U+2028 needs no escape in JSON */
  CHECK(json_write_string(&out, "x\xFF", 2, false) == JSON_BAD_UTF8);
  buf_free(&out);
}

/* Long strings go in pieces: sequences across their borders stay whole. */
static void test_write_long(void)
{
  enum { SIZE = 40000 };
  char *s = malloc(SIZE);
  CHECK(s != NULL);
  for (size_t shift = 0; shift < 3; shift++) {
    memset(s, 'x', SIZE);
    for (size_t i = shift; i + 3 <= SIZE; i += 3) memcpy(s + i, "\xE2\x82\xAC", 3);
    size_t n = SIZE - (SIZE - shift) % 3;
    Buf out = {0};
    CHECK(json_write_string(&out, s, n, false) == JSON_WRITTEN);
    CHECK(buf_size(&out) == n + 2 && memcmp(buf_head(&out) + 1, s, n) == 0);
    buf_free(&out);
  }
  free(s);
}

int main(void)
{
  test_run();
  test_utf8();
  test_unescape();
  test_write();
  test_write_long();
  return 0;
}
