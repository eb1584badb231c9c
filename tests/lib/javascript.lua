-- javascript.lua - what works with every relative of Node, in both roles: Bun, Deno.
-- javascript.check("bun", integer), javascript.handles("bun"): skip the test where the peer is not.

local check = require "tests.lib.check"
local json = require "procrun.json"
local net = require "procrun.net"
local peers = require "tests.lib.peers"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local M = {}

local N <const>, MANY <const> = 20000, 100000

local function values(name, wanted)
  local child = peers.fork(name, [[
    process.on('message', (m) => {
      process.send(m && m.number ? `${typeof m.number} ${m.number}` : m);
    });]])
  for _, value in ipairs { "", "ü€\u{1F600}", "a\0b\u{2028}\u{FEFF}\n", 0, -1, 9007199254740991,
    0.1, 1e300, true, false, json.null, ("x"):rep(10 << 20), ("ü€\u{1F600}\0"):rep(1 << 20) } do
    assert(child:send(value))
    check.eq(child:receive(60), value)
  end
  for _, text in ipairs { "[]", "{}", '[1,[2,{"a":[null]}]]', '{"a":{"b":[1.5,"x"]}}' } do
    assert(child:send(json.decode(text)))
    check.eq(json.encode(child:receive(60)), text)
  end
  assert(child:send { number = 9007199254740993 })
  check.eq(child:receive(60), wanted)
  child:disconnect()
  check.eq(child:wait(60).code, 0)
end

local function flood(name)
  local child = peers.fork(name, [[
    const N = 100000;
    let n = 0;
    process.on('message', (m) => {
      if (m.id !== ++n || m.text !== '€\0') throw new Error(`message ${n}`);
      if (n === N) process.send({ last: n }, () => process.disconnect());
    });
    for (let i = 1; i <= N; i++) process.send({ id: i, text: '€\0' });]])
  local log, n, last = worker.record(child), 0, nil
  child:on("message", function(m)
    if m.last then
      last = m.last
      return
    end
    n = n + 1
    if m.id ~= n or m.text ~= "€\0" then error("message " .. n) end
  end)
  task.spawn(function()
    for i = 1, MANY do assert(child:send { id = i, text = "€\0" }) end
  end)
  assert(log.done:wait(120))
  check.eq(n, MANY)
  check.eq(last, MANY)
  check.eq(table.concat(log, " "), "disconnect exit close")
end

local function ends(name)
  local child = peers.fork(name, [[
    let n = 0;
    process.on('message', (m) => { if (m !== ++n) throw new Error(`message ${n}`); });
    process.on('disconnect', () => {
      process.exitCode = n === 20000 && !process.connected ? 4 : 1;
    });]])
  local log = worker.record(child)
  for i = 1, N do assert(child:send(i)) end
  child:disconnect()
  assert(log.done:wait(60))
  check.eq(table.concat(log, " "), "disconnect exit close")
  check.eq(child.result.code, 4)

  for _, source in ipairs {
    "for (let i = 1; i < 20000; i++) process.send(i); "
      .. "process.send(20000, () => process.disconnect());",
    "for (let i = 1; i <= 20000; i++) process.send(i);",
  } do
    child = peers.fork(name, source)
    log = worker.record(child)
    local n = 0
    child:on("message", function(m)
      n = n + 1
      check.eq(m, n)
    end)
    assert(log.done:wait(60))
    check.eq(n, N)
    check.eq(table.concat(log, " "), "disconnect exit close")
    check.eq(child.result.code, 0)
  end
end

local function kill(name)
  local child = peers.fork(name, [[
    process.on('message', () => {});
    const more = () => { for (let i = 0; i < 50; i++) process.send('x'); setImmediate(more); };
    more();]])
  local log, n = worker.record(child), 0
  local sender = task.spawn(function()
    while child:send(("y"):rep(100)) do end
    return "ended"
  end)
  child:on("message", function()
    n = n + 1
    if n == 1000 then child:kill "SIGKILL" end
  end)
  assert(log.done:wait(60))
  check.eq(table.concat(log, " "), "disconnect exit close")
  check.eq(child.result.signal, "SIGKILL")
  check.eq(sender:wait(60), "ended")
end

local function internal(name)
  local child = peers.fork(name, [[
    process.on('internalMessage', (m) => process.send(`internal ${m.cmd}`));
    process.on('message', (m) => process.send(`message ${m.cmd}`));
    process.send({ cmd: 'NODE_X' });]])
  local heard = task.event()
  child:on("internal_message", function(m)
    check.eq(m.cmd, "NODE_X")
    heard:set()
  end)
  assert(heard:wait(60))
  child:remove_all_listeners()
  assert(child:send { cmd = "NODE_Y" })
  assert(child:send { cmd = "node_x" })
  check.eq(child:receive(60), "internal NODE_Y")
  check.eq(child:receive(60), "message node_x")
  child:disconnect()
  check.eq(child:wait(60).code, 0)
end

-- Our workers under it. Its own order of `disconnect` and `exit` is not looked at.
local PARENT <const> = [==[
const N = 20000, MANY = 100000;
const counted = async (c, code) => {
  const end = ended(c);
  let n = 0;
  c.on('message', (m) => assert.strictEqual(m, ++n));
  assert.strictEqual((await end).code, code);
  assert.strictEqual(n, N);
};
main(async () => {
  let c = start('process.on("message", function(m) process.send(m) end)');
  let end = ended(c, 'exit');
  for (const value of ['', 'ü€\u{1F600}\0\u2028', 0, -1, 2 ** 53 - 1, 0.1, true, false, null, [],
    {}, [1, [2, { a: [null] }]], 'x'.repeat(1e7), '€\u{1F600}'.repeat(1e6)]) {
    const answer = next(c);
    c.send(value);
    assert.deepStrictEqual(await answer, value);
  }
  c.disconnect();
  assert.strictEqual((await end).code, 0);

  const SEND = 'for i = 1, 20000 do process.send(i) end ';
  await counted(start(SEND + 'os.exit(3)'), 3);
  await counted(start(SEND + 'process.disconnect()'), 0);
  await counted(start(SEND), 0);

  c = start(`
    local n = 0
    process.on("message", function(m) n = n + 1 assert(m == n) end)
    process.on("disconnect", function() os.exit(n == 20000 and 8 or 1) end)`);
  end = ended(c, 'exit');
  for (let i = 1; i < N; i++) c.send(i);
  c.send(N, () => c.disconnect());
  assert.strictEqual((await end).code, 8);

  c = start(`
    local task, n = require "task", 0
    local sender = task.spawn(function()
      for i = 1, 100000 do assert(process.send {id = i, text = "€\\0"}) end
    end)
    for m in process:messages() do
      n = n + 1
      if m.id ~= n or m.text ~= "€\\0" then error("message " .. n) end
      if n == 100000 then break end
    end
    sender:wait()
    process.send {last = n}`);
  end = ended(c);
  let n = 0, last;
  c.on('message', (m) => {
    if (m.last) last = m.last;
    else assert.ok(m.id === ++n && m.text === '€\0');
  });
  for (let i = 1; i <= MANY; i++) c.send({ id: i, text: '€\0' });
  assert.strictEqual((await end).code, 0);
  assert.strictEqual(n, MANY);
  assert.strictEqual(last, MANY);

  c = start(`
    local text = ("x"):rep(100) -- of very short ones Deno dispatches none while more come
    require "task".spawn(function() while process.send(text) do end end)
    process.on("message", function() end)`);
  end = ended(c);
  c.on('error', () => {});
  n = 0;
  c.on('message', () => {
    if (c.connected && !c.killed) c.send('y'.repeat(100), () => {});
    if (++n === 1000) c.kill('SIGKILL');
  });
  assert.strictEqual((await end).signal, 'SIGKILL');

  c = start('print "out" process.send {args = {...}, env = os.getenv "GREETING", E = E}',
    ['a', 'b c'],
    { silent: true, execArgv: ['-e', 'E = 1'], env: { ...process.env, GREETING: 'hä' } });
  end = ended(c);
  let out = '';
  c.stdout.on('data', (data) => { out += data; });
  c.stderr.on('data', (data) => { out += data; });
  assert.deepStrictEqual(await next(c), { args: ['a', 'b c'], env: 'hä', E: 1 });
  assert.strictEqual((await end).code, 0);
  assert.strictEqual(out, 'out\n');
});
]==]

--- check(name, integer): integer is what the peer makes of 2^53 + 1
function M.check(name, integer)
  values(name, integer)
  flood(name)
  ends(name)
  kill(name)
  internal(name)
  peers.expect_ok(peers.parent(name, PARENT))
end

--- handles(name): a server is shared with a child, and a socket comes back from it
function M.handles(name)
  local child = peers.fork(name, [[
  process.on('message', (m, handle) => {
    if (m === 'server') {
      handle.on('connection', (s) => s.end('accepted there\n'));
      process.send('have it');
    } else if (m === 'socket') {
      process.send('back', handle);
    } else {
      process.send([m, handle === undefined || handle === null]);
    }
  });
  ]])
  local server = assert(net.listen { host = "127.0.0.1", port = 0 })
  local port = server:address().port
  assert(child:send("server", server))
  assert(child:send "behind")
  check.eq(child:receive(60), "have it")
  local plain = child:receive(60)
  check.eq(plain[1], "behind")
  check.eq(plain[2], true)
  server:close()
  local client = assert(net.connect(port, "127.0.0.1"))
  check.eq(client:read "l", "accepted there")
  client:close()

  server = assert(net.listen { host = "127.0.0.1", port = 0 })
  client = assert(net.connect(server:address().port, "127.0.0.1"))
  assert(child:send("socket", assert(server:accept())))
  local m, socket = child:receive(60)
  check.eq(m, "back")
  assert(socket:write "here again\n")
  check.eq(client:read "l", "here again")
  assert(client:write "and there\n")
  check.eq(socket:read "l", "and there")
  socket:close()
  client:close()
  server:close()
  child:kill "SIGKILL"
  check.eq(child:wait(60).signal, "SIGKILL")
end

return M
