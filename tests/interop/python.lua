-- A Python program at the other end: the socket of descriptor 3, json.dumps and json.loads.
-- requires: python3
-- timeout: 120
local check = require "tests.lib.check"
local json = require "procrun.json"
local proc = require "procrun.proc"
local worker = require "tests.lib.worker"

local ECHO <const> = [[
import json
f = s.makefile('rw', encoding='utf-8', newline='\n')
for line in f:
    m = json.loads(line)
    f.write(json.dumps(m, ensure_ascii=False) + '\n')
    f.flush()
]]
local child = worker.python(ECHO)
for _, value in ipairs { "", "ü€\u{1F600}", "a\0b\u{2028}\n", 9007199254740993, math.maxinteger,
  math.mininteger, 1.0, 0.1, -0.0, 1e300, 5e-324, true, false, json.null } do
  assert(child:send(value))
  check.eq(child:receive(60), value)
end
for _, text in ipairs { "[]", "{}", "[[],{},[null]]", '{"a":{"b":[1,2.5,"x"]}}' } do
  assert(child:send(json.decode(text)))
  check.eq(json.encode(child:receive(60)), text)
end
local big = ("ü0123456789\0"):rep(10 * 1024 * 1024 // 13)
assert(child:send(big))
check.eq(child:receive(60) == big, true)
child:disconnect()
check.eq(child:wait(60).code, 0)

-- What Python writes and JSON does not know is an error event; escapes are understood.
child = worker.python [[
import json
f = s.makefile('w', encoding='utf-8', newline='\n')
for m in ['ü€😀\0', '\ud83d', float('nan'), 2 ** 70, -2 ** 63, 'last']:
    f.write(json.dumps(m) + '\n')
f.flush()
]]
local errors = {}
child:on("error", function(err) errors[#errors + 1] = err.code end)
local got = {}
for m in child:messages() do got[#got + 1] = m end
check.eq(#got, 5)
check.eq(got[1], "ü€\u{1F600}\0")
check.eq(got[2], "\u{FFFD}")
check.eq(got[3], 2.0 ^ 70)
check.eq(got[4], math.mininteger)
check.eq(got[5], "last")
check.eq(table.concat(errors, " "), "EPROTO")

-- 100,000 each way.
local N <const> = 100000
child = worker.python [[
import json, threading
def send():
    out = s.makefile('w', encoding='utf-8', newline='\n')
    for i in range(1, 100001): out.write('{"id":%d,"text":"\\u20ac"}\n' % i)
    out.flush()
t = threading.Thread(target=send)
t.start()
n = 0
for line in s.makefile('r', encoding='utf-8', newline='\n'):
    n += 1
    if json.loads(line) != {'id': n, 'text': '€'}: sys.exit(1)
    if n == 100000: break
t.join()
s.sendall(b'"all"\n')
sys.exit(4)
]]
require "procrun.task".spawn(function()
  for i = 1, N do assert(child:send { id = i, text = "€" }) end
end)
local n = 0
for m in child:messages() do
  if m ~= "all" then
    n = n + 1
    if m.id ~= n or m.text ~= "€" then error("message " .. n) end
  end
end
check.eq(n, N)
check.eq(child:wait(60).code, 4)

-- Python forks a worker of ours: a socketpair, and its number in the environment. What was sent
-- before the end is still answered.
local r = proc.run("python3", { "-c", [==[
import json, os, socket, subprocess, sys
ours, theirs = socket.socketpair()
worker = subprocess.Popen([os.environ['PROCRUN'], sys.argv[1]], pass_fds=[theirs.fileno()],
    env={**os.environ, 'NODE_CHANNEL_FD': str(theirs.fileno())})
theirs.close()
f = ours.makefile('rw', encoding='utf-8', newline='\n')
messages = ['a', {'b': [1, None]}, 2 ** 53 + 1, 'ü\0', 0.5, True]
for m in messages:
    f.write(json.dumps(m) + '\n')
    f.flush()
    assert json.loads(f.readline()) == m, m
for i in range(10000): f.write('%d\n' % i)
f.flush()
ours.shutdown(socket.SHUT_WR)
for i in range(10000): assert f.readline() == '%d\n' % i, i
assert f.readline() == ''
assert worker.wait() == 6
print('ok')
]==], worker.file [[
for m in process:messages() do process.send(m) end
os.exit(6)
]] }, { timeout = 60 })
check.eq(r.stderr, "")
check.eq(r.stdout, "ok\n")
