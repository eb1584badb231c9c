/* protect_trace.c - tracebacks as the user of a script wants them: the frames of boot.lua, which
   lie under every main chunk, are left out, those of bundle/start.lua likewise, and so is
   protect_body; `require` is one frame, a function of C, as it is Lua's. */
#include <lauxlib.h>
#include <string.h>

#include "runtime/protect.h"

static const char BOOT[] = "\tprocrun:runtime/boot"; /* and boot_options.lua */
static const char START[] = "\tprocrun:bundle/start";
static const char REQUIRE[] = "\tprocrun:runtime/require.lua";
static const char SEARCH[] = "\tprocrun:runtime/require_more.lua";
static const char AS_LUA[] = "\t[C]: in function 'require'\n";
static const char TAIL_CALLS[] = "\t(...tail calls...)";
static const char LAST[] = "\n\t[C]: in ?";
static const char C_FRAME[] = "\t[C]: ";

static bool begins(const char *line, const char *with)
{
  return strncmp(line, with, strlen(with)) == 0;
}

static bool is_boot(const char *line)
{
  return begins(line, BOOT) || begins(line, START);
}

/* The frame that stands for `require`. */
static bool is_require(const char *line)
{
  return begins(line, REQUIRE);
}

/* The line after this one, or the end of the text. */
static const char *next_line(const char *line)
{
  const char *end = strchr(line, '\n');
  return end ? end + 1 : line + strlen(line);
}

/* A frame of boot.lua, or of what `require` does, a C function that they call, or what stands for those
   beside them that a tail call has left. */
static bool is_hidden(const char *line, const char *previous)
{
  const char *caller = next_line(line);
  bool calls = is_boot(caller);
  if (is_boot(line) || begins(line, SEARCH)) return true;
  if (begins(line, C_FRAME)) return calls || begins(caller, SEARCH);
  if (!begins(line, TAIL_CALLS)) return false;
  return calls || is_boot(previous) || is_require(caller) || is_require(previous);
}

/* Replaces the traceback on top by one without the hidden frames. Are there others, beside those of C?
   (So it is always where nothing was hidden.) */
static bool hide_frames(lua_State *L)
{
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
    bool require = is_require(line);
    useful = useful || (line[0] == '\t' && !begins(line, C_FRAME) && !require);
    if (require)
      luaL_addstring(&b, AS_LUA);
    else
      luaL_addlstring(&b, line, (size_t)(next - line));
  }
  luaL_pushresult(&b);
  lua_remove(L, -2);
  return useful || !boot;
}

/* What is told about the command line itself, "cannot open x.lua", comes without a traceback. */
void protect_traceback(lua_State *L)
{
  luaL_traceback(L, L, NULL, 1);
  if (hide_frames(L)) return;
  lua_pop(L, 1);
  lua_pushliteral(L, "");
}

/* Does the text end with the frame of protect_body, which lies under every coroutine of a script? It
   stays where Lua has left frames out in the middle: it keeps their number then. */
static bool ends_in_body(const char *text, const char *end, lua_State *co)
{
  static const char shortened[] = "\n\t...\t(skipping";
  lua_Debug ar;
  int level = 0;
  if (end == NULL || strcmp(end, LAST) != 0 || strstr(text, shortened)) return false;
  if (co == NULL) return true;
  while (lua_getstack(co, level, &ar)) level++;
  if (level == 0 || !lua_checkstack(co, 1)) return false;
  lua_getstack(co, level - 1, &ar);
  lua_getinfo(co, "f", &ar);
  bool found = lua_tocfunction(co, -1) == protect_body;
  lua_pop(co, 1);
  return found;
}

/* The line of frame `wanted` in a traceback that begins with frame `level`; NULL: it is not shown. */
static const char *line_of(lua_State *co, const char *text, int level, int wanted)
{
  enum { SHOWN = 10 }; /* frames that Lua shows before it leaves some out */
  lua_Debug ar;
  if (wanted < level || wanted >= level + SHOWN) return NULL;
  for (text = next_line(text); level < wanted; level++) {
    lua_getstack(co, level, &ar);
    lua_getinfo(co, "t", &ar);
    text = next_line(text);
    if (ar.istailcall) text = next_line(text);
  }
  return text;
}

int protect_level_of(lua_State *L, lua_CFunction f)
{
  lua_Debug ar;
  for (int level = 1; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "f", &ar);
    bool found = lua_tocfunction(L, -1) == f;
    lua_pop(L, 1);
    if (found) return level;
  }
  return 0;
}

void protect_hide_frame(lua_State *L, int level, size_t from, int hidden)
{
  const char *text = lua_tostring(L, -1), *line = line_of(L, text + from, level, hidden);
  if (line == NULL || !begins(line, C_FRAME)) return;
  lua_pushlstring(L, text, (size_t)(line - text));
  lua_pushstring(L, next_line(line));
  lua_concat(L, 2);
  lua_remove(L, -2);
}

void protect_tidy_traceback(lua_State *L, lua_State *co)
{
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  if (text == NULL) return;
  const char *end = length < strlen(LAST) ? NULL : text + length - strlen(LAST);
  if (ends_in_body(text, end, co)) {
    lua_pushlstring(L, text, (size_t)(end - text));
    lua_remove(L, -2);
  }
  text = lua_tostring(L, -1);
  if (strstr(text, BOOT) || strstr(text, REQUIRE)) hide_frames(L);
}

bool protect_in_own_code(lua_State *L)
{
  lua_Debug ar;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "S", &ar);
    if (ar.what[0] != 'C') return begins(ar.source, "@procrun:");
  }
  return false;
}
