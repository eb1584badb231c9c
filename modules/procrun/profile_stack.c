/* profile_stack.c - where a script is, as one line of the folded form: the task, then from the
   outermost function to the innermost. */
#include <string.h>

#include "modules/procrun/profile.h"
#include "runtime/task.h"

enum { DEPTH_MAX = 200, NAME_MAX_SIZE = 120 };

/* Names stand one behind the other as they are found, the innermost first. */
typedef struct Names {
  char text[STACK_TEXT];
  size_t size;
  size_t start[DEPTH_MAX + 1];
  int count;
} Names;

static Names names; /* too large for a C stack that a script may have used up */

/* What would be read as structure: a semicolon, the end of a line. */
static void add(const char *format, const char *a, const char *b, int line)
{
  char name[NAME_MAX_SIZE];
  if (names.count == DEPTH_MAX) return;
  int n = line >= 0 ? snprintf(name, sizeof name, format, a, line)
                    : snprintf(name, sizeof name, format, a, b);
  size_t size = n < (int)sizeof name ? (size_t)n : sizeof name - 1;
  if (names.size + size > STACK_TEXT - DEPTH_MAX - NAME_MAX_SIZE) return;
  for (size_t i = 0; i < size; i++)
    if (name[i] == ';' || (unsigned char)name[i] < ' ') name[i] = name[i] == ';' ? ':' : ' ';
  names.start[names.count++] = names.size;
  memcpy(names.text + names.size, name, size);
  names.size += size;
  names.start[names.count] = names.size;
}

/* C functions without a name are the runtime's own steps between two functions of the script. */
static void add_function(lua_State *L, lua_Debug *ar)
{
  lua_getinfo(L, "Sn", ar);
  if (strncmp(ar->source, "@procrun:runtime/boot", 21) == 0) return;
  if (ar->what[0] == 'C') {
    if (ar->name) add("[C] %s%s", ar->name, "", -1);
  } else if (ar->what[0] == 'm') {
    add("%s:%s", ar->short_src, "(main chunk)", -1);
  } else if (ar->name) {
    add("%s:%s", ar->short_src, ar->name, -1);
  } else {
    add("%s:%d", ar->short_src, NULL, ar->linedefined);
  }
}

static void add_coroutine(lua_State *L)
{
  lua_Debug ar;
  for (int level = 0; names.count < DEPTH_MAX && lua_getstack(L, level, &ar); level++)
    add_function(L, &ar);
}

/* Tasks of one name, or of one function, are one: there may be thousands. */
static void add_task(lua_State *L, const Task *t)
{
  lua_Debug ar = {.linedefined = -1};
  if (names.count == DEPTH_MAX) names.count--; /* the outermost makes room */
  if (t->id == 1 || t->ref == LUA_NOREF || !lua_checkstack(L, 4)) {
    add("%s%s", t->id == 1 ? "main task" : "task", "", -1);
    return;
  }
  int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  lua_getiuservalue(L, top + 1, TASK_NAME);
  const char *name = lua_tostring(L, -1);
  if (lua_getiuservalue(L, top + 1, TASK_FUNCTION) == LUA_TFUNCTION) lua_getinfo(L, ">S", &ar);
  if (name)
    add("task %s%s", name, "", -1);
  else if (ar.linedefined > 0)
    add("task %s:%d", ar.short_src, NULL, ar.linedefined);
  else
    add("%s%s", "task", "", -1);
  lua_settop(L, top);
}

size_t stack_text(lua_State *L, char text[STACK_TEXT])
{
  Runtime *rt = rt_get(L);
  size_t size = 0;
  names.size = 0;
  names.count = 0;
  if (rt->frames == NULL || rt->frames->L != L) add_coroutine(L); /* a C library has resumed it */
  for (Frame *f = rt->frames; f; f = f->up) add_coroutine(f->L);
  if (rt->current) add_task(L, rt->current);
  for (int i = names.count - 1; i >= 0; i--) {
    size_t n = names.start[i + 1] - names.start[i];
    memcpy(text + size, names.text + names.start[i], n);
    size += n;
    if (i > 0) text[size++] = ';';
  }
  return size;
}
