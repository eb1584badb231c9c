/* json_text.c - the bytes of JSON strings; the only loops that see every byte of a long string. */
#include "runtime/json_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool is_plain(unsigned char c)
{
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#ifdef __SSE2__

/* Non-zero bytes where v is not plain: a signed "< 0x20" finds control bytes and those >= 0x80. */
static __m128i special(__m128i v)
{
  __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
  __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return _mm_or_si128(low, _mm_or_si128(quote, slash));
}

static __m128i special_at(const char *s)
{
  return special(_mm_loadu_si128((const __m128i *)(const void *)s));
}

/* Whole blocks of plain bytes at the head; the place of the first other byte where one is met. Most
   strings end in their first block; it takes a long one to be worth four at a time. */
static size_t plain_blocks(const char *s, size_t n, bool *found)
{
  size_t i = 0;
  while (n - i >= 16) {
    int mask = _mm_movemask_epi8(special_at(s + i));
    if (mask != 0) {
      *found = true;
      return i + (size_t)__builtin_ctz((unsigned)mask);
    }
    for (i += 16; n - i >= 64; i += 64) {
      __m128i a = _mm_or_si128(special_at(s + i), special_at(s + i + 16));
      __m128i b = _mm_or_si128(special_at(s + i + 32), special_at(s + i + 48));
      if (_mm_movemask_epi8(_mm_or_si128(a, b)) != 0) break;
    }
  }
  return i;
}

#else

static size_t plain_blocks(const char *s, size_t n, bool *found)
{
  (void)s;
  (void)n;
  (void)found;
  return 0;
}

#endif

/* Eight bytes at once: the high bit of a byte that is (or stands above one that is) not plain. */
static bool word_special(const char *s)
{
  const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
  uint64_t x;
  memcpy(&x, s, sizeof x);
  uint64_t quote = x ^ (ones * '"'), slash = x ^ (ones * '\\');
  return ((x | (x - ones * 0x20) | (quote - ones) | (slash - ones)) & high) != 0;
}

static size_t plain_run(const char *s, size_t n)
{
  bool found = false;
  size_t i = plain_blocks(s, n, &found);
  if (found) return i;
  while (n - i >= 8 && !word_special(s + i)) i += 8;
  while (i < n && is_plain((unsigned char)s[i])) i++;
  return i;
}

static bool follows(char c)
{
  return (c & 0xC0) == 0x80;
}

/* The length of a sequence of the common kinds, 0: ask json_utf8. */
static size_t common_utf8(const char *s, size_t n)
{
  unsigned char c = (unsigned char)s[0];
  if (n < 3 || !follows(s[1])) return 0;
  if (c >= 0xC2 && c < 0xE0) return 2;
  return c > 0xE0 && c < 0xF0 && c != 0xED && follows(s[2]) ? 3 : 0;
}

size_t json_text_run(const char *s, size_t n)
{
  size_t i = 0;
  for (;;) {
    i += plain_run(s + i, n - i);
    if (i == n || (unsigned char)s[i] < 0x80) return i;
    do {
      size_t common = common_utf8(s + i, n - i);
      int size = common > 0 ? (int)common : json_utf8(s + i, n - i);
      if (size <= 0) return i;
      i += (size_t)size;
    } while (i < n && (unsigned char)s[i] >= 0x80);
  }
}

int json_utf8(const char *s, size_t n)
{
  const unsigned char *p = (const unsigned char *)s;
  unsigned c = p[0], low = 0x80, high = 0xBF;
  int size;
  if (c < 0x80) return 1;
  if (c < 0xC2 || c > 0xF4) return -1;
  size = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  if (c == 0xE0) low = 0xA0;  /* shorter forms exist */
  if (c == 0xED) high = 0x9F; /* surrogates */
  if (c == 0xF0) low = 0x90;
  if (c == 0xF4) high = 0x8F; /* above U+10FFFF */
  for (int i = 1; i < size; i++) {
    if ((size_t)i == n || p[i] < low || p[i] > high) return -i;
    low = 0x80;
    high = 0xBF;
  }
  return size;
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int json_hex_escape(const char *s, size_t n)
{
  if (n < 6 || s[0] != '\\' || s[1] != 'u') return -1;
  int code = 0;
  for (int i = 2; i < 6; i++) {
    int digit = hex_digit(s[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

static size_t put_utf8(char *dst, unsigned c)
{
  if (c < 0x80) {
    dst[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    dst[0] = (char)(0xC0 | c >> 6);
    dst[1] = (char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    dst[0] = (char)(0xE0 | c >> 12);
    dst[1] = (char)(0x80 | (c >> 6 & 0x3F));
    dst[2] = (char)(0x80 | (c & 0x3F));
    return 3;
  }
  dst[0] = (char)(0xF0 | c >> 18);
  dst[1] = (char)(0x80 | (c >> 12 & 0x3F));
  dst[2] = (char)(0x80 | (c >> 6 & 0x3F));
  dst[3] = (char)(0x80 | (c & 0x3F));
  return 4;
}

/* The escape at s into *dst; returns its length in s. */
static size_t undo(char **dst, const char *s, size_t n)
{
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
  int code = json_hex_escape(s, n);
  if (code < 0) {
    const char *at = strchr(from, s[1]);
    *(*dst)++ = at == NULL ? s[1] : to[at - from];
    return 2;
  }
  unsigned c = (unsigned)code;
  size_t size = 6;
  if (c >= 0xD800 && c <= 0xDFFF) {
    int low = c < 0xDC00 ? json_hex_escape(s + 6, n - 6) : -1;
    bool pair = low >= 0xDC00 && low <= 0xDFFF;
    c = pair ? 0x10000 + ((c - 0xD800) << 10) + ((unsigned)low - 0xDC00) : 0xFFFD;
    if (pair) size = 12;
  }
  *dst += put_utf8(*dst, c);
  return size;
}

size_t json_unescape(char *dst, const char *s, size_t n)
{
  char *start = dst;
  size_t i = 0;
  while (i < n) {
    const char *slash = memchr(s + i, '\\', n - i);
    size_t run = slash == NULL ? n - i : (size_t)(slash - (s + i));
    memcpy(dst, s + i, run);
    dst += run;
    i += run;
    if (i < n) i += undo(&dst, s + i, n - i);
  }
  return (size_t)(dst - start);
}
