/* footer.h - what stands on the terminal below everything that is printed: the line being edited,
   progress bars.

   While any footer is open, whatever is printed on standard output or error first takes the highest
   one that is up off the screen; at the end of the turn it is drawn again, below. */
#ifndef PROCRUN_FOOTER_H
#define PROCRUN_FOOTER_H

#include "runtime/stdio.h"

enum {
  FOOTER_BARS,
  FOOTER_LINE,
  FOOTER_PAUSE
}; /* ranks: the highest that is up is on the screen */

typedef struct Footer {
  int rank;
  bool (*hide)(struct Footer *f); /* off the screen, if it is there; called before every write.
                                     false: the terminal takes nothing at the moment */
  void (*show)(struct Footer *f); /* there is nothing above it on the way any more */
  Runtime *rt;
  bool up;
  Turn turn;
  struct Footer *below;
} Footer; /* zeroed with rank, hide and show set: ready for use */

void footer_open(Runtime *rt, Footer *f); /* from now on what is printed is watched */
void footer_close(Footer *f);
void footer_raise(Footer *f); /* it is to be on the screen; drawing is its own matter */
void footer_lower(Footer *f);
bool footer_is_top(const Footer *f);

/* What was printed last and has not ended its line; bytes NULL: nothing, or it is not known. */
const char *footer_tail(size_t *size);

/* Has what was printed last not ended its line? Whoever asks does that now. */
bool footer_end_line(void);

#endif
