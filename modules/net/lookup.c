/* lookup.c - names of hosts to addresses, by getaddrinfo in the thread pool.
   local core = require "procrun.core.lookup"; options and order are lookup.lua's. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "modules/modules.h"
#include "modules/net/address.h"
#include "runtime/err.h"
#include "runtime/req.h"

typedef struct Lookup {
  Req req;
  char *host;
  int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
  int error;  /* EAI_… */
  int system; /* errno, for EAI_SYSTEM */
  bool counted;
  struct addrinfo *found;
} Lookup;

/* A name server that does not answer takes a thread of the pool for many seconds, a lookup that nobody
   waits for any more included. So at most half of the threads look up; the others wait in line. */
static struct {
  Runtime *rt;
  int running, most;
  WaitList line;
  Deadline held; /* armed, far away, while somebody waits in line: it keeps the process alive, which
                    lookups that nobody waits for do not */
} pool;

static const double FAR_AWAY = 1e9;

static void work(Req *req)
{
  Lookup *l = (Lookup *)req;
  struct addrinfo hints = {.ai_family = l->family, .ai_socktype = SOCK_STREAM};
  l->error = getaddrinfo(l->host, NULL, &hints, &l->found);
  l->system = errno;
}

static void release(Req *req)
{
  Lookup *l = (Lookup *)req;
  if (l->found) freeaddrinfo(l->found);
  free(l->host);
  if (!l->counted) return;
  pool.running--;
  wait_wake_all(&pool.line);
}

static const struct {
  int error;
  const char *name;
} names[] = {
    {EAI_AGAIN, "EAI_AGAIN"},
    {EAI_BADFLAGS, "EAI_BADFLAGS"},
    {EAI_FAIL, "EAI_FAIL"},
    {EAI_FAMILY, "EAI_FAMILY"},
    {EAI_MEMORY, "EAI_MEMORY"},
    {EAI_NONAME, "EAI_NONAME"},
    {EAI_OVERFLOW, "EAI_OVERFLOW"},
    {EAI_SERVICE, "EAI_SERVICE"},
    {EAI_SOCKTYPE, "EAI_SOCKTYPE"},
#ifdef EAI_ADDRFAMILY
    {EAI_ADDRFAMILY, "EAI_ADDRFAMILY"},
#endif
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
    {EAI_NODATA, "EAI_NODATA"},
#endif
};

static const char *name_of(int error)
{
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].error == error) return names[i].name;
  return "EAI_UNKNOWN";
}

/* gai_strerror begins with a capital; in the middle of a sentence it should not. */
static const char *reason(lua_State *L, int error)
{
  const char *text = gai_strerror(error);
  if (text[0] < 'A' || text[0] > 'Z') return text;
  return lua_pushfstring(L, "%c%s", text[0] + 32, text + 1);
}

/* Node's codes: one name for "no such host" and "no address of that family". */
static int push_failure(lua_State *L, const Lookup *l)
{
  if (l->error == EAI_SYSTEM) return err_push(L, -l->system, "lookup %s", l->host);
  const char *name = name_of(l->error);
  bool unknown = strcmp(name, "EAI_NONAME") == 0 || strcmp(name, "EAI_NODATA") == 0;
  const char *text = reason(L, l->error);
  lua_pushnil(L);
  lua_pushfstring(L, "lookup %s: %s (%s)", l->host, text, name);
  lua_pushstring(L, unknown ? "ENOTFOUND" : name);
  return 3;
}

static void push_entry(lua_State *L, const struct sockaddr *address)
{
  lua_createtable(L, 0, 2);
  address_push(L, address);
  lua_pop(L, 2);
  lua_setfield(L, -2, "address");
  lua_pushinteger(L, address->sa_family == AF_INET6 ? 6 : 4);
  lua_setfield(L, -2, "family");
}

static int results(lua_State *L, Req *req)
{
  Lookup *l = (Lookup *)req;
  if (l->error) return push_failure(L, l);
  int n = 0;
  lua_newtable(L);
  for (struct addrinfo *a = l->found; a; a = a->ai_next) {
    if (a->ai_family != AF_INET && a->ai_family != AF_INET6) continue;
    push_entry(L, a->ai_addr);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

static const ReqType lookup_type = {"the addresses of a host", work, results, release};

static int family_of(lua_State *L, int arg)
{
  lua_Integer family = luaL_checkinteger(L, arg);
  return family == 6 ? AF_INET6 : family == 4 ? AF_INET : AF_UNSPEC;
}

/* search(host, family) -> list of {address, family} | nil, message, code; after turn() */
static int l_search(lua_State *L)
{
  const char *host = luaL_checkstring(L, 1);
  int family = family_of(L, 2);
  Lookup *l = req_new(L, sizeof *l, &lookup_type);
  l->family = family;
  l->host = strdup(host);
  if (l->host == NULL) return luaL_error(L, "not enough memory");
  l->counted = true;
  pool.running++;
  l->req.anywhere = true;
  return req_run(L, &l->req);
}

static void on_held(Deadline *d)
{
  (void)d; /* decades later: whoever waits goes on waiting */
}

static void on_line_changed(WaitList *line)
{
  if (line->head)
    deadline_arm(pool.rt, &pool.held, FAR_AWAY);
  else
    deadline_disarm(pool.rt, &pool.held);
}

static int try_turn(lua_State *L, void *object)
{
  (void)L;
  (void)object;
  return pool.running < pool.most ? 0 : WAIT_MORE;
}

/* turn(): waits until there is a thread for one lookup more */
static int l_turn(lua_State *L)
{
  if (!task_can_wait(L)) return 0;
  return task_wait(L, &(Wait){&pool.line, try_turn, NULL, -1, "other lookups", false});
}

/* numeric(host) -> address, 4 or 6 | nothing: no numeric address */
static int l_numeric(lua_State *L)
{
  struct sockaddr_storage address;
  if (address_at(L, 1, 0, &address) == 0) return 0;
  address_push(L, (struct sockaddr *)&address);
  lua_pop(L, 2);
  lua_pushinteger(L, address.ss_family == AF_INET6 ? 6 : 4);
  return 2;
}

int luaopen_procrun_core_lookup(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"search", l_search}, {"turn", l_turn}, {"numeric", l_numeric}, {NULL, NULL}};
  const char *threads = getenv("UV_THREADPOOL_SIZE"); /* as libuv reads it */
  pool.most = ((threads ? atoi(threads) : 4) + 1) / 2;
  if (pool.most < 1) pool.most = 1;
  pool.rt = rt_get(L);
  pool.line.changed = on_line_changed;
  pool.held.fire = on_held;
  luaL_newlib(L, functions);
  return 1;
}
