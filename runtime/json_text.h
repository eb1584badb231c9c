/* json_text.h - the bytes of JSON strings: what needs no escape, UTF-8, escapes undone. Plain C. */
#ifndef PROCRUN_JSON_TEXT_H
#define PROCRUN_JSON_TEXT_H

#include <stddef.h>

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
