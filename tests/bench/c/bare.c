/* bare.c - Lua and libuv, and nothing else: what a program made of the two costs at least. With a
   descriptor as its argument it answers each line that comes there with the same line, until the
   end; without one it ends at once. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdlib.h>
#include <uv.h>

static uv_pipe_t channel;
static char line[4096];

static void on_alloc(uv_handle_t *h, size_t size, uv_buf_t *buf)
{
  (void)h, (void)size;
  *buf = uv_buf_init(line, sizeof line);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
  if (n < 0) {
    uv_close((uv_handle_t *)s, NULL);
    return;
  }
  uv_buf_t out = uv_buf_init(buf->base, (unsigned)n);
  if (n > 0 && uv_try_write(s, &out, 1) != n) abort();
}

int main(int argc, char **argv)
{
  uv_loop_t loop;
  lua_State *L = luaL_newstate();
  if (L == NULL || uv_loop_init(&loop) != 0) return 1;
  luaL_openlibs(L);
  if (argc > 1) {
    if (uv_pipe_init(&loop, &channel, 0) != 0) return 1;
    if (uv_pipe_open(&channel, atoi(argv[1])) != 0) return 1;
    uv_read_start((uv_stream_t *)&channel, on_alloc, on_read);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  lua_close(L);
  return uv_loop_close(&loop);
}
