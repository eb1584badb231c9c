-- Whoever disconnects or ends, whatever was sent before it arrives: with Node at the other end.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local peers = require "tests.lib.peers"
local proc = require "procrun.proc"
local worker = require "tests.lib.worker"

local N <const> = 20000

-- Ours disconnects at once after the last message; Node hears them all, then `disconnect`.
local COUNT <const> = [[
let n = 0;
process.on('message', (m) => { if (m.id !== ++n) throw new Error(`message ${n}`); });
process.on('disconnect', () => { console.log(n, process.connected); process.exitCode = 4; });
]]
local child = peers.fork("node", COUNT, {}, { stdio = { "ignore", "pipe", "inherit", "ipc" } })
local log = worker.record(child)
for i = 1, N do assert(child:send { id = i }) end
child:disconnect()
check.eq(child.connected, false)
check.eq(select(3, child:send "late"), "EPIPE")
check.eq(child.stdout:read "a", N .. " false\n")
assert(log.done:wait(60))
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child.result.code, 4)

-- Our program ends right after the last message; its child is Node.
local script = peers.script(COUNT)
local r = proc.run(os.getenv "PROCRUN", { worker.file [[
local file, node, N = arg[1], arg[2], tonumber(arg[3])
local child = require "proc".fork(file, {}, { exec_path = node, autokill = false })
for i = 1, N do child:send { id = i } end
os.exit(7)
]], script, peers.path "node", N })
check.eq(r.stdout, N .. " false\n")
check.eq(r.code, 7)

-- Node disconnects when its last message is in the kernel; there is no more to be had from it.
child = peers.fork("node", [[
for (let i = 1; i < 20000; i++) process.send(i);
process.send(20000, () => process.disconnect());
process.on('disconnect', () => { process.exitCode = process.connected ? 1 : 9; });
]])
log = worker.record(child)
local n = 0
child:on("message", function(m)
  n = n + 1
  check.eq(m, n)
end)
assert(log.done:wait(60))
check.eq(n, N)
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child.result.code, 9)

-- Node disconnects in the middle of our flood: the sender is told, and nobody hangs.
child = peers.fork("node", [[
let n = 0;
process.on('message', () => { if (++n === 500) process.disconnect(); });
]])
log = worker.record(child)
local ok, message, code
repeat ok, message, code = child:send(("x"):rep(100)) until not ok
check.eq(code, "EPIPE", message)
assert(log.done:wait(60))
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child.result.code, 0)

-- Our worker of a Node parent: it disconnects, returns or exits at once after the last message; and
-- the parent disconnects, or exits, after its last one.
peers.expect_ok(peers.parent("node", [==[
const N = 20000;
const SEND = 'for i = 1, 20000 do process.send(i) end ';
async function ends(source, code) {
  const worker = start(SEND + source);
  const end = ended(worker);
  let n = 0;
  worker.on('message', (m) => assert.strictEqual(m, ++n));
  assert.deepStrictEqual(await end, { log: 'disconnect exit close', code, signal: null });
  assert.strictEqual(n, N);
}
main(async () => {
  await ends('process.disconnect() require "timer".after(0.05, os.exit, 5)', 5);
  await ends('', 0);
  await ends('os.exit(3)', 3);
  await ends('process.exit_code = 6', 6);

  // one that is larger than any buffer of the kernel, and then the exit
  const last = start('process.send(("€"):rep(1 << 20)) os.exit(2)');
  const over = ended(last);
  assert.ok(await next(last) === '€'.repeat(1 << 20));
  assert.strictEqual((await over).code, 2);

  // the parent disconnects in the middle of the flood
  const flooding = start(`
    local ok, _, code
    repeat ok, _, code = process.send(("x"):rep(100)) until not ok
    os.exit(code == "EPIPE" and not process.connected and 5 or 1)`);
  const gone = ended(flooding, 'exit');
  let heard = 0;
  flooding.on('message', () => { if (++heard === 500) flooding.disconnect(); });
  assert.strictEqual((await gone).code, 5);

  const COUNT = `
    local n = 0
    process.on("message", function(m) n = n + 1 assert(m == n) end)
    process.on("disconnect", function() print(n, process.connected) os.exit(8) end)`;
  const worker = start(COUNT, [], { silent: true });
  let out = '';
  worker.stdout.on('data', (data) => { out += data; });
  const end = ended(worker, 'exit');
  for (let i = 1; i < N; i++) worker.send(i);
  worker.send(N, () => worker.disconnect());
  assert.strictEqual((await end).code, 8);
  if (!worker.stdout.closed) await new Promise((ok) => worker.stdout.on('close', ok));
  assert.strictEqual(out, `${N}\tfalse\n`);
});
]==]))
