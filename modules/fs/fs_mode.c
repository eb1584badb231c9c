/* fs_mode.c - symbolic modes as chmod(1) takes them; the grammar is that of POSIX. */
#include "modules/fs/fs_mode.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* umask(2) cannot be asked without setting it for every thread. */
static mode_t read_umask(void)
{
  unsigned mask = 022;
  char line[128];
  FILE *file = fopen("/proc/self/status", "re");
  if (file == NULL) return mask;
  while (fgets(line, sizeof line, file) && sscanf(line, "Umask: %o", &mask) != 1) continue;
  fclose(file);
  return mask;
}

/* The bits of "ugoa" that each letter of `who` owns, those of set-id and sticky included. */
static mode_t bits_of(char who)
{
  switch (who) {
  case 'u': return 04700;
  case 'g': return 02070;
  case 'o': return 01007;
  default: return 07777;
  }
}

/* "rwxXst" for everybody; X looks at what the mode has become so far. */
static mode_t permission(char letter, mode_t mode)
{
  switch (letter) {
  case 'r': return 0444;
  case 'w': return 0222;
  case 'x': return 0111;
  case 'X': return S_ISDIR(mode) || mode & 0111 ? 0111 : 0;
  case 's': return 06000;
  default: return 01000;
  }
}

/* "u", "g" or "o" as the source of permissions: spread to everybody. */
static mode_t copied(char from, mode_t mode)
{
  mode_t bits = mode >> (from == 'u' ? 6 : from == 'g' ? 3 : 0) & 7;
  return bits << 6 | bits << 3 | bits;
}

/* "+x", "=", "-w": returns what comes behind it. */
static const char *apply_action(const char *p, mode_t who, mode_t mask, mode_t old, mode_t *mode)
{
  char action = *p++;
  mode_t bits = 0;
  if (*p && strchr("ugo", *p))
    bits = copied(*p++, *mode);
  else
    while (*p && strchr("rwxXst", *p)) bits |= permission(*p++, *mode | (old & S_IFMT));
  bits &= who & ~mask;
  mode_t kept = S_ISDIR(old) ? 06000 : 0; /* "=" takes set-id away from no directory */
  if (action == '=')
    *mode = (*mode & ~(who & ~kept)) | bits;
  else
    *mode = action == '+' ? *mode | bits : *mode & ~bits;
  return p;
}

mode_t fs_mode_apply(const char *p, mode_t old)
{
  mode_t mode = old & 07777;
  while (*p) {
    mode_t who = 0, mask = 0;
    for (; strchr("ugoa", *p); p++) who |= bits_of(*p);
    if (who == 0) {
      who = 07777;
      mask = read_umask() & 0777;
    }
    while (*p && *p != ',') p = apply_action(p, who, mask, old, &mode);
    if (*p == ',') p++;
  }
  return mode;
}

bool fs_mode_is_valid(const char *p)
{
  for (;;) {
    p += strspn(p, "ugoa");
    if (!*p || !strchr("+-=", *p)) return false;
    while (*p && strchr("+-=", *p)) {
      p++;
      if (*p && strchr("ugo", *p))
        p++;
      else
        p += strspn(p, "rwxXst");
    }
    if (*p == 0) return true;
    if (*p++ != ',') return false;
  }
}
