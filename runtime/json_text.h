/* json_text.h - the bytes of JSON strings: what needs no escape, UTF-8, escapes undone. Plain C. */
#ifndef PROCRUN_JSON_TEXT_H
#define PROCRUN_JSON_TEXT_H

#include <stddef.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { JSON_TEXT_BLOCK = 16 };

/* A bit for each of the 16 bytes at s that does not stand for itself in a JSON string, or is no ASCII. */
static inline unsigned json_text_specials(const char *s)
{
#ifdef __SSE2__
  __m128i v = _mm_loadu_si128((const __m128i *)(const void *)s);
  __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)); /* signed: those >= 0x80, too */
  __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash)));
#else
  unsigned mask = 0;
  for (int i = 0; i < JSON_TEXT_BLOCK; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') mask |= 1u << i;
  }
  return mask;
#endif
}

/* How many bytes at the head of s stand for themselves in a JSON string: valid UTF-8 without control
   bytes, quote and backslash. The run ends at the end of s or before one of these, or before an
   invalid byte (the only one >= 0x80 it can end at). */
size_t json_text_run(const char *s, size_t n);

/* The length of the UTF-8 sequence s begins with (n > 0). Not valid: minus the number of bytes that
   one U+FFFD takes the place of, as browsers count them. */
int json_utf8(const char *s, size_t n);

/* Is `\uXXXX` at s (n bytes are left)? Then its number, else -1. */
int json_hex_escape(const char *s, size_t n);

/* Undoes the escapes of a valid string body into dst, which has room for n bytes; returns the size.
   A surrogate without its other half becomes U+FFFD. */
size_t json_unescape(char *dst, const char *s, size_t n);

#define JSON_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

#endif
