/* json_scan_test.c - unit test of runtime/json_scan.c: exits 0, or names the line that does not hold. */
#include "runtime/json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

/* The kinds of the tokens of the text, in memory of exactly its size: "[2 i f" */
static void becomes(const char *text, const char *want)
{
  static const char letters[] = "iftnFT[{";
  size_t size = strlen(text);
  char *copy = malloc(size), got[200], *p = got;
  CHECK(copy != NULL);
  memcpy(copy, text, size);
  JsonScan s = {0};
  CHECK(json_scan(&s, copy, size, 0, JSON_DEPTH));
  size_t n = buf_size(&s.tokens) / sizeof(JsonToken);
  for (size_t i = 0; i < n; i++) {
    const JsonToken *t = json_scan_tokens(&s) + i;
    *p++ = letters[t->kind];
    if (t->kind >= JSON_ARRAY) p += sprintf(p, "%u", t->size);
  }
  *p = '\0';
  if (strcmp(got, want) != 0) fprintf(stderr, "%s: %s\n", text, got);
  CHECK(strcmp(got, want) == 0);
  CHECK(memcmp(copy, text, size) == 0);
  json_scan_reset(&s);
  buf_free(&s.tokens);
  free(copy);
}

static void test_kinds(void)
{
  becomes("[]", "[0");
  becomes("{}", "{0");
  becomes(" {\"a\": [true ,null,\"x\\n\",false]}\r\n", "{1t[4Tnt"
                                                       "F");
  becomes("[1,2.5]", "[2if");
  becomes("[[],[[1]],{\"a\":{},\"b\":[ ]},2]", "[4[0[1[1i{2t{0t[0i");
  becomes("7", "i");
  becomes(" \"a\" ", "t");
}

static void test_tokens(void)
{
  const char *text =
      "[-5,0.5,{\"long long long long long key\":\"\\u0000 and then something long\"},\"short\"]";
  JsonScan s = {0};
  CHECK(json_scan(&s, text, strlen(text), 0, 2) && s.depth == 2);
  const JsonToken *t = json_scan_tokens(&s);
  CHECK(t[1].kind == JSON_INTEGER && t[1].as.integer == -5);
  CHECK(t[2].kind == JSON_FLOAT && t[2].as.real == 0.5);
  CHECK(t[4].kind == JSON_TEXT && !t[4].escaped && t[4].as.text == text + 10 && t[4].size == 28);
  CHECK(t[5].kind == JSON_TEXT && t[5].escaped && s.longest == t[5].size);
  CHECK(t[6].kind == JSON_TEXT && !t[6].escaped && t[6].size == 5);
  buf_free(&s.tokens);
}

/* What stands behind the text may be looked at, but does not count. */
static void test_slack(void)
{
  static const char text[] = "[\"ab\"] \"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"";
  JsonScan s = {0};
  CHECK(json_scan(&s, text, 6, sizeof text - 7, 2) && json_scan_tokens(&s)[1].size == 2);
  CHECK(!json_scan(&s, text, 4, sizeof text - 5, 2) && s.error_at == 2); /* unterminated */
  CHECK(!json_scan(&s, text, 3, sizeof text - 4, 2) && s.error_at == 2);
  CHECK(!json_scan(&s, text, 5, sizeof text - 6, 2) && strcmp(s.error, "unexpected end") == 0);
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
    bool ok = json_scan(&s, copy, size, 0, 2);
    if (ok || strcmp(s.error, wrong[i].error) != 0 || s.error_at != wrong[i].at) {
      fprintf(stderr, "%s: %s at %zu\n", wrong[i].text, ok ? "accepted" : s.error, s.error_at);
      exit(1);
    }
    free(copy);
  }
  CHECK(!json_scan(&s, "[\0]", 3, 0, 2) && s.error_at == 2); /* a NUL is no blank */
  buf_free(&s.tokens);
}

/* No option goes beyond the scan's own limit. */
static void test_depth(void)
{
  char text[2 * (JSON_DEPTH_MAX + 1)];
  JsonScan s = {0};
  memset(text, '[', JSON_DEPTH_MAX + 1);
  memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
  CHECK(!json_scan(&s, text, sizeof text, 0, 1000000) && s.error_at == JSON_DEPTH_MAX + 1);
  CHECK(json_scan(&s, text + 1, sizeof text - 2, 0, 1000000) && s.depth == JSON_DEPTH_MAX);
  buf_free(&s.tokens);
}

int main(void)
{
  test_kinds();
  test_tokens();
  test_slack();
  test_errors();
  test_depth();
  return 0;
}
