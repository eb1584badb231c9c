/* lines_test.c - unit test of runtime/lines.c: exits 0, or names the line that does not hold. */
#include "runtime/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

static void put(Buf *b, const char *text)
{
  CHECK(buf_append(b, text, strlen(text)));
}

/* The next line is `want`; it is then consumed. */
static void expect(Lines *l, Buf *b, const char *want)
{
  const char *line;
  size_t size;
  CHECK(lines_next(l, b, &line, &size));
  CHECK(size == strlen(want) && memcmp(line, want, size) == 0);
  lines_consume(l, b, size + 1);
}

static bool none(Lines *l, const Buf *b)
{
  const char *line;
  size_t size;
  return !lines_next(l, b, &line, &size);
}

static void test_empty(void)
{
  Buf b = {0};
  Lines l = {0};
  CHECK(none(&l, &b) && l.scanned == 0);
  put(&b, "\n");
  expect(&l, &b, "");
  CHECK(none(&l, &b) && l.scanned == 0);
  buf_free(&b);
}

static void test_many_in_one_piece(void)
{
  Buf b = {0};
  Lines l = {0};
  put(&b, "one\n\ntwo\r\nthree\nrest");
  expect(&l, &b, "one");
  expect(&l, &b, "");
  expect(&l, &b, "two\r");
  expect(&l, &b, "three");
  CHECK(none(&l, &b) && l.scanned == 4);
  put(&b, "\n");
  expect(&l, &b, "rest");
  buf_free(&b);
}

static void test_byte_by_byte(void)
{
  static const char text[] = "a\nbc\n\nlonger line\n";
  static const char *const want[] = {"a", "bc", "", "longer line"};
  Buf b = {0};
  Lines l = {0};
  size_t seen = 0;
  for (size_t i = 0; i < sizeof text - 1; i++) {
    CHECK(none(&l, &b));
    CHECK(l.scanned == buf_size(&b));
    CHECK(buf_append(&b, text + i, 1));
    if (text[i] == '\n') expect(&l, &b, want[seen++]);
  }
  CHECK(seen == 4);
  buf_free(&b);
}

static void test_asked_again_without_consuming(void)
{
  Buf b = {0};
  Lines l = {0};
  const char *first, *second;
  size_t size;
  put(&b, "same\nnext\n");
  CHECK(lines_next(&l, &b, &first, &size) && size == 4);
  CHECK(lines_next(&l, &b, &second, &size) && size == 4 && first == second);
  CHECK(l.scanned == 4);
  lines_consume(&l, &b, 5);
  expect(&l, &b, "next");
  buf_free(&b);
}

/* What was scanned is not looked at again: a '\n' smuggled into it stays unseen. */
static void test_no_rescan(void)
{
  Buf b = {0};
  Lines l = {0};
  put(&b, "0123456789");
  CHECK(none(&l, &b));
  buf_head(&b)[3] = '\n';
  put(&b, "abc\n");
  const char *line;
  size_t size;
  CHECK(lines_next(&l, &b, &line, &size) && size == 13);
  buf_free(&b);
}

/* Dropping a part of an unfinished line (one that is too long) keeps the rest scanned. */
static void test_partial_consume(void)
{
  Buf b = {0};
  Lines l = {0};
  put(&b, "0123456789");
  CHECK(none(&l, &b));
  lines_consume(&l, &b, 4);
  CHECK(l.scanned == 6 && buf_size(&b) == 6);
  lines_consume(&l, &b, 6);
  CHECK(l.scanned == 0);
  put(&b, "x\n");
  expect(&l, &b, "x");
  buf_free(&b);
}

static void test_nul_and_high_bytes(void)
{
  Buf b = {0};
  Lines l = {0};
  CHECK(buf_append(&b, "a\0\xff\n", 4));
  const char *line;
  size_t size;
  CHECK(lines_next(&l, &b, &line, &size) && size == 3 && memcmp(line, "a\0\xff", 3) == 0);
  buf_free(&b);
}

/* Pieces of every size up to and over the line size, through growth and compaction of the Buf. */
static void test_stream(void)
{
  enum { LINES = 3000, BIG = 64 };
  char *text = malloc((size_t)LINES * (BIG + 12));
  CHECK(text != NULL);
  for (size_t piece = 1; piece < 400; piece += 37) {
    size_t end = 0;
    for (int i = 0; i < LINES; i++)
      end += (size_t)sprintf(text + end, "%d:%.*s\n", i, i % BIG,
                             "................................................................");
    Buf b = {0};
    Lines l = {0};
    int seen = 0;
    for (size_t at = 0; at < end; at += piece) {
      CHECK(buf_append(&b, text + at, end - at < piece ? end - at : piece));
      const char *line;
      size_t size;
      while (lines_next(&l, &b, &line, &size)) {
        CHECK(atoi(line) == seen);
        CHECK(line[size] == '\n' && line[size - 1] == (seen % BIG ? '.' : ':'));
        lines_consume(&l, &b, size + 1);
        seen++;
      }
    }
    CHECK(seen == LINES && buf_size(&b) == 0 && l.scanned == 0);
    buf_free(&b);
  }
  free(text);
}

int main(void)
{
  test_empty();
  test_many_in_one_piece();
  test_byte_by_byte();
  test_asked_again_without_consuming();
  test_no_rescan();
  test_partial_consume();
  test_nul_and_high_bytes();
  test_stream();
  return 0;
}
