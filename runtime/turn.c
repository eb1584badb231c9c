/* turn.c - work put off to the end of the loop's turn. */
#include "runtime/turn.h"

void turn_later(Runtime *rt, Turn *turn)
{
  if (turn->listed) return;
  turn->listed = true;
  turn->prev = NULL;
  turn->next = rt->turns;
  if (turn->next) turn->next->prev = turn;
  rt->turns = turn;
}

void turn_forget(Runtime *rt, Turn *turn)
{
  if (!turn->listed) return;
  turn->listed = false;
  if (turn->prev)
    turn->prev->next = turn->next;
  else
    rt->turns = turn->next;
  if (turn->next) turn->next->prev = turn->prev;
}

void turn_end(Runtime *rt)
{
  while (rt->turns) {
    Turn *turn = rt->turns;
    turn_forget(rt, turn);
    turn->flush(turn);
  }
}
