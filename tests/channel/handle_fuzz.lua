-- A peer that sends lines of the handle protocol, whole, cut, mutated, with descriptors of any kind
-- in any place: no crash, no descriptor is left, and the lines behind them still arrive.
-- requires: python3
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local PROGRAM <const> = [==[
import random, threading
random.seed(%d)
def drain():
  try:
    while s.recv(65536): pass
  except OSError: pass
threading.Thread(target=drain, daemon=True).start()
tcp = socket.socket(); tcp.bind(('127.0.0.1', 0)); tcp.listen()
bound = socket.socket(); bound.bind(('127.0.0.1', 0))
a, b = socket.socketpair()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(('127.0.0.1', 0))
seq = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)[0]
null = open('/dev/null', 'rb+', buffering=0)
r, w = os.pipe()
fds = [tcp.fileno(), bound.fileno(), a.fileno(), udp.fileno(), seq.fileno(), null.fileno(), r]
types = ['net.Server', 'net.Socket', 'net.Native', 'dgram.Socket', 'dgram.Native', 'x', '',
  'net.BoundSocket']
cmds = ['NODE_HANDLE'] * 8 + ['NODE_HANDLE_ACK', 'NODE_HANDLE_NACK', 'NODE_SOCKET_GET_COUNT',
  'NODE_SOCKET_COUNT', 'NODE_SOCKET_NOTIFY_CLOSE', 'NODE_SOCKET_ALL_CLOSED', 'NODE_CLUSTER', '']
import json
def value(depth=0):
  kind = random.randrange(8)
  if kind == 0: return line(depth + 1)
  return [1, 'text', None, True, [1, [2]], {'a': 1}, 'ü"\\', 1.5][kind]
def line(depth=0):
  pairs = [('cmd', random.choice(cmds)), ('type', random.choice(types))]
  pairs.append(('msg', value(depth) if depth < 4 else 0))
  if random.random() < 0.5: pairs.append(('key', random.choice(['4:127.0.0.1:0', 'k', '', 7])))
  if random.random() < 0.2: pairs.append(('count', random.choice([1, -1, 'x', 1e300])))
  if random.random() < 0.3: random.shuffle(pairs)
  if random.random() < 0.1: del pairs[random.randrange(len(pairs))]
  return dict(pairs)
def send(data, few):
  if few: socket.send_fds(s, [data], few)
  else: s.sendall(data)
for i in range(1500):
  data = json.dumps(line(), separators=(',', ':')).encode()
  if random.random() < 0.1:
    at = random.randrange(len(data))
    data = data[:at] + bytes([random.randrange(256)]) + data[at + random.randrange(3):]
  data += b'\n'
  count = random.choice([0, 1, 1, 1, 1, 2, 20])
  few = [random.choice(fds) for _ in range(count)]
  if random.random() < 0.3:
    at = random.randrange(len(data))
    first = few if random.random() < 0.5 else []
    if at: send(data[:at], first)
    send(data[at:], few if not first else [])
  else: send(data, few)
  if i %% 50 == 0: s.sendall(b'\n{"mark":%%d}\n' %% i)
s.sendall(b'\n{"mark":"end"}\n')
]==]

local function descriptors()
  collectgarbage()
  collectgarbage()
  task.sleep(0)
  return #fs.readdir "/proc/self/fd"
end

local function run(seed)
  local child = worker.python(PROGRAM:format(seed))
  child:on("error", function(err) assert(err.code) end)
  local marks, last = 0, nil
  child:on("internal_message", function(_, handle)
    if handle then handle:close() end
  end)
  for m, handle in child:messages() do
    if handle then handle:close() end
    if type(m) == "table" and m.mark then marks, last = marks + 1, m.mark end
    if marks % 3 == 1 then child:send(marks) end -- it may have gone by now
  end
  check.eq(last, "end")
  check.eq(marks, 31)
  child:wait()
end

net._kind(nil)
run(1)
local before = descriptors()
for seed = 2, 4 do run(seed) end
check.eq(descriptors(), before)
