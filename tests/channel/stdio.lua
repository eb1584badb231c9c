-- channel = 'stdio': JSON lines over standard input and output, with a program in any language.
-- requires: python3
local check = require "tests.lib.check"
local proc = require "proc"
local task = require "task"
local worker = require "tests.lib.worker"

-- sh
local child = assert(proc.spawn("sh", { "-c", [[
while read -r line; do echo "{\"got\":$line}"; done
echo '"bye"'
]] }, { channel = "stdio" }))
assert(child.connected and not child.stdin and not child.stdout)
child:send { 1, 2 }
check.eq(child:receive(20).got[2], 2)
local log = worker.record(child)
child:on("message", function(m) log.last = m end)
child:disconnect()
assert(log.done:wait(20))
check.eq(log.last, "bye")
check.eq(table.concat(log, " "), "disconnect exit close")

-- python, both ways at once, much more than a pipe holds
child = assert(proc.spawn("python3", { "-c", [[
import sys, json
for line in sys.stdin:
  m = json.loads(line)
  print(json.dumps({"n": m["n"] + 1, "text": m["text"]}), flush=True)
]] }, { channel = "stdio" }))
local feeder = task.spawn(function()
  for i = 1, 2000 do assert(child:send { n = i, text = ("ü"):rep(500) }) end
  child:disconnect()
end)
local n = 0
for m in child:messages() do
  n = n + 1
  check.eq(m.n, n + 1)
end
feeder:wait()
check.eq(n, 2000)
assert(child:wait(20).ok)

-- a program that only writes, one that only reads, one that stops reading
child = assert(proc.spawn("seq", { 5000 }, { channel = "stdio" }))
n = 0
for m in child:messages() do n = n + m end
check.eq(n, 5000 * 5001 // 2)
assert(child:wait(20).ok)
local file = check.tmp "lines"
child = assert(proc.spawn("sh", { "-c", "exec cat >" .. file .. " 2>&1" }, { channel = "stdio" }))
for i = 1, 30000 do child:send(i) end
child:disconnect()
assert(child:wait(20).ok)
check.eq(select(2, check.read(file):gsub("\n", "\n")), 30000)
child = assert(proc.spawn("sh", { "-c", "exec <&-; echo '\"deaf\"'; sleep 0.1; echo 2" },
  { channel = "stdio" }))
check.eq(child:receive(20), "deaf")
repeat local ok, _, code = child:send "x" until not ok and code == "EPIPE"
check.eq(child:receive(20), 2)
child:wait(20)

-- lines that are no JSON are errors, not ends
child = assert(proc.spawn("sh", { "-c", "echo hello; echo 1" }, { channel = "stdio" }))
log = worker.record(child)
check.eq(child:receive(20), 1)
assert(log.done:wait(20))
check.eq(#log.errors, 1)

-- a procrun child: print goes to standard error, the rest is as with any channel
child = worker.fork([[
print(arg[1], process.connected)
io.write("written\n")
assert(io.read() == nil)
for m in process:messages() do process.send(m) end
]], { "arguments" }, { channel = "stdio", stderr = "pipe" })
for i = 1, 1000 do
  child:send { i }
  check.eq(child:receive(20)[1], i)
end
check.eq(child.stderr:read "l", "arguments\ttrue")
child:disconnect()
check.eq(child.stderr:read "a", "written\n")
assert(child:wait(20).ok)

-- through a launcher; 20,000 messages and an exit
child = worker.fork("for i = 1, 20000 do process.send(i) end os.exit(5)", {}, {
  channel = "stdio", exec_path = { "env", "A=1", os.getenv "PROCRUN" },
})
log, n = worker.record(child), 0
child:on("message", function(m)
  n = n + 1
  check.eq(m, n)
end)
assert(log.done:wait(20))
check.eq(n, 20000)
check.eq(table.concat(log, " "), "disconnect exit close")

-- by hand, in a shell's pipeline; its descriptors stay blocking for the others
local r = proc.run("sh", { "-c", ([[
(printf '1\n2\n'; sleep 0.1; printf '3\n') | { %s --channel=stdio %s; echo after; } | cat
]]):format(os.getenv "PROCRUN", worker.file [[
for m in process:messages() do process.send(m * 2) end
]]) })
check.eq(r.stdout, "2\n4\n6\nafter\n")

-- misuse
check.raises("takes stdin and stdout for itself", proc.spawn, "cat", {},
  { channel = "stdio", stdin = "ignore" })
check.raises("channel", proc.spawn, "cat", {}, { channel = "pigeon" })

-- what cannot be waited for is refused, and the message says what to do
local sends = worker.file "process.send(1)"
for line, wanted in pairs {
  [": | %s --channel=stdio %s > " .. check.tmp "out"] =
    "its output is a regular file, which cannot be waited for (put a pipe between: `| cat > file`)",
  ["%s --channel=stdio %s < " .. sends .. " | cat"] =
    "its input is a regular file, which cannot be waited for (put a pipe between: `cat file |`)",
  ["%s --channel=stdio %s < /dev/null | cat"] = "its input is a device, which",
} do
  check.has(proc.run("sh", { "-c", line:format(os.getenv "PROCRUN", sends) }).stderr, wanted)
end
