-- info: what a process is, whatever its name, arguments and state; nil, message, "ESRCH" if there
-- is none.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local me = assert(proc.info(process.pid))
check.eq(me.pid, process.pid)
check.eq(me.ppid, process.ppid)
check.eq(me.exe, process.exec_path)
check.eq(me.user or tostring(me.uid), proc.run("id", { "-un" }):text())
check.eq(me.gid, math.tointeger(proc.run("id", { "-g" }):text()))
assert(me.threads >= 1 and me.vsize >= me.rss and me.rss > 0 and me.peak_rss >= me.rss)
assert(me.state == "S" or me.state == "R") -- it waits for the answer
assert(me.cpu > 0 and me.started <= os.time() + 1 and me.seconds >= 0)

local dir <close> = assert(fs.temp_dir())
local odd = dir.path .. "/a) S\n(b"
assert(proc.run("cp", { proc.which("sleep"), odd }).ok)
local before = os.time()
local child <close> = assert(proc.spawn(odd, { 60, 0 }, { detached = true, argv0 = "my sleep" }))
local one = assert(proc.info(child.pid))
while one.name == me.name do one = assert(proc.info(child.pid)) end -- exec ends a little later
check.eq(one.name, "a) S\n(b")
check.eq(one.exe, odd)
check.eq(one.command, "'my sleep' 60 0")
check.values(one.argv, "my sleep", "60", "0")
check.eq(one.ppid, process.pid)
check.eq(one.pgid, child.pid)
check.eq(one.sid, child.pid)
check.eq(one.tty, nil) -- a session of its own has none
check.eq(one.threads, 1)
check.eq(#one.children, 0)
assert(one.started >= before - 2 and one.started <= os.time() + 2)
assert(one.seconds < 1000)
check.eq(assert(proc.info(child.pid)).started, one.started) -- with the pid it says who it is

-- one that has just become its program has its arguments
for _ = 1, 100 do
  local new <close> = assert(proc.spawn("sleep", { 60 }, { stdio = "ignore" }))
  check.eq(assert(proc.info(new.pid)).command, "sleep 60")
end

-- empty arguments, and blanks and newlines in them
local shell = assert(proc.spawn("sh", { "-c", "echo; read _; exit", "", "", "a b\n'c", "", "x" }))
shell.stdout:read("l")
one = assert(proc.info(shell.pid))
check.values(one.argv, "sh", "-c", "echo; read _; exit", "", "", "a b\n'c", "", "x")
check.eq(one.command, "sh -c 'echo; read _; exit' '' '' 'a b\n'\\''c' '' x")
shell.stdin:finish("\n")
assert(shell:wait().ok)

-- a program that has written a title over its arguments
local titled = assert(proc.spawn("python3", { "-c", [[
import ctypes, sys
lines = open('/proc/self/stat', 'rb').read().rsplit(b')', 1)[1].split()
first, last = int(lines[45]), int(lines[46])
ctypes.memset(first, 0, last - first)
ctypes.memmove(first, b'title: of mine', 14)
print(flush=True)
sys.stdin.read()]], ("x"):rep(100) }))
if titled.stdout:read("l") then
  one = assert(proc.info(titled.pid))
  check.values(one.argv, "title: of mine")
end
titled.stdin:close()
titled:wait()

-- a zombie, by a parent that does not reap
local parent <close> = assert(proc.spawn("sh", { "-c",
  "exec 3<&0; sh -c 'read _' <&3 & echo $!; exec sleep 60" }))
local dead = math.tointeger(parent.stdout:read("l"))
while assert(proc.info(parent.pid)).name ~= "sleep" do task.yield() end
parent.stdin:close()
repeat
  one = assert(proc.info(dead))
  task.yield()
until one.state == "Z"
check.eq(one.state_name, "zombie")
check.eq(#one.argv, 0)
check.eq(one.command, "[sh]")
check.eq(one.exe, nil)
check.eq(one.rss, 0)
check.values(assert(proc.info(parent.pid)).children, dead)

local kernel = proc.info(2) -- hidden in a container
if kernel and kernel.name == "kthreadd" then
  check.eq(#kernel.argv, 0)
  check.eq(kernel.command, "[kthreadd]")
  check.eq(kernel.exe, nil)
end

local nice = assert(proc.spawn("nice", { "-n", 5, "sh", "-c", "echo; read _" }))
nice.stdout:read("l")
local was = me.nice
check.eq(assert(proc.info(nice.pid)).nice, math.min(was + 5, 19))
nice.stdin:close()
nice:wait()
local message = select(2, proc.info(nice.pid))
check.values(table.pack(proc.info(nice.pid)), nil, message, "ESRCH")
check.eq(message, ("info: process %d: no such process"):format(nice.pid))
for _, pid in ipairs { 0, -1, math.mininteger, math.maxinteger, 1 << 31, 1 << 32 | 1 } do
  check.eq(select(3, proc.info(pid)), "ESRCH", pid)
  check.has(select(2, proc.info(pid)), ("info: process %d: "):format(pid))
end

-- a thread is no process: the pool's are seen under /proc, too
for _, thread in ipairs(assert(fs.readdir("/proc/self/task"))) do
  local id = math.tointeger(thread)
  if id ~= process.pid then check.eq(select(3, proc.info(id)), "ESRCH") end
end

for _, wrong in ipairs { "1", 1.5, {}, true, print } do
  local text = check.raises("number of a process expected, got", function()
    proc.info(wrong)
  end)
  check.has(text, "monitor_info.lua")
end
check.raises("got nil", proc.info)
