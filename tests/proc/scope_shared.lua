-- scope where threads cannot have directories of their own (the kernel refuses unshare, as many
-- containers have it): the same results.
local c_module = require "tests.lib.c_module"
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local root = fs.realpath(check.tmp "")
local cpath = package.cpath
c_module.build(root, "refuse", [[
#include <errno.h>
#include <lauxlib.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int luaopen_refuse(lua_State *L)
{
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  lua_pushboolean(L, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
  return 1;
}
]])
if not require "refuse" then
  print "skip: seccomp is not available here"
  os.exit(77)
end
package.cpath = cpath

dofile "tests/fs/scope_later.lua"
process.chdir(os.getenv "PWD")
dofile "tests/fs/scope.lua"

local proc = require "procrun.proc"
local task = require "procrun.task"
local status = fs.read "/proc/self/status"
check.eq(tonumber(status:match "Seccomp:%s*(%d+)"), 2)

-- Requests without a scope beside tasks that are in one, and cancelled ones.
for i = 1, 8 do fs.mkdir_p(("%s/t%d/%d"):format(root, i, i)) end
process.chdir(root)
local jobs = {}
for i = 1, 8 do
  jobs[#jobs + 1] = function()
    for _ = 1, 30 do
      check.eq(fs.is_dir(("t%d/%d"):format(i, i)), true)
      task.timeout(0, fs.tree_size, "t" .. i)
    end
  end
  jobs[#jobs + 1] = function()
    for _ = 1, 30 do
      local _ <close> = assert(proc.scope { cwd = root .. "/t" .. i })
      check.eq(fs.is_dir(tostring(i)), true)
      task.timeout(0, fs.copy_tree, ".", "copy")
      task.sleep(0)
      check.eq(fs.is_dir(tostring(i)), true)
      check.eq(process.cwd(), root .. "/t" .. i)
    end
  end
end
task.all(jobs)
