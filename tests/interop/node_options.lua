-- Options of fork, and what a worker finds of them: Node as our child, and ours as Node's.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local json = require "procrun.json"
local peers = require "tests.lib.peers"
local proc = require "procrun.proc"

-- Node under procrun: flags of its own, arguments, environment, directory, silent, another slot.
local child = peers.fork("node", [[
console.log('to stdout');
console.error('to stderr');
process.send({
  execArgv: process.execArgv, argv: process.argv.slice(2), env: process.env.GREETING,
  cwd: process.cwd(), fd: process.env.NODE_CHANNEL_FD ?? null, connected: process.connected,
});
]], { "one", "two words", "3" }, {
  silent = true, exec_args = { "--no-warnings", "--stack-size=900" }, cwd = "/",
  extend_env = { GREETING = "hä\n" },
})
local m = child:receive(60)
check.eq(json.encode(m.execArgv), '["--no-warnings","--stack-size=900"]')
check.eq(json.encode(m.argv), '["one","two words","3"]')
check.eq(m.env, "hä\n")
check.eq(m.cwd, "/")
check.eq(m.fd, json.null)
check.eq(m.connected, true)
check.eq(child.stdout:read "a", "to stdout\n")
check.eq(child.stderr:read "a", "to stderr\n")
check.eq(child:wait(60).code, 0)

for _, slot in ipairs { 0, 3, 5 } do
  local stdio = { [0] = "ignore", "inherit", "inherit" }
  stdio[slot] = "ipc"
  local slotted = peers.fork("node", "process.send('on ' + process.channel.fd);", {},
    { stdio = stdio })
  check.has(slotted:receive(60), "on ")
  check.eq(slotted:wait(60).code, 0)
end
local launched = assert(proc.fork(peers.script "process.send(process.env.BY)", {},
  { exec_path = { "env", "BY=a launcher", peers.path "node" } }))
check.eq(launched:receive(60), "a launcher")
check.eq(launched:wait(60).code, 0)
local spawned = assert(proc.spawn(peers.path "node", { "-e", "process.send(process.argv0)" },
  { stdio = { "ignore", "inherit", "inherit", "ipc" }, argv0 = "renamed" }))
check.eq(spawned:receive(60), "renamed")
check.eq(spawned:wait(60).code, 0)

-- A callback is called when the kernel has the message, or told why not; Node's as well as ours.
child = peers.fork("node", [[
process.on('message', (m) => process.send(m, (err) => process.send(`sent ${err}`)));
]])
local told
assert(child:send("x", function(err) told = err or "sent" end))
check.eq(child:receive(60), "x")
check.eq(child:receive(60), "sent null")
check.eq(told, "sent")
child:disconnect()
check.eq(child:wait(60).code, 0)

-- Ours under Node.
peers.expect_ok(peers.parent("node", [==[
const text = (stream) => new Promise((ok) => {
  let all = '';
  stream.on('data', (data) => { all += data; }).on('end', () => ok(all));
});
main(async () => {
  // silent, execArgv, args, env, cwd
  let worker = start(`
    print("to stdout")
    io.stderr:write("to stderr\\n")
    process.send {args = {...}, env = os.getenv "GREETING", cwd = process.cwd(), E = E,
      channel = os.getenv "NODE_CHANNEL_FD" or false}`, ['one', 'two words', '3'], {
    silent: true, execArgv: ['-e', 'E = 42'], cwd: '/', env: { ...process.env, GREETING: 'hä\n' },
  });
  let end = ended(worker);
  const [m, out, err] = await Promise.all([next(worker), text(worker.stdout), text(worker.stderr)]);
  assert.deepStrictEqual(m, {
    args: ['one', 'two words', '3'], env: 'hä\n', cwd: '/', E: 42, channel: false,
  });
  assert.strictEqual(out, 'to stdout\n');
  assert.strictEqual(err, 'to stderr\n');
  assert.strictEqual((await end).code, 0);

  // stdin, and a slot of the channel anywhere
  for (const slot of [3, 4, 6]) {
    const stdio = ['pipe', 'pipe', 'inherit'];
    while (stdio.length < slot) stdio.push('ignore');
    stdio.push('ipc');
    worker = start('process.send(io.read()) print "done"', [], { stdio });
    end = ended(worker);
    worker.stdin.end('a line\n');
    const got = await Promise.all([next(worker), text(worker.stdout)]);
    assert.deepStrictEqual(got, ['a line', 'done\n']);
    assert.strictEqual((await end).code, 0);
  }

  // the parent's own view
  worker = start('process:messages()() process.exit_code = 7');
  assert.strictEqual(worker.connected, true);
  assert.strictEqual(worker.spawnfile, PROCRUN);
  end = ended(worker, 'exit');
  assert.strictEqual(await new Promise((ok) => worker.send('go', ok)), null);
  assert.deepStrictEqual(await end, { log: 'disconnect exit', code: 7, signal: null });
  assert.strictEqual(worker.exitCode, 7);

  // signals, timeout, abort
  worker = start('process.on("SIGTERM", function() os.exit(9) end) process.send "ready" '
    + 'process.on("message", print)');
  end = ended(worker, 'exit');
  await next(worker);
  worker.kill();
  assert.strictEqual((await end).code, 9);
  worker = start('process.send "ready" process.on("message", print)', [], { killSignal: 'SIGINT' });
  end = ended(worker, 'exit');
  await next(worker);
  worker.kill('SIGINT');
  assert.strictEqual((await end).signal, 'SIGINT');

  // with Node's own serialization the channel is closed, and the worker says why
  worker = start('assert(not process.connected) print(pcall(process.send, 1)) os.exit(4)', [],
    { serialization: 'advanced', silent: true });
  end = ended(worker);
  const [said, warned] = await Promise.all([text(worker.stdout), text(worker.stderr)]);
  assert.match(said, /not started with a channel/);
  assert.match(warned, /serialization 'advanced' and is closed: only 'json' is known here/);
  assert.strictEqual((await end).code, 4);
});
]==]))
