/* json_number.c - JSON numbers to and from text, exact and whatever the locale. */
#include "runtime/json_number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_POWER = 22 }; /* the largest power of ten a double holds exactly */

static const double power10[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* What the grammar pass has found: value = mantissa * 10^exponent, if no more than 19 digits. */
typedef struct Parts {
  uint64_t mantissa;
  int digits; /* significant ones, capped */
  long exponent;
  bool negative, is_float;
} Parts;

static bool is_digit(const char *p, const char *end)
{
  return p < end && *p >= '0' && *p <= '9';
}

static const char *read_digits(const char *p, const char *end, Parts *parts)
{
  for (; is_digit(p, end); p++) {
    if (parts->digits < 20 && (parts->digits > 0 || *p != '0')) parts->digits++;
    if (parts->digits < 20) parts->mantissa = parts->mantissa * 10 + (uint64_t)(*p - '0');
  }
  return p;
}

static const char *read_exponent(const char *p, const char *end, Parts *parts)
{
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) p++;
  if (!is_digit(p, end)) return NULL;
  long exponent = 0;
  for (; is_digit(p, end); p++)
    if (exponent < 100000) exponent = exponent * 10 + (*p - '0');
  parts->exponent += negative ? -exponent : exponent;
  return p;
}

/* One past the number at p, or NULL where the grammar does not hold. */
static const char *read_parts(const char *p, const char *end, Parts *parts)
{
  parts->negative = p < end && *p == '-';
  if (parts->negative) p++;
  if (!is_digit(p, end)) return NULL;
  bool zero = *p == '0';
  const char *start = p;
  p = read_digits(p, end, parts);
  if (zero && p - start > 1) return NULL;
  if (p < end && *p == '.') {
    parts->is_float = true;
    start = ++p;
    p = read_digits(p, end, parts);
    if (p == start) return NULL;
    parts->exponent = -(p - start);
  }
  if (p < end && (*p == 'e' || *p == 'E')) {
    parts->is_float = true;
    p = read_exponent(p + 1, end, parts);
  }
  return p;
}

/* strtod wants a NUL at the end and the decimal point of the locale. */
static bool read_slow(const char *s, size_t size, double *value)
{
  const char *point = localeconv()->decimal_point;
  size_t point_size = strlen(point);
  char small[128];
  char *copy = size + point_size < sizeof small ? small : malloc(size + point_size + 1);
  if (copy == NULL) return false;
  const char *dot = memchr(s, '.', size);
  size_t head = dot == NULL ? size : (size_t)(dot - s);
  char *p = copy;
  memcpy(p, s, head);
  p += head;
  if (dot != NULL) {
    memcpy(p, point, point_size);
    p += point_size;
    memcpy(p, dot + 1, size - head - 1);
    p += size - head - 1;
  }
  *p = '\0';
  *value = strtod(copy, NULL);
  if (copy != small) free(copy);
  return isfinite(*value);
}

/* Both factors exact, so the one operation rounds correctly (Clinger's fast path). */
static bool read_fast(const Parts *parts, double *value)
{
  if (FLT_EVAL_METHOD != 0 || parts->digits > 19 || parts->mantissa > (uint64_t)1 << 53)
    return false;
  if (parts->exponent > EXACT_POWER || parts->exponent < -EXACT_POWER) return false;
  double m = (double)parts->mantissa;
  m = parts->exponent < 0 ? m / power10[-parts->exponent] : m * power10[parts->exponent];
  *value = parts->negative ? -m : m;
  return true;
}

/* The most common numbers: up to 18 digits, with or without a point among them. NULL: not one. */
static const char *read_common(const char *s, const char *end, JsonNumber *n)
{
  const char *p = s;
  bool negative = *p == '-'; /* s < end */
  p += negative;
  const char *digits = p;
  uint64_t value = 0;
  for (; is_digit(p, end); p++) value = value * 10 + (uint64_t)(*p - '0');
  size_t before = (size_t)(p - digits), decimals = 0;
  if (before == 0 || before > 18 || (*digits == '0' && before > 1)) return NULL;
  if (p < end && *p == '.') {
    const char *fraction = ++p;
    for (; is_digit(p, end); p++) value = value * 10 + (uint64_t)(*p - '0');
    decimals = (size_t)(p - fraction);
    if (decimals == 0 || before + decimals > 18 || value > (uint64_t)1 << 53) return NULL;
  }
  if (p < end && (*p == 'e' || *p == 'E')) return NULL;
  n->is_float = decimals > 0;
  if (decimals == 0) {
    n->as.integer = negative ? -(int64_t)value : (int64_t)value;
  } else {
    double real = (double)value / power10[decimals]; /* exact both: rounded once */
    n->as.real = negative ? -real : real;
  }
  return FLT_EVAL_METHOD == 0 || decimals == 0 ? p : NULL;
}

JsonNumberState json_number_read(const char *s, const char *end, const char **stop, JsonNumber *n)
{
  const char *p = s < end ? read_common(s, end, n) : NULL;
  if (p != NULL) {
    *stop = p;
    return JSON_NUMBER;
  }
  Parts parts = {0};
  p = read_parts(s, end, &parts);
  if (p == NULL) return JSON_NOT_NUMBER;
  *stop = p;
  uint64_t most = (uint64_t)INT64_MAX + (parts.negative ? 1 : 0);
  n->is_float = parts.is_float || parts.digits > 19 || parts.mantissa > most;
  if (!n->is_float) {
    n->as.integer = (int64_t)(parts.negative ? 0 - parts.mantissa : parts.mantissa);
    return JSON_NUMBER;
  }
  if (read_fast(&parts, &n->as.real)) return JSON_NUMBER;
  return read_slow(s, (size_t)(p - s), &n->as.real) ? JSON_NUMBER : JSON_OUT_OF_RANGE;
}

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

size_t json_integer_write(char *dst, int64_t value)
{
  char digits[20];
  char *p = digits + sizeof digits;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  for (; rest >= 100; rest /= 100) {
    p -= 2;
    memcpy(p, pairs + rest % 100 * 2, 2);
  }
  if (rest >= 10) {
    p -= 2;
    memcpy(p, pairs + rest * 2, 2);
  } else {
    *--p = (char)('0' + rest);
  }
  size_t sign = value < 0, size = (size_t)(digits + sizeof digits - p);
  if (sign) *dst = '-';
  memcpy(dst + sign, p, size);
  return sign + size;
}

/* A value that is a whole number of at most 15 digits divided by 10, 100 … 10^6: printed as that.
   The division rounds correctly, so equality proves that the text reads back as the value. */
static size_t write_short(char *dst, double value)
{
  double size = fabs(value);
  if (size >= 1e15 || FLT_EVAL_METHOD != 0) return 0;
  for (int decimals = 1; decimals <= 6; decimals++) {
    double scaled = size * power10[decimals];
    if (scaled >= 1e15) return 0;
    int64_t whole = (int64_t)(scaled + 0.5);
    if ((double)whole / power10[decimals] != size) continue;
    size_t n = 0;
    if (signbit(value)) dst[n++] = '-';
    int64_t unit = (int64_t)power10[decimals];
    n += json_integer_write(dst + n, whole / unit);
    dst[n++] = '.';
    int64_t fraction = whole % unit;
    for (int i = decimals; i-- > 0; fraction /= 10)
      dst[n + (size_t)i] = (char)('0' + fraction % 10);
    return n + (size_t)decimals;
  }
  return 0;
}

/* A printed number with '.' for the locale's point (one or more bytes); tells whether it has one,
   or an exponent. */
static size_t unlocalize(char *dst, const char *s, bool *marked)
{
  size_t n = 0;
  *marked = false;
  for (; *s != '\0'; s++) {
    bool point = strchr("0123456789+-e", *s) == NULL;
    if (!point || dst[n - 1] != '.') dst[n++] = point ? '.' : *s;
    *marked = *marked || point || *s == 'e';
  }
  return n;
}

size_t json_float_write(char *dst, double value)
{
  size_t n = write_short(dst, value);
  if (n > 0) return n;
  for (int digits = 15;; digits++) {
    char text[48];
    bool marked;
    snprintf(text, sizeof text, "%.*g", digits, value);
    n = unlocalize(dst, text, &marked);
    if (!marked) {
      memcpy(dst + n, ".0", 2);
      n += 2;
    }
    JsonNumber back = {0};
    const char *stop;
    JsonNumberState state = json_number_read(dst, dst + n, &stop, &back);
    if (digits == 17 || (state == JSON_NUMBER && back.as.real == value)) return n;
  }
}
