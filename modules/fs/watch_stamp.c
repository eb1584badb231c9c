/* watch_stamp.c - what stands at many paths, as numbers that change when it does: core.stamps{…}
   The low four bits are those of its type. */
#include <string.h>

#include "modules/fs/fs.h"
#include "modules/fs/walk.h"
#include "runtime/err.h"

typedef struct StampReq {
  Req req;
  Buf paths, stamps;
  bool failed;
} StampReq;

static void work(Req *req)
{
  StampReq *r = (StampReq *)req;
  mode_t type;
  for (const char *p = r->paths.data, *end = p + r->paths.tail; p < end; p += strlen(p) + 1) {
    int64_t stamp = walk_stamp(p, &type);
    if (!buf_append(&r->stamps, &stamp, sizeof stamp)) r->failed = true;
    if (req_is_dropped(req)) return;
  }
}

static int results(lua_State *L, Req *req)
{
  StampReq *r = (StampReq *)req;
  size_t n = r->stamps.tail / sizeof(int64_t);
  if (r->failed) return err_push(L, UV_ENOMEM, NULL);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    int64_t stamp;
    memcpy(&stamp, r->stamps.data + i * sizeof stamp, sizeof stamp);
    lua_pushinteger(L, stamp);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static void release(Req *req)
{
  StampReq *r = (StampReq *)req;
  buf_free(&r->paths);
  buf_free(&r->stamps);
}

static const ReqType stamp_type = {"the file system", work, results, release};

/* stamps(paths) -> integers; 0: nothing is there */
static int l_stamps(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  StampReq *r = req_new(L, sizeof *r, &stamp_type);
  lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
  for (lua_Integer i = 1; i <= count; i++, lua_pop(L, 1)) {
    size_t size;
    lua_rawgeti(L, 1, i);
    const char *path = luaL_checklstring(L, -1, &size);
    if (!buf_append(&r->paths, path, size + 1)) return luaL_error(L, "not enough memory");
  }
  return req_run(L, &r->req);
}

const luaL_Reg fs_stamp_functions[] = {{"stamps", l_stamps}, {NULL, NULL}};
