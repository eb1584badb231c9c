-- System calls of a channel that are interrupted, or find the kernel full or empty, lose nothing.
-- requires: strace
-- build: no-sanitize
-- timeout: 120
local check = require "tests.lib.check"
local proc = require "proc"
local worker = require "tests.lib.worker"

local source = worker.file [[
local sum = 0
for i = 1, 2000 do process.send {i, ("x"):rep(300)} end
for m in process:messages() do
  sum = sum + m
  if m == 2000 then break end
end
process.send(sum)
]]
for _, fault in ipairs {
  "sendto:error=EINTR:when=2+2", "sendto:error=EAGAIN:when=1+2", "recvmsg:error=EINTR:when=1+2",
  "recvmsg:error=EAGAIN:when=1+2", "recvmsg:error=ECONNRESET:when=2+3",
} do
  local trace = check.tmp "trace"
  local strace = { "strace", "-qq", "-o", trace, "-e", "inject=" .. fault }
  strace[#strace + 1] = os.getenv "PROCRUN"
  local child = assert(proc.fork(source, {}, { exec_path = strace }))
  for i = 1, 2000 do check.eq(child:receive(60)[1], i) end
  for i = 1, 2000 do assert(child:send(i)) end
  check.eq(child:receive(60), 2000 * 2001 // 2, fault)
  check.eq(child:wait(60).code, 0)
  assert(select(2, check.read(trace):gsub("INJECTED", "")) > 0, fault)
end

-- a send that fails is told to who sent: nothing more goes, but what comes is still read
local child = assert(proc.fork(worker.file [[
assert(process.receive() == "go")
local ok, _, code = process.send "lost"
assert(not ok and code == "EPIPE")
local again, _, code_again = process.send "lost, too"
assert(not again and code_again == "EPIPE")
assert(process.receive() == "last")
os.exit(8)
]], {}, {
  exec_path = {
    "strace", "-qq", "-o", "/dev/null", "-e", "inject=sendto:error=EPIPE", os.getenv "PROCRUN",
  },
}))
child:send "go"
child:send "last"
check.eq(child:wait(60).code, 8)
