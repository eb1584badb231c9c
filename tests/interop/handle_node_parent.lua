-- Handles between a Node parent and procrun workers: every kind there and back, one server for Node
-- and several workers, sockets counted, a worker without room (Node wraps its line then), order, a
-- disconnect and a kill in the middle.
-- requires: node>=20
-- timeout: 200
local peers = require "tests.lib.peers"

local source = [[
const net = require('net'), dgram = require('dgram');
process.on('warning', (w) => { throw w; });
const WORKER = `
local net = require "procrun.net"
local fs = require "procrun.fs"
local held, files = {}, {}
process:on("error", function(err)
  while #files > 0 do table.remove(files):close() end
  process:send {error = err.code}
end)
process:on("message", function(m, handle)
  local kind = net._kind(handle)
  if m == "many" or m == "shared" then
    if m == "many" then handle:close() else held.server = handle end
    process:send(m)
  elseif m == "accept" then
    local s = held.server:accept()
    s:write("by " .. process.pid .. "\\n")
    s:close()
  elseif m == "keep" then
    held[#held + 1] = handle
    process:send(#held)
  elseif m == "close" then
    table.remove(held):close()
    process:send(#held)
  elseif m == "fill" then
    repeat
      local file = io.open("/dev/null")
      files[#files + 1] = file
    until not file
    process:send "full"
  elseif m == "bye" then
    process:disconnect()
  elseif m == "count" then
    process:send(#fs.readdir "/proc/self/fd")
  elseif kind == "server" then
    local s = handle:accept()
    s:write "accepted by lua\\n"
    s:close()
    process:send({was = m, kind = kind}, handle)
    handle:close()
  elseif kind == "socket" then
    handle:write "written by lua\\n"
    process:send({was = m, kind = kind}, handle)
  elseif kind == "udp" then
    local bytes, from = handle:receive()
    handle:send("answered by lua", from.port, from.address)
    process:send({was = m, kind = kind}, handle)
    handle:close()
  else
    process:send {was = m, kind = "none"}
  end
end)
`;
const listen = (...place) => new Promise((ok) => {
  const server = net.createServer({ pauseOnConnect: true }).listen(...place, () => ok(server));
});
const connect = (server) => new Promise((ok) => {
  const a = server.address();
  const s = typeof a === 'string' ? net.connect(a) : net.connect(a.port, '127.0.0.1');
  s.once('connect', () => ok(s));
});
const text = (s) => new Promise((ok, fail) => {
  let all = '';
  s.setEncoding('utf8').on('data', (d) => { all += d; }).on('end', () => ok(all)).on('error', fail);
});
const message = (c) => new Promise((ok) => c.once('message', (m, handle) => ok([m, handle])));
const accepted = (server) => new Promise((ok) => server.once('connection', ok));
const pair = async (server) => {
  const there = accepted(server);
  const client = await connect(server);
  return [await there, client];
};

async function kinds(c, ...place) {
  let server = await listen(...place);
  let { port } = server.address();
  if (port === undefined) { // Node's close() unlinks the name
    port = `${DIR}/other`;
    fs.linkSync(place[0], port);
  }
  let answer = message(c);
  await new Promise((ok) => c.send('a server', server, ok));
  server.close(); // else Node may accept
  assert.strictEqual(await text(net.connect(port, '127.0.0.1')), 'accepted by lua\n');
  let [m, back] = await answer;
  assert.deepStrictEqual(m, { was: 'a server', kind: 'server' });
  assert(back instanceof net.Server);
  back.close();

  server = await listen(0, '127.0.0.1');
  const [socket, other] = await pair(server);
  answer = message(c);
  c.send('a socket', socket);
  [m, back] = await answer;
  assert.deepStrictEqual(m, { was: 'a socket', kind: 'socket' });
  assert(back instanceof net.Socket);
  back.end('written by node\n');
  assert.strictEqual(await text(other), 'written by lua\nwritten by node\n');
  server.close();
}

async function udp(c, type, host) {
  const ours = dgram.createSocket(type), client = dgram.createSocket(type);
  await new Promise((ok) => ours.bind(0, host, ok));
  const port = ours.address().port;
  const answer = message(c);
  await new Promise((ok) => c.send('udp', ours, ok));
  ours.close(); // else Node may take the datagram
  const told = new Promise((ok) => client.once('message', (bytes) => ok(String(bytes))));
  client.send('question', port, host);
  assert.strictEqual(await told, 'answered by lua');
  const [m, back] = await answer;
  assert.deepStrictEqual(m, { was: 'udp', kind: 'udp' });
  assert(back instanceof dgram.Socket);
  assert.strictEqual(back.address().port, port);
  back.close();
  client.close();
}

async function shared() {
  const server = net.createServer((s) => s.end('by node\n'));
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  const { port } = server.address();
  const workers = [start(WORKER), start(WORKER)];
  for (const c of workers) {
    const answer = next(c);
    c.send('shared', server);
    assert.strictEqual(await answer, 'shared');
  }
  assert.strictEqual(await text(net.connect(port, '127.0.0.1')), 'by node\n');
  await new Promise((ok) => server.close(ok)); // the workers go on
  for (let i = 0; i < 6; i++) {
    const c = workers[i % 2];
    c.send('accept');
    assert.strictEqual(await text(net.connect(port, '127.0.0.1')), `by ${c.pid}\n`);
  }
  for (const c of workers) { const end = ended(c, 'exit'); c.kill('SIGKILL'); await end; }
}

async function counts() {
  const c = start(WORKER), clients = [];
  const server = await listen(0, '127.0.0.1');
  for (let i = 1; i <= 3; i++) {
    const [socket, client] = await pair(server);
    clients.push(client);
    const answer = next(c);
    c.send('keep', socket);
    assert.strictEqual(await answer, i);
  }
  const count = () => new Promise((ok, fail) =>
    server.getConnections((err, n) => (err ? fail(err) : ok(n))));
  assert.strictEqual(await count(), 3);
  let closed = false;
  const end = new Promise((ok) => server.close(() => { closed = true; ok(); }));
  for (let i = 2; i >= 0; i--) {
    assert.strictEqual(closed, false);
    const answer = next(c);
    c.send('close');
    assert.strictEqual(await answer, i);
  }
  await end;
  clients.forEach((client) => client.destroy());
  c.disconnect();
}

async function many() {
  const c = start(WORKER);
  const server = await listen(0, '127.0.0.1');
  const asked = async () => { const answer = next(c); c.send('count'); return answer; };
  const before = await asked();
  let n = 0;
  const all = new Promise((ok) => c.on('message', (m) => {
    if (m === 'many') n++;
    if (m.was !== undefined) assert.strictEqual(m.was, n); // in its place among the handles
    if (m.was === 300) ok();
  }));
  for (let i = 1; i <= 300; i++) {
    c.send('many', server);
    c.send(i);
  }
  await all;
  assert.strictEqual(await asked(), before);
  server.close();
  const end = ended(c);
  c.send('bye');
  assert.strictEqual((await end).log, 'disconnect exit close');
}

// The worker refuses; Node sends its line wrapped in another one, at once, and wants one answer.
async function full() {
  const c = start(WORKER, [], {
    execPath: '/bin/sh', execArgv: ['-c', `ulimit -n 64; exec ${PROCRUN} "$0"`] });
  const server = await listen(0, '127.0.0.1');
  let got = message(c);
  const first = await pair(server);
  c.send('warm', first[0]);
  (await got)[1].destroy();
  got = next(c);
  c.send('fill');
  assert.strictEqual(await got, 'full');
  const [socket, client] = await pair(server);
  const list = [];
  const three = new Promise((ok) => c.on('message', (m, handle) => {
    list.push(m.error ?? m.was);
    if (handle) handle.destroy();
    if (list.length === 3) ok();
  }));
  c.send('again', socket, () => {});
  c.send('behind');
  await three;
  assert.deepStrictEqual(list, ['EMFILE', 'again', 'behind']);
  assert.strictEqual(await text(client), 'written by lua\n');
  server.close();
  c.disconnect();
}

async function killed() {
  const server = await listen(0, '127.0.0.1');
  const c = start(WORKER);
  c.on('error', () => {});
  await new Promise((ok) => { c.once('message', ok); c.send('count'); });
  const end = ended(c, 'exit');
  for (let i = 0; i < 50; i++) c.send('many', server, () => {});
  c.kill('SIGKILL');
  assert.strictEqual((await end).signal, 'SIGKILL');
  server.close();
}

main(async () => {
  const c = start(WORKER);
  await kinds(c, 0, '127.0.0.1');
  await kinds(c, `${DIR}/socket`);
  await udp(c, 'udp4', '127.0.0.1');
  c.disconnect();
  for (const test of [shared, counts, many, full, killed]) await test();
});
]]
peers.expect_ok(peers.parent("node", source, { timeout = 150 }))
