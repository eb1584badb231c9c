/* tick.c - a look into a busy script, at its next instruction. */
#include "runtime/tick.h"

/* The hook that the script had set where ours stands now. A coroutine that has ended before it came to
   an instruction leaves its entry behind: it is overwritten in its turn. */
typedef struct Kept {
  lua_State *L;
  lua_Hook hook;
  int mask, count;
} Kept;

enum { KEPT_MAX = 8 };

static Kept kept[KEPT_MAX];
static unsigned last;
static TickLook looks[TICK_KINDS];
static volatile sig_atomic_t wanted[TICK_KINDS];
static volatile sig_atomic_t changing; /* on_tick is at work on what tick_arm changes */
volatile sig_atomic_t tick_missed;
static void (*volatile ended)(Runtime *rt); /* what breaks the script off since then */

void tick_set(TickKind kind, TickLook look)
{
  looks[kind] = look;
}

void tick_end(void (*again)(Runtime *rt))
{
  ended = again;
}

static Kept *find(const lua_State *L)
{
  for (int i = 0; i < KEPT_MAX; i++)
    if (kept[i].L == L) return &kept[i];
  return NULL;
}

static bool wants(const Kept *own, int event)
{
  return own->mask >> (event == LUA_HOOKTAILCALL ? LUA_HOOKCALL : event) & 1;
}

/* The coroutine has its own hook back, and that one sees the event if it is one of its own. */
static void restore(lua_State *L, lua_Debug *ar)
{
  Kept *k = find(L), own = k ? *k : (Kept){0};
  lua_sethook(L, own.hook, own.mask, own.count);
  if (k) k->L = NULL;
  changing = 0;
  if (own.hook && wants(&own, ar->event)) own.hook(L, ar);
}

static void on_tick(lua_State *L, lua_Debug *ar)
{
  changing = 1;
  restore(L, ar);
  for (int kind = 0; kind < TICK_KINDS; kind++) {
    if (!wanted[kind]) continue;
    wanted[kind] = 0;
    looks[kind](L);
  }
  if (ended) ended(rt_get(L)); /* restore may have undone it */
}

static const Kept *keep(lua_State *L)
{
  Kept *k = find(L);
  if (k == NULL) k = find(NULL);
  if (k == NULL) k = &kept[last++ % KEPT_MAX];
  *k = (Kept){L, lua_gethook(L), lua_gethookmask(L), lua_gethookcount(L)};
  return k;
}

/* Where Lua is just about to call the hook that was there, it has read the mask of that one: the event
   comes to ours. A count may then be lost, so lines are asked for, too. Beside a hook of the script's
   no counts are: after ours Lua would go on to the line, and call the other one for that. */
static void arm(lua_State *L)
{
  if (lua_gethook(L) == on_tick) return;
  const Kept *own = keep(L);
  int mask = LUA_MASKLINE | LUA_MASKRET;
  lua_sethook(L, on_tick, mask | (own->hook ? own->mask & LUA_MASKCALL : LUA_MASKCOUNT), 1);
}

/* A hook that counts would begin anew with each tick, and never come to its number. */
static bool counts(lua_State *L)
{
  return lua_gethook(L) != on_tick && lua_gethookmask(L) & LUA_MASKCOUNT;
}

bool tick_arm(Runtime *rt, TickKind kind)
{
  Frame *frame = rt->frames;
  if (ended || (kind == TICK_SAMPLE && frame && counts(frame->L))) return false;
  wanted[kind] = 1;
  tick_missed = 1;
  if (changing || frame == NULL) return true; /* on_tick looks at `wanted` after that */
  arm(frame->L);
  if (frame->up) arm(frame->up->L); /* the innermost may just have come to its end */
  return true;
}

void tick_catch_up(Runtime *rt)
{
  tick_missed = 0;
  for (int kind = 0; kind < TICK_KINDS; kind++) {
    if (!wanted[kind]) continue;
    changing = 1;
    arm(rt->frames->L);
    changing = 0;
  }
  if (ended) ended(rt);
}
