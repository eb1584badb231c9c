/* writer.c - writes N million bytes to its standard output, 64 KiB at a time: writer N */
#include "bench.h"

#include <unistd.h>

enum { BLOCK = 64 * 1024 };
static char block[BLOCK];

int main(int argc, char **argv)
{
  if (argc != 2) return 2;
  for (long left = atol(argv[1]) * 1000000; left > 0;) {
    ssize_t n = write(1, block, left < BLOCK ? (size_t)left : BLOCK);
    if (n <= 0) fail("write");
    left -= n;
  }
  return 0;
}
