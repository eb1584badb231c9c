/* buf_test.c - unit test of runtime/buf.c: exits 0, or names the line that does not hold. */
#include "runtime/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

static bool holds(const Buf *b, const char *want)
{
  size_t size = strlen(want);
  return buf_size(b) == size && (size == 0 || memcmp(buf_head(b), want, size) == 0);
}

static void test_append_and_consume(void)
{
  Buf b = {0};
  CHECK(buf_size(&b) == 0);
  CHECK(buf_append(&b, NULL, 0) && b.data == NULL);
  CHECK(buf_append(&b, "hello ", 6) && buf_append(&b, "world", 5));
  CHECK(holds(&b, "hello world"));
  buf_consume(&b, 6);
  CHECK(holds(&b, "world"));
  buf_consume(&b, 5);
  CHECK(buf_size(&b) == 0 && b.head == 0 && b.tail == 0);
  CHECK(b.data != NULL); /* a small one keeps its memory */
  buf_free(&b);
  CHECK(b.data == NULL && b.cap == 0);
}

static void test_reserve_and_commit(void)
{
  Buf b = {0};
  char *room = buf_reserve(&b, 3);
  CHECK(room != NULL && buf_size(&b) == 0);
  memcpy(room, "abc", 3);
  buf_commit(&b, 2); /* less than the room given */
  CHECK(holds(&b, "ab"));
  CHECK(buf_append(&b, "x", 1) && holds(&b, "abx"));
  buf_free(&b);
}

static void test_truncate(void)
{
  Buf b = {0};
  CHECK(buf_append(&b, "0123456789", 10));
  buf_consume(&b, 2);
  buf_truncate(&b, 3);
  CHECK(holds(&b, "234"));
  CHECK(buf_append(&b, "x", 1) && holds(&b, "234x"));
  buf_truncate(&b, 0);
  CHECK(buf_size(&b) == 0);
  buf_free(&b);
}

static void test_growth_keeps_the_bytes(void)
{
  enum { N = 100000 };
  Buf b = {0};
  for (uint32_t i = 0; i < N; i++) CHECK(buf_append(&b, &i, sizeof i));
  CHECK(buf_size(&b) == N * sizeof(uint32_t));
  for (uint32_t i = 0; i < N; i++) {
    uint32_t got;
    memcpy(&got, buf_head(&b), sizeof got);
    CHECK(got == i);
    buf_consume(&b, sizeof got);
  }
  CHECK(b.data == NULL && b.cap == 0); /* a large one that became empty gives its memory back */
}

/* A queue that stays short must not grow, however much passes through it. */
static void test_memory_is_reused(void)
{
  Buf b = {0};
  char block[100];
  size_t cap = 0;
  for (unsigned i = 0; i < 10000; i++) {
    memset(block, (int)(i % 251), sizeof block);
    CHECK(buf_append(&b, block, sizeof block));
    if (i < 3) continue;
    CHECK((unsigned char)*buf_head(&b) == (i - 3) % 251); /* what is left over survives moving */
    buf_consume(&b, sizeof block);
    if (i == 100) cap = b.cap;
  }
  CHECK(buf_size(&b) == 3 * sizeof block);
  CHECK(cap != 0 && b.cap == cap && cap <= 1024);
  buf_free(&b);
}

/* A request no memory can meet: NULL, and the buffer as it was. */
static void test_out_of_memory(void)
{
  Buf b = {0};
  CHECK(buf_append(&b, "kept", 4));
  Buf before = b;
  CHECK(buf_reserve(&b, SIZE_MAX) == NULL);
  CHECK(memcmp(&b, &before, sizeof b) == 0 && holds(&b, "kept"));
  CHECK(!buf_append(&b, "x", SIZE_MAX)); /* told before a byte is read */
  CHECK(holds(&b, "kept"));
  buf_free(&b);
}

/* What is detached is the block itself, with room on both sides; only a buffer that was not begun to
   be emptied has one to give. */
static void test_detach(void)
{
  Buf b = {0};
  CHECK(buf_detach(&b) == NULL);
  for (int i = 0; i < 100000; i++) CHECK(buf_append(&b, "0123456789", 10));
  buf_consume(&b, 1);
  CHECK(buf_detach(&b) == NULL && buf_size(&b) == 999999);
  buf_free(&b);
  for (int i = 0; i < 100000; i++) CHECK(buf_append(&b, "0123456789", 10));
  char *block = buf_detach(&b);
  CHECK(block != NULL && b.data == NULL && buf_size(&b) == 0);
  memset(block, 0, BUF_MARGIN);
  block[BUF_MARGIN + 1000000] = 0;
  CHECK(strlen(block + BUF_MARGIN) == 1000000);
  CHECK(memcmp(block + BUF_MARGIN + 999990, "0123456789", 10) == 0);
  free(block);
}

int main(void)
{
  test_append_and_consume();
  test_reserve_and_commit();
  test_truncate();
  test_growth_keeps_the_bytes();
  test_memory_is_reused();
  test_out_of_memory();
  test_detach();
  return 0;
}
