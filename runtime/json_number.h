/* json_number.h - JSON numbers to and from text, exact and whatever the locale. Plain C. */
#ifndef PROCRUN_JSON_NUMBER_H
#define PROCRUN_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct JsonNumber {
  bool is_float; /* written with '.' or 'e', or too large for 64 bits */
  union {
    int64_t integer;
    double real;
  } as;
} JsonNumber;

typedef enum JsonNumberState { JSON_NUMBER, JSON_NOT_NUMBER, JSON_OUT_OF_RANGE } JsonNumberState;

/* Reads the number at s; *stop is one past it. No byte at or after `end` is looked at. */
JsonNumberState json_number_read(const char *s, const char *end, const char **stop, JsonNumber *n);

enum { JSON_NUMBER_SIZE = 40 }; /* room for any number written by the two below */

/* Both write to dst without a NUL and return the size. */
size_t json_integer_write(char *dst, int64_t value);

/* value is finite. The shortest of 15, 16, 17 digits that reads back equal; integral values keep
   their ".0", so they are read as floats again. */
size_t json_float_write(char *dst, double value);

#endif
