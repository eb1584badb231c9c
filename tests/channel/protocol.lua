-- What is no message is an `error` event and the next good line is delivered; nothing crashes.
-- requires: python3
local check = require "tests.lib.check"
local task = require "task"
local worker = require "tests.lib.worker"

local function run(child)
  local log, got = worker.record(child), {}
  child:on("message", function(m) got[#got + 1] = m end)
  assert(log.done:wait(20))
  check.eq(table.concat(log, " "), "disconnect exit close")
  return got, log.errors
end

-- lines that end in CR LF, blank ones, blanks around a value, a message in pieces, the tail of one
local got, errors = run(worker.python [[
s.sendall(b'1\r\n\n \t\r\n  [2] \n"thr')
time.sleep(0.02)
s.sendall(b'ee"\n{"cut off":')
]])
check.eq(#got, 3)
check.eq(got[1], 1)
check.eq(got[2][1], 2)
check.eq(got[3], "three")
check.eq(#errors, 1)
check.eq(errors[1].code, "EPROTO")
check.has(errors[1], "the channel ended in the middle of a message (11 bytes)")

-- blanks behind the last line are nothing
got, errors = run(worker.python "s.sendall(b'1\\n \\t\\r')")
check.eq(#got, 1)
check.eq(#errors, 0)

-- what is wrong is told in its place
local order = {}
local mixed = worker.python([[
s.sendall(b'1\n' + b'y' * 200)
time.sleep(0.02)
s.sendall(b'y' * 200)
time.sleep(0.02)
s.sendall(b'y\n2\n{\n3\n"' + b'x' * 200 + b'"\n4\n[5')
]], { max_message = 100 })
for _, name in ipairs { "message", "error", "disconnect", "close" } do
  mixed:on(name, function(value)
    order[#order + 1] = name == "message" and value or name == "error" and value.code or name
  end)
end
mixed:wait(20)
while order[#order] ~= "close" do task.sleep(0.001) end
check.eq(table.concat(order, " "), "1 EMSGSIZE 2 EPROTO 3 EMSGSIZE 4 EPROTO disconnect close")

-- malformed ones
got, errors = run(worker.python [[
s.sendall(b'{"a":}\n1\nundefined\n"\xff"\n\xef\xbb\xbf2\n"raw \x01"\n[1,]\nNaN\n')
s.sendall(b'[' * 100000 + b'\n3\n')
]])
check.eq(table.concat(got, " "), "1 3")
check.eq(#errors, 8)
for _, err in ipairs(errors) do
  check.eq(err.code, "EPROTO")
  check.has(err, "the channel to child ")
  check.has(err, ": a malformed message was dropped: ")
end

-- too long, whether it comes at once or in pieces
got, errors = run(worker.python([[
s.sendall(b'"before"\n"' + b'x'*99 + b'"\n"' + b'x'*98 + b'"\n')
for i in range(20):
  s.sendall(b'y' * 30000)
s.sendall(b'\n"between"\n')
]], { max_message = 100 }))
check.eq(#got, 3)
check.eq(got[2], ("x"):rep(98))
check.eq(got[3], "between")
check.eq(#errors, 2)
check.eq(errors[1].code, "EMSGSIZE")
check.has(errors[1], "longer than max_message (100 bytes)")

-- descriptors that no message claims are closed
local function descriptors()
  local n = 0
  for _ in pairs(require("fs").readdir("/proc/self/fd")) do n = n + 1 end
  return n
end
local before = descriptors()
got, errors = run(worker.python [[
socket.send_fds(s, [b'"with one"\n'], [0])
for i in range(50):
  socket.send_fds(s, [b'%d\n' % i], [0] * 60)
]])
check.eq(#got, 51)
check.eq(got[51], 49)
check.eq(errors[1].code, "EPROTO")
check.has(errors[1], "a descriptor came that no message claims")
assert(#errors <= 51)
check.eq(descriptors(), before)

-- a handle without its descriptor, then one that is no socket; answers to nothing
got, errors = run(worker.python [[
s.sendall(b'{"cmd":"NODE_HANDLE","type":"net.Server","msg":1}\n')
assert s.recv(100) == b'{"cmd":"NODE_HANDLE_NACK"}\n'
again = b'{"cmd":"NODE_HANDLE","type":"net.Native","msg":{"cmd":"NODE_HANDLE","msg":1}}\n'
socket.send_fds(s, [again], [0])
assert s.recv(100) == b'{"cmd":"NODE_HANDLE_NACK"}\n'
s.sendall(b'{"cmd":"NODE_HANDLE_ACK"}\n{"cmd":"NODE_HANDLE_NACK"}\n{"cmd":"NODE_"}\n')
]])
check.eq(#got, 1)
check.eq(got[1].cmd, "NODE_")
check.eq(#errors, 2)
check.eq(errors[1].code, "EPROTO")
check.eq(errors[2].code, "ENOTSUP")
check.has(errors[2], "a device came as a handle; it was refused")

-- other internal messages
local child = worker.python [[s.sendall(b'{"cmd":"NODE_X","n":1}\n{"cmd":"NODE_Y"}\n2\n')]]
local internal = {}
child:on("internal_message", function(m) internal[#internal + 1] = m.cmd end)
got = run(child)
check.eq(table.concat(internal, " "), "NODE_X NODE_Y")
check.eq(got[1], 2)

-- with nobody to hear them, errors are one warning
local result = check.run [[
local worker = require "tests.lib.worker"
local child = worker.sh "printf '{\n}\n1\n' >&3"
print(child:receive())
print(child:receive())
child:wait()
]]
check.eq(result.code, 0)
check.eq(result.out, "1\nnil\tdisconnected\tEPIPE\n")
local _, warnings = result.err:gsub("a malformed message was dropped", "")
check.eq(warnings, 1)
