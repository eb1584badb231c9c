/* protect_trace.c - tracebacks as the user of a script wants them: the frames of boot.lua, which
   lie under every main chunk, are left out. */
#include <lauxlib.h>
#include <string.h>

#include "runtime/protect.h"

static const char BOOT[] = "\tprocrun:runtime/boot"; /* and boot_options.lua */
static const char TAIL_CALLS[] = "\t(...tail calls...)";
static const char C_FRAME[] = "\t[C]: ";

static bool begins(const char *line, const char *with)
{
  return strncmp(line, with, strlen(with)) == 0;
}

/* The line after this one, or the end of the text. */
static const char *next_line(const char *line)
{
  const char *end = strchr(line, '\n');
  return end ? end + 1 : line + strlen(line);
}

/* A frame of boot.lua, or what stands for those beside it that a tail call has left. */
static bool is_hidden(const char *line, const char *previous)
{
  if (begins(line, BOOT)) return true;
  return begins(line, TAIL_CALLS) && (begins(next_line(line), BOOT) || begins(previous, BOOT));
}

/* What is told about the command line itself, "cannot open x.lua", comes without a traceback. */
void protect_traceback(lua_State *L)
{
  luaL_traceback(L, L, NULL, 1);
  bool useful = false, boot = false;
  const char *line = lua_tostring(L, -1), *previous = "";
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (const char *next; *line; line = next) {
    next = next_line(line);
    bool hidden = is_hidden(line, previous);
    previous = line;
    boot = boot || hidden;
    if (hidden) continue;
    useful = useful || (line[0] == '\t' && !begins(line, C_FRAME));
    luaL_addlstring(&b, line, (size_t)(next - line));
  }
  luaL_pushresult(&b);
  if (boot && !useful) {
    lua_pop(L, 1);
    lua_pushliteral(L, "");
  }
  lua_remove(L, -2);
}
