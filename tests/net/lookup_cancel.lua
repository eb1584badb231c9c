-- A lookup that hangs is left by timeout and cancel, leaves threads to others, and holds no exit.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

-- A getaddrinfo that answers names with "hang" when a line comes, or never.
local source = [[
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
  char c;
  if (!strstr(node, "hang")) return EAI_FAIL;
  int fd = open(getenv("GATE"), O_RDWR);
  if (read(fd, &c, 1) < 0) c = 0;
  close(fd);
  return EAI_AGAIN;
}
]]
local gate, library = check.tmp "gate", check.tmp "slow.so"
assert(os.execute(("mkfifo '%s'"):format(gate)))
check.write(check.tmp "slow.c", source)
local built = proc.run("cc", { "-shared", "-fPIC", "-o", library, check.tmp "slow.c", "-ldl" })
if not built.ok then
  print("skip: no library can be built here: " .. tostring(built.stderr))
  os.exit(77)
end

local file = check.write(check.tmp "script.lua", [[
local fs, net, task = require "procrun.fs", require "procrun.net", require "procrun.task"
local function show(...) print(select("#", ...), ...) end

show(net.lookup("some.host"))
show(net.lookup("hang.host", { timeout = 0.01 }))
local tasks = {}
for i = 1, 8 do tasks[i] = task.spawn(net.lookup, "hang" .. i) end
for _ = 1, 20 do assert(fs.stat("/").type == "directory") end -- the pool is not taken up
for _, t in ipairs(tasks) do
  t:cancel()
  show(t:wait())
end
-- the answers that nobody waits for any more make room
local gate = assert(fs.open(os.getenv "GATE", "r+"))
local last = task.spawn(net.lookup, "hang.again")
for _ = 1, 3 do assert(gate:write "x") end
gate:flush()
show(last:wait())
task.spawn(net.lookup, "hang.exit")
task.sleep(0)
os.exit(5)
]])
local result = proc.run(assert(os.getenv "PROCRUN"), { file }, { extend_env = {
  LD_PRELOAD = library, GATE = gate, ASAN_OPTIONS = "verify_asan_link_order=0:detect_leaks=0",
} })
check.eq(result.stderr, "")
local lines = result:lines()
check.eq(lines[1], "3\tnil\tlookup some.host: non-recoverable failure in name resolution (EAI_FAIL)"
  .. "\tEAI_FAIL")
check.eq(lines[2], "3\tnil\ttimeout\tETIMEDOUT")
for i = 3, 10 do check.has(lines[i], "ECANCELED") end
check.eq(lines[11], "3\tnil\tlookup hang.again: temporary failure in name resolution (EAI_AGAIN)"
  .. "\tEAI_AGAIN")
check.eq(result.code, 5)
