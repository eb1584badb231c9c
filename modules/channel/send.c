/* send.c - messages into the outbox of a channel: c:send(message), c:flush(), and the method `send` of
   everything that has a channel. */
#include <stdio.h>
#include <string.h>

#include "modules/channel/channel.h"
#include "runtime/json.h"
#include "runtime/opt.h"
#include "runtime/trace.h"

static const char BOX[] = "procrun.channel.box";

/* Two peers that only send wait for ever: the task that waits says so, once. */
static void warn_if_due(lua_State *L, Channel *c)
{
  if (!c->warning) return;
  c->warning = false;
  Task *t = c->base.rt->current;
  lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
  task_push_label(L, t, -1);
  fprintf(
      stderr,
      "procrun: %s has waited for 1 s in send: the peer does not read, and its own messages fill "
      "the inbox here; a task on either side has to receive\n",
      lua_tostring(L, -1));
  lua_pop(L, 2);
}

int send_closed(lua_State *L, Channel *c)
{
  bool ours = c->ending && !c->eof && !c->write_error;
  lua_pushnil(L);
  lua_pushstring(L, ours ? "the channel is disconnected" : "the peer has closed the channel");
  lua_pushliteral(L, "EPIPE");
  return 3;
}

bool send_is_closed(const Channel *c)
{
  return c->ending || c->write_error || !c->base.open;
}

/* Argument 3: the position that has to be among the last MiB, or sent. */
static int try_room(lua_State *L, void *object)
{
  Channel *c = object;
  warn_if_due(L, c);
  if (c->write_error && c->sent < (uint64_t)lua_tointeger(L, 3)) return send_closed(L, c);
  if (wire_unsent(c) > CHANNEL_HIGH) return WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

/* Argument 3: the position to be sent. */
static int try_sent(lua_State *L, void *object)
{
  Channel *c = object;
  warn_if_due(L, c);
  if (c->sent < (uint64_t)lua_tointeger(L, 3))
    return c->write_error ? send_closed(L, c) : WAIT_MORE;
  lua_pushboolean(L, 1);
  return 1;
}

static int wait_out(lua_State *L, Channel *c, TaskTry try, double timeout)
{
  static const char what[] = "the peer to read messages";
  return task_wait(L, &(Wait){&c->writers, try, c, timeout, what, false});
}

int send_refused(lua_State *L)
{
  lua_pushfstring(L, "send: %s", lua_tostring(L, -1));
  lua_pushnil(L);
  lua_insert(L, -2);
  lua_pushliteral(L, "EINVAL");
  return 3;
}

static void append(lua_State *L, Buf *b, const void *bytes, size_t size)
{
  if (!buf_append(b, bytes, size)) luaL_error(L, "send: not enough memory");
}

static int free_box(lua_State *L)
{
  buf_free(lua_touserdata(L, 1));
  return 0;
}

Buf *send_box(lua_State *L)
{
  Buf *box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = (Buf){0};
  if (luaL_newmetatable(L, BOX)) {
    lua_pushcfunction(L, free_box);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  return box;
}

/* A message sent while another one is being encoded (by its __tojson, or by __gc) comes after it.
   Returns false with the reason pushed. */
static bool encode_late(lua_State *L, Channel *c)
{
  Buf *box = send_box(L);
  if (!json_encode(L, 2, box, &(JsonOptions){.depth = CHANNEL_DEPTH})) return false;
  append(L, box, "\n", 1);
  append(L, &c->late, buf_head(box), buf_size(box));
  lua_pop(L, 1);
  return true;
}

static void add_late(lua_State *L, Channel *c)
{
  if (buf_size(&c->late) == 0 || send_is_closed(c)) return;
  append(L, &c->out, buf_head(&c->late), buf_size(&c->late));
  buf_free(&c->late);
  c->queued = c->sent + buf_size(&c->out);
}

/* A mark where a wait is possible was left over by an error (out of memory): nothing is underway. */
static bool encode(lua_State *L, Channel *c)
{
  if (c->encoding && !task_can_wait(L)) return encode_late(L, c);
  buf_truncate(&c->out, wire_unsent(c));
  c->encoding = true;
  bool ok = json_encode(L, 2, &c->out, &(JsonOptions){.depth = CHANNEL_DEPTH});
  if (ok && !send_is_closed(c)) { /* unless meanwhile, by its own __tojson */
    append(L, &c->out, "\n", 1);
    uint64_t before = c->queued;
    c->queued = c->sent + buf_size(&c->out);
    if (TRACING(TRACE_CHANNEL)) {
      size_t size = (size_t)(c->queued - before);
      channel_trace_message(c, "send", buf_head(&c->out) + buf_size(&c->out) - size, size);
    }
  }
  c->encoding = false;
  add_late(L, c);
  wire_send(c);
  return ok;
}

int send_room(lua_State *L, Channel *c)
{
  if (wire_unsent(c) <= CHANNEL_HIGH || !task_can_wait(L)) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_settop(L, 2);
  lua_pushinteger(L, (lua_Integer)c->queued);
  return wait_out(L, c, try_room, -1);
}

/* Would the message have to wait where that is not possible? */
static bool must_refuse(lua_State *L, Channel *c)
{
  return wire_unsent(c) > CHANNEL_HIGH && !task_can_wait(L) && !send_is_closed(c);
}

/* The message at index 2 goes out: true | nil, message, code. `wait`: until no more than 1 MiB is
   queued. Whatever keeps the channel alive stands at index 1. */
static int send_message(lua_State *L, Channel *c, bool wait)
{
  if (send_is_closed(c)) return send_closed(L, c);
  if (wait && must_refuse(L, c)) return wait_refuse(L);
  if (!encode(L, c)) return send_refused(L);
  if (send_is_closed(c)) return send_closed(L, c);
  if (wait) return send_room(L, c);
  lua_pushboolean(L, 1);
  return 1;
}

/* c:send(message, [at_once]) -> true | nil, message, code; at once or not, c:room() is what waits then */
static int l_send(lua_State *L)
{
  Channel *c = handle_any(L, 1, &channel_type);
  luaL_checkany(L, 2);
  bool at_once = lua_toboolean(L, 3);
  lua_settop(L, 2);
  if (!at_once && must_refuse(L, c)) return wait_refuse(L);
  return send_message(L, c, false);
}

/* The upvalues of the method. */
enum { SLOW = 1, MISUSE, OWNER, OWN, LINK, CORE, META, CMD, UPVALUES = CMD };

/* The channel of the object at index 1: object._link.core; NULL where it has none. */
static Channel *channel_of(lua_State *L)
{
  Channel **box = NULL;
  if (!lua_istable(L, 1)) return NULL;
  lua_pushvalue(L, lua_upvalueindex(LINK));
  if (lua_rawget(L, 1) == LUA_TTABLE) {
    lua_pushvalue(L, lua_upvalueindex(CORE));
    lua_rawget(L, -2);
    if (lua_getmetatable(L, -1) && lua_rawequal(L, -1, lua_upvalueindex(META)))
      box = lua_touserdata(L, -2);
  }
  lua_settop(L, 2);
  return box ? *box : NULL;
}

/* No nil, and no message that belongs to the protocol. */
static bool is_plain(lua_State *L)
{
  int type = lua_type(L, 2);
  if (type != LUA_TTABLE) return type != LUA_TNIL;
  lua_pushvalue(L, lua_upvalueindex(CMD));
  bool plain = lua_rawget(L, 2) != LUA_TSTRING || strncmp(lua_tostring(L, -1), "NODE_", 5) != 0;
  lua_settop(L, 2);
  return plain;
}

static int end_slow(lua_State *L, int status, lua_KContext ctx)
{
  (void)status;
  (void)ctx;
  return lua_gettop(L);
}

/* object:send(message, …): all but a plain message alone is for the Lua function. */
static int l_send_method(lua_State *L)
{
  Channel **own = lua_touserdata(L, lua_upvalueindex(OWN)), *c = NULL;
  if (own && !lua_rawequal(L, 1, lua_upvalueindex(OWNER))) {
    lua_pushvalue(L, lua_upvalueindex(OWNER)); /* process.send(message) */
    lua_insert(L, 1);
  }
  if (lua_gettop(L) == 2) c = own ? *own : channel_of(L);
  if (c == NULL || !is_plain(L)) {
    lua_pushvalue(L, lua_upvalueindex(SLOW));
    lua_insert(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, end_slow);
    return lua_gettop(L);
  }
  int results = send_message(L, c, true);
  if (results < 3 || strcmp(lua_tostring(L, -1), "EINVAL") != 0) return results;
  lua_pushvalue(L, lua_upvalueindex(MISUSE));
  lua_pushliteral(L, "%s");
  lua_pushvalue(L, -4);
  lua_call(L, 2, 0); /* raises */
  return 0;
}

int send_method(lua_State *L)
{
  lua_settop(L, 4);
  lua_pushliteral(L, "_link");
  lua_pushliteral(L, "core");
  luaL_getmetatable(L, channel_type.name);
  lua_pushliteral(L, "cmd");
  lua_pushcclosure(L, l_send_method, UPVALUES);
  return 1;
}

/* c:position() -> where the next message will start, for flush */
static int l_position(lua_State *L)
{
  Channel *c = handle_any(L, 1, &channel_type);
  lua_pushinteger(L, (lua_Integer)c->queued);
  return 1;
}

/* c:flush([timeout], [position]) -> true | nil, message, code: the kernel has everything sent so far
   (up to there) */
static int l_flush(lua_State *L)
{
  Channel *c = handle_any(L, 1, &channel_type);
  double timeout = opt_timeout(L, 2);
  lua_Integer position = luaL_optinteger(L, 3, (lua_Integer)c->queued);
  lua_settop(L, 2);
  lua_pushinteger(L, position);
  wire_flush(c);
  return wait_out(L, c, try_sent, timeout);
}

void send_define(lua_State *L)
{
  static const luaL_Reg methods[] = {
      {"send", l_send}, {"flush", l_flush}, {"position", l_position}, {NULL, NULL}};
  luaL_setfuncs(L, methods, 0);
}
