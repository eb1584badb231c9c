/* json_scan_test.c - unit test of runtime/json_scan.c: exits 0, or names the line that does not hold. */
#include "runtime/json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

#define MARK "\"\xFE\""

/* The text, in memory of exactly its size, becomes `want` for cJSON, with that many tokens. */
static void becomes(const char *text, const char *want, size_t tokens)
{
  size_t size = strlen(text);
  char *copy = malloc(size);
  CHECK(copy != NULL);
  memcpy(copy, text, size);
  JsonScan s = {0};
  CHECK(json_scan(&s, copy, size, JSON_DEPTH));
  CHECK(s.output_size == strlen(want) && memcmp(s.output, want, s.output_size) == 0);
  CHECK(buf_size(&s.tokens) == tokens * sizeof(JsonToken));
  CHECK(memcmp(copy, text, size) == 0);
  json_scan_reset(&s);
  buf_free(&s.rewritten);
  buf_free(&s.tokens);
  free(copy);
}

static void test_rewrite(void)
{
  becomes("[]", "[]", 0);
  becomes(" {\"a\": [true ,null,\"x\\n\"]}\r\n", " {\"a\": [true ,null,\"x\\n\"]}", 0);
  becomes("[1,2.5]", "[" MARK "," MARK "]", 2);
  becomes("[\"\\u0000\"]", "[" MARK "]", 1);
  becomes("{\"\\ud800\":\"\\ud83d\"}", "{" MARK ":" MARK "}", 2);
  becomes("[\"a string too long for cJSON to see it\",\"b\"]", "[" MARK ",\"b\"]", 1);
  becomes("7", MARK, 1);
  becomes(" \"a\" ", " " MARK, 1);
}

static void test_tokens(void)
{
  const char *text =
      "[-5,0.5,{\"long long long long long key\":\"\\u0000 and then something long\"}]";
  JsonScan s = {0};
  CHECK(json_scan(&s, text, strlen(text), 2) && !s.scalar && s.depth == 2);
  const JsonToken *t = json_scan_tokens(&s);
  CHECK(t[0].kind == JSON_NUMERIC && !t[0].as.number.is_float && t[0].as.number.as.integer == -5);
  CHECK(t[1].kind == JSON_NUMERIC && t[1].as.number.is_float && t[1].as.number.as.real == 0.5);
  CHECK(t[2].kind == JSON_TEXT && !t[2].escaped && t[2].as.text.body == text + 10);
  CHECK(t[3].kind == JSON_TEXT && t[3].escaped && s.longest == t[3].as.text.size);
  buf_free(&s.rewritten);
  buf_free(&s.tokens);
}

typedef struct Wrong {
  const char *text, *error;
  size_t at;
} Wrong;

static const Wrong wrong[] = {
    {"", "unexpected end", 1},
    {" \n", "unexpected end", 3},
    {"[", "unexpected end", 2},
    {"[1", "unexpected end", 3},
    {"{", "a key is missing", 2},
    {"{a:1}", "a key is missing", 2},
    {"{\"a\":1,}", "a key is missing", 8},
    {"{\"a\"}", "':' is missing", 5},
    {"{\"a\":}", "invalid value", 6},
    {"[1,]", "invalid value", 4},
    {"[,1]", "invalid value", 2},
    {"[1 2]", "',' or ']' is missing", 4},
    {"[1}", "',' or ']' is missing", 3},
    {"{\"a\":1]", "',' or '}' is missing", 7},
    {"]", "invalid value", 1},
    {"nul", "invalid value", 1},
    {"NaN", "invalid value", 1},
    {"nullx", "text behind the value", 5},
    {"1 2", "text behind the value", 3},
    {"[]]", "text behind the value", 3},
    {"[1]\f", "text behind the value", 4},
    {"'a'", "invalid value", 1},
    {"[01]", "invalid number", 2},
    {"[1.]", "invalid number", 2},
    {"[1,1e999]", "number out of range", 4},
    {"\"abc", "unterminated string", 1},
    {"\"abc\\", "invalid escape", 5},
    {"\"\\x\"", "invalid escape", 2},
    {"\"a\\u12G4\"", "invalid escape", 3},
    {"\"a\tb\"", "control byte in a string", 3},
    {"\"a\xFF\"", "invalid UTF-8", 3},
    {"\"\xED\xA0\x80\"", "invalid UTF-8", 2},
    {"\"\xC3\"", "invalid UTF-8", 2},
    {"{\"\xFE\":1}", "invalid UTF-8", 3},
    {"\xEF\xBB\xBF[]", "byte order mark", 1},
    {"[[[]]]", "too deeply nested", 3},
};

static void test_errors(void)
{
  JsonScan s = {0};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    size_t size = strlen(wrong[i].text);
    char *copy = malloc(size + (size == 0));
    CHECK(copy != NULL);
    memcpy(copy, wrong[i].text, size);
    bool ok = json_scan(&s, copy, size, 2);
    if (ok || strcmp(s.error, wrong[i].error) != 0 || s.error_at != wrong[i].at) {
      fprintf(stderr, "%s: %s at %zu\n", wrong[i].text, ok ? "accepted" : s.error, s.error_at);
      exit(1);
    }
    free(copy);
  }
  CHECK(!json_scan(&s, "[\0]", 3, 2) && s.error_at == 2); /* a NUL is no blank */
  buf_free(&s.rewritten);
  buf_free(&s.tokens);
}

/* No option goes beyond what cJSON takes. */
static void test_depth(void)
{
  char text[2 * (JSON_DEPTH_MAX + 1)];
  JsonScan s = {0};
  memset(text, '[', JSON_DEPTH_MAX + 1);
  memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
  CHECK(!json_scan(&s, text, sizeof text, 1000000) && s.error_at == JSON_DEPTH_MAX + 1);
  CHECK(json_scan(&s, text + 1, sizeof text - 2, 1000000) && s.depth == JSON_DEPTH_MAX);
}

int main(void)
{
  test_rewrite();
  test_tokens();
  test_errors();
  test_depth();
  return 0;
}
