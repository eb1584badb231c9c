/* json_number_test.c - unit test of runtime/json_number.c: exits 0, or names the line that fails. */
#include "runtime/json_number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(ok)                                                                                  \
  ((ok) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #ok), exit(1)))

static JsonNumberState read(const char *s, JsonNumber *n, size_t *size)
{
  const char *stop = s;
  JsonNumberState state = json_number_read(s, s + strlen(s), &stop, n);
  *size = (size_t)(stop - s);
  return state;
}

static void is_integer(const char *s, int64_t want)
{
  JsonNumber n;
  size_t size;
  CHECK(read(s, &n, &size) == JSON_NUMBER && size == strlen(s));
  CHECK(!n.is_float && n.as.integer == want);
}

static void is_float(const char *s, double want)
{
  JsonNumber n;
  size_t size;
  CHECK(read(s, &n, &size) == JSON_NUMBER && size == strlen(s));
  CHECK(n.is_float && n.as.real == want && !signbit(n.as.real) == !signbit(want));
}

static void is_not(const char *s, JsonNumberState why)
{
  JsonNumber n;
  size_t size;
  CHECK(read(s, &n, &size) == why);
}

static void test_read(void)
{
  is_integer("0", 0);
  is_integer("-0", 0);
  is_integer("12345678901234567", 12345678901234567);
  is_integer("9223372036854775807", INT64_MAX);
  is_integer("-9223372036854775808", INT64_MIN);
  is_float("9223372036854775808", 9223372036854775808.0);
  is_float("-9223372036854775809", -9223372036854775808.0);
  is_float("123456789012345678901234567890", 123456789012345678901234567890.0);
  is_float("0.0", 0.0);
  is_float("-0.0", -0.0);
  is_float("1e2", 100.0);
  is_float("1E+02", 100.0);
  is_float("0.1", 0.1);
  is_float("2.2250738585072011e-308", 2.2250738585072011e-308);
  is_float("9007199254740993.0", 9007199254740992.0);
  is_float("0.000000000000000000000000000000000000000001e42", 1.0);
  is_float("1e-999", 0.0);
  is_float("5e-324", 5e-324);
  static const char *const wrong[] = {"",   "-",   "+1", ".5",  "1.", "1.e1",
                                      "1e", "1e+", "01", "-01", "NaN"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) is_not(wrong[i], JSON_NOT_NUMBER);
  is_not("1e999", JSON_OUT_OF_RANGE);
  is_not("-1e99999999999999999999", JSON_OUT_OF_RANGE);
}

/* The text ends where `end` says, not at a NUL. */
static void test_end(void)
{
  JsonNumber n;
  const char *s = "1234567.125e2", *stop;
  CHECK(json_number_read(s, s + 9, &stop, &n) == JSON_NUMBER && stop == s + 9);
  CHECK(n.as.real == 1234567.1);
  CHECK(json_number_read(s, s + 8, &stop, &n) == JSON_NOT_NUMBER);
  CHECK(json_number_read(s, s + 12, &stop, &n) == JSON_NOT_NUMBER);
}

/* Far more digits than any double needs. */
static void test_long(void)
{
  enum { DIGITS = 5000 };
  static char s[DIGITS + 3] = "0.";
  memset(s + 2, '3', DIGITS);
  is_float(s, 1.0 / 3.0);
  memset(s, '1', DIGITS);
  s[DIGITS] = '\0';
  is_not(s, JSON_OUT_OF_RANGE);
}

static void writes(double value, const char *want)
{
  char s[JSON_NUMBER_SIZE];
  size_t n = json_float_write(s, value);
  CHECK(n == strlen(want) && memcmp(s, want, n) == 0);
}

static void test_write(void)
{
  static const int64_t integers[] = {0,   1,     -1,       9,         10,       99,
                                     100, 12345, -1000000, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
    char s[JSON_NUMBER_SIZE], want[JSON_NUMBER_SIZE];
    size_t n = json_integer_write(s, integers[i]);
    CHECK(snprintf(want, sizeof want, "%lld", (long long)integers[i]) == (int)n);
    CHECK(memcmp(s, want, n) == 0);
  }
  writes(0.0, "0.0");
  writes(-0.0, "-0.0");
  writes(3.0, "3.0");
  writes(-0.125, "-0.125");
  writes(0.1 + 0.2, "0.30000000000000004");
  writes(9007199254740991.0, "9007199254740991.0");
  writes(1e15, "1e+15");
  writes(1e300, "1e+300");
  writes(1.7976931348623157e308, "1.7976931348623157e+308");
  writes(123456.789, "123456.789");
}

static uint64_t seed = 88172645463325252u;

static uint64_t next_random(void)
{
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

/* One million doubles of any bits, of every size, read back equal; with few digits too. */
static void test_round_trip(void)
{
  for (int i = 0; i < 1000000; i++) {
    uint64_t bits = next_random();
    double value;
    memcpy(&value, &bits, sizeof value);
    if (i % 4 == 0) value = (double)(int64_t)(bits >> 40) / 1000.0;
    if (!isfinite(value)) continue;
    char s[JSON_NUMBER_SIZE + 1];
    size_t n = json_float_write(s, value);
    CHECK(n <= JSON_NUMBER_SIZE);
    s[n] = '\0';
    JsonNumber back;
    const char *stop;
    CHECK(json_number_read(s, s + n, &stop, &back) == JSON_NUMBER && stop == s + n);
    CHECK(back.is_float && back.as.real == value);
    CHECK(strtod(s, NULL) == value); /* an opinion that is not ours */
  }
}

/* Where a locale with a decimal comma is installed, it changes nothing. */
static void test_locale(void)
{
  static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (setlocale(LC_NUMERIC, names[i]) == NULL) continue;
    writes(0.1 + 0.2, "0.30000000000000004");
    is_float("2.2250738585072011e-308", 2.2250738585072011e-308);
  }
  setlocale(LC_NUMERIC, "C");
}

int main(void)
{
  test_read();
  test_end();
  test_long();
  test_write();
  test_round_trip();
  test_locale();
  return 0;
}
