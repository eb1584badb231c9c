/* receive.c - messages out of the inbox of a channel: local receive, next_event, state = c:functions() */
#include <string.h>

#include "modules/channel/channel.h"
#include "runtime/json.h"
#include "runtime/opt.h"
#include "runtime/trace.h"

/* false, message, code: something came that is no message. The message stands on top. */
static int push_fault(lua_State *L, const char *code)
{
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  lua_pushstring(L, code);
  return 3;
}

static int push_too_long(lua_State *L, Channel *c)
{
  lua_pushfstring(L, "a message longer than max_message (%I bytes) was dropped",
                  (lua_Integer)c->max_message);
  return push_fault(L, "EMSGSIZE");
}

static int take_fault(lua_State *L, Channel *c)
{
  lua_pushboolean(L, 0);
  return 1 + handles_fault(L, c);
}

static bool is_blank(const char *line, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') return false;
  return true;
}

static void drop_line(Channel *c, size_t size)
{
  bool was_full = buf_size(&c->in) >= CHANNEL_INBOX;
  wire_consume(c, size + 1);
  c->base.rt->progress++;
  if (was_full) wire_update(c);
  if (c->peeked) bell_call(c->bell); /* what stands in front now may be for it */
  if (c->eof && buf_size(&c->in) == 0) bell_ring(c->bell); /* now the end can be told */
}

/* The end came in the middle of a line; what came of it is dropped. */
static bool take_rest(lua_State *L, Channel *c)
{
  size_t size = wire_rest(c);
  if (size == 0) return false;
  bool blank = is_blank(buf_head(&c->in), size);
  drop_line(c, size - 1);
  if (!blank)
    lua_pushfstring(L, "the channel ended in the middle of a message (%I bytes)",
                    (lua_Integer)size);
  return !blank;
}

/* Node's own messages: a table whose cmd begins with NODE_. The value stands on top. */
static bool is_internal(lua_State *L)
{
  if (lua_type(L, -1) != LUA_TTABLE) return false;
  size_t size = 0;
  bool internal = false;
  lua_pushliteral(L, "cmd");
  if (lua_rawget(L, -2) == LUA_TSTRING) {
    const char *cmd = lua_tolstring(L, -1, &size);
    internal = size > 5 && memcmp(cmd, "NODE_", 5) == 0;
  }
  lua_pop(L, 1);
  return internal;
}

/* Pushes the value of a line, or what is wrong with it. The text lies in the inbox meanwhile, and nothing
   else may take or move it then. */
static bool decode(lua_State *L, Channel *c, const char *line, size_t size)
{
  size_t length = size > 0 && line[size - 1] == '\r' ? size - 1 : size;
  size_t slack = c->in.cap - (size_t)(line - c->in.data) - length;
  c->taking = true;
  bool ok = json_decode(L, line, length, &(JsonOptions){.depth = CHANNEL_DEPTH, .slack = slack});
  c->taking = false;
  return ok;
}

static int take_line(lua_State *L, Channel *c, const char *line, size_t size)
{
  uint64_t at = c->received - buf_size(&c->in);
  if (size > c->max_message) {
    drop_line(c, size);
    if (c->handles) handles_pass(c, at + 1);
    return push_too_long(L, c);
  }
  lua_pushboolean(L, 1);
  c->asked = true;
  if (TRACING(TRACE_CHANNEL)) channel_trace_message(c, "receive", line, size + 1);
  bool ok = decode(L, c, line, size);
  drop_line(c, size);
  if (!ok) {
    if (c->handles) handles_pass(c, at + 1);
    lua_pushfstring(L, "a malformed message was dropped: %s", lua_tostring(L, -1));
    return push_fault(L, "EPROTO");
  }
  if (is_internal(L)) {
    lua_pushliteral(L, "internal");
    lua_replace(L, -3);
    if (c->handles) return handles_take(L, c, at);
  } else if (c->handles) {
    handles_pass(c, at + 1);
  }
  return 2;
}

/* Is the inbox in the hands of a caller further up? A finalizer can come in between. Where a wait
   is possible it is not so: then an error (out of memory) has left the mark. */
static bool in_hand(lua_State *L, Channel *c)
{
  return c->taking && !task_can_wait(L);
}

/* A line that was too long stands in front of all that has come since. */
static int take_next(lua_State *L, Channel *c)
{
  const char *line;
  size_t size;
  if (c->too_long) {
    c->too_long--;
    return push_too_long(L, c);
  }
  while (lines_next(&c->lines, &c->in, &line, &size)) {
    if (!is_blank(line, size)) return take_line(L, c, line, size);
    drop_line(c, size);
  }
  if (c->faults) return take_fault(L, c);
  if (c->eof && take_rest(L, c)) return push_fault(L, "EPROTO");
  return WAIT_MORE;
}

static int try_receive(lua_State *L, void *object)
{
  Channel *c = object;
  if (in_hand(L, c)) return WAIT_MORE;
  int results = take_next(L, c);
  if (results != WAIT_MORE || !c->eof) return results;
  if (!c->one_way) wire_end(c);
  lua_pushnil(L);
  lua_pushliteral(L, "disconnected");
  lua_pushliteral(L, "EPIPE");
  return 3;
}

/* The channel that a function made by c:functions() is for. */
static Channel *bound(lua_State *L)
{
  Channel **box = lua_touserdata(L, lua_upvalueindex(1));
  if (*box == NULL) luaL_error(L, "the channel has been collected");
  return *box;
}

/* receive([timeout]) -> true, message | "handle", line with a handle, handle | "internal", message of
   Node's | false, message, code for what
   is no message | nil, "disconnected", "EPIPE" | nil, "timeout", "ETIMEDOUT" */
static int l_receive(lua_State *L)
{
  Channel *c = bound(L);
  double timeout = opt_timeout(L, 1);
  c->asked = true;
  return task_wait(L, &(Wait){&c->readers, try_receive, c, timeout, "a message", false});
}

/* The same for what a handle came with. */
static bool is_internal_inside(lua_State *L)
{
  while (is_internal(L)) {
    lua_pushliteral(L, "cmd");
    lua_rawget(L, -2);
    bool wrapped = strcmp(lua_tostring(L, -1), "NODE_HANDLE") == 0;
    lua_pop(L, 1);
    if (!wrapped) return true;
    lua_pushliteral(L, "msg");
    lua_rawget(L, -2);
    lua_replace(L, -2);
  }
  return false;
}

/* Is the next line a message of Node's own, which is told though nobody takes messages? */
static bool peek(lua_State *L, Channel *c)
{
  const char *line;
  size_t size;
  if (!c->peeked || !lines_next(&c->lines, &c->in, &line, &size)) return false;
  if (size > c->max_message || memmem(line, size, "NODE_", 5) == NULL) return false;
  bool internal = decode(L, c, line, size) && is_internal_inside(L);
  lua_pop(L, 1);
  return internal;
}

/* Is there a message for listeners, or what is told without them? */
static bool is_due(lua_State *L, Channel *c)
{
  if (wire_has_line(c)) return c->listened || c->too_long > 0 || peek(L, c);
  return c->too_long > 0 || c->faults != 0 || (c->eof && buf_size(&c->in) > 0);
}

/* Index 1: the look function, and 2: what it is given. It is asked only once the bell has rung, or
   while its last answer was nil. */
static int try_event(lua_State *L, void *object)
{
  Channel *c = object;
  int results = !in_hand(L, c) && is_due(L, c) ? take_next(L, c) : WAIT_MORE;
  if (results == WAIT_MORE && c->bell->rung) {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    c->bell->rung = !lua_isboolean(L, -1);
    if (lua_toboolean(L, -1))
      results = 1;
    else
      lua_pop(L, 1);
  }
  if (results != WAIT_MORE) task_busy(c->base.rt->current, true);
  return results;
}

/* next_event(look, object) -> as receive, or what look(object) has named. For the dispatch task, which
   holds the process only from here to the next call. */
static int l_next_event(lua_State *L)
{
  Channel *c = bound(L);
  lua_settop(L, 2);
  if (c->bell == NULL) return luaL_error(L, "the channel has no list");
  task_busy(c->base.rt->current, false);
  return task_wait(L, &(Wait){&c->bell->taker, try_event, c, -1, "events", false});
}

/* c:pull(): reads what the kernel holds now */
static int l_pull(lua_State *L)
{
  Channel *c = handle_any(L, 1, &channel_type);
  if (!in_hand(L, c)) wire_pull(c);
  return 0;
}

/* c:awaited() -> boolean: does a task wait for a message? */
static int l_awaited(lua_State *L)
{
  Channel *c = handle_any(L, 1, &channel_type);
  lua_pushboolean(L, c->readers.head != NULL);
  return 1;
}

/* c:listen(messages, internal): are there listeners for messages, for those of Node's own? */
static int l_listen(lua_State *L)
{
  Channel *c = handle_any(L, 1, &channel_type);
  c->listened = lua_toboolean(L, 2);
  c->peeked = lua_toboolean(L, 3);
  return 0;
}

/* state() -> at end of input, is there a line, is there a fault to be told before it? */
static int l_state(lua_State *L)
{
  Channel *c = bound(L);
  bool line = wire_has_line(c), fault = c->faults != 0 || (c->eof && wire_rest(c) > 0);
  lua_pushboolean(L, c->eof);
  lua_pushboolean(L, line);
  lua_pushboolean(L, c->too_long > 0 || (!line && fault));
  return 3;
}

/* c:functions() -> receive, next_event, state: of this channel alone, as they are called for every message */
static int l_functions(lua_State *L)
{
  handle_any(L, 1, &channel_type);
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, l_receive, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, l_next_event, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, l_state, 1);
  return 3;
}

void receive_define(lua_State *L)
{
  static const luaL_Reg methods[] = {{"functions", l_functions},
                                     {"pull", l_pull},
                                     {"awaited", l_awaited},
                                     {"listen", l_listen},
                                     {NULL, NULL}};
  luaL_setfuncs(L, methods, 0);
}
