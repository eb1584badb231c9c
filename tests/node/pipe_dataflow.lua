-- Programs joined by hand: streams piped into streams, and one stream for several children.
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"

-- cat | grep | wc through this process
local SIZE <const> = 1024 * 1024
local line = ("x"):rep(63) .. "\n"
local path = check.write(check.tmp "data", line:rep(SIZE // #line))
local cat = assert(proc.spawn("cat", { path }))
local grep = assert(proc.spawn("grep", { "x" }, { stdio = { "pipe", "pipe", "pipe" } }))
local wc = assert(proc.spawn("wc", { "-c" }))
cat.stdout:pipe(grep.stdin)
grep.stdout:pipe(wc.stdin)
check.eq(wc.stdout:read("n"), SIZE)
assert(cat:wait(20).ok and grep:wait(20).ok and wc:wait(20).ok)

-- by listeners: each gets what the one before it says
local echo = assert(proc.spawn("echo", { "hello\nnode\nand\nworld" }))
local o = assert(proc.spawn("grep", { "o" }))
local sed = assert(proc.spawn("sed", { "s/o/O/" }))
echo.stdout:on("data", function(chunk) o.stdin:write(chunk) end)
echo.stdout:on("end", function() o.stdin:finish() end)
o.stdout:on("data", function(chunk) sed.stdin:write(chunk) end)
o.stdout:on("end", function() sed.stdin:finish() end)
check.eq(sed.stdout:read("a"), "hellO\nnOde\nwOrld\n")

-- the outputs of two children are the input of a third
local all = assert(proc.spawn("sort"))
for _, word in ipairs { "one", "two" } do
  local child = assert(proc.spawn("echo", { word },
    { stdio = { "ignore", all.stdin, "inherit" }, keep_open = true }))
  assert(child:wait(20).ok)
end
all.stdin:close()
check.eq(all.stdout:read("a"), "one\ntwo\n")

-- more than the pipe takes, with an end at once: all of it arrives
local slow = assert(proc.spawn("sh", { "-c", "sleep 0.05; wc -c" }))
local writing = task.spawn(slow.stdin.finish, slow.stdin, ("y"):rep(3000000))
check.eq(slow.stdout:read("n"), 3000000)
assert(writing:wait())
