-- 100,000 messages each way at the same time, in order and unharmed: Node is our parent.
-- requires: node>=20
-- timeout: 200
local peers = require "tests.lib.peers"

peers.expect_ok(peers.parent("node", [==[
const N = 100000, TEXT = 'ü€\u{1F600}\0';
const worker = start(`
  local task = require "task"
  local N, TEXT, n = 100000, "ü€\\u{1F600}\\0", 0
  local sender = task.spawn(function()
    for i = 1, N do assert(process.send {id = i, text = TEXT, list = {i, {}, i / 2}}) end
  end)
  for m in process:messages() do
    n = n + 1
    if m.id ~= n or m.text ~= TEXT or m.list[3] ~= n / 2 then error("message " .. n) end
    if n == N then break end
  end
  sender:wait()
  process.send {last = n}
`);
main(async () => {
  const end = ended(worker);
  let n = 0, last;
  worker.on('message', (m) => {
    if (m.last) { last = m.last; return; }
    assert.strictEqual(m.id, ++n);
    assert.strictEqual(m.text, TEXT);
    assert.deepStrictEqual(m.list, [n, [], n / 2]);
  });
  for (let i = 1; i <= N; i++) worker.send({ id: i, text: TEXT, list: [i, [], i / 2] });
  const { log, code } = await end;
  assert.strictEqual(n, N);
  assert.strictEqual(last, N);
  assert.strictEqual(log, 'disconnect exit close');
  assert.strictEqual(code, 0);
});
]==], { timeout = 180 }))
