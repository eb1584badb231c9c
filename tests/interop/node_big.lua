-- Messages of 10 MB in both directions and both roles, several in a row.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local peers = require "tests.lib.peers"

local TEN <const> = 10 * 1024 * 1024
local function rows()
  local list = {}
  for i = 1, 100000 do list[i] = { id = i, text = "row " .. i, even = i % 2 == 0 } end
  return list
end

local child = peers.fork("node", [[
process.on('message', (m) => process.send(m));
]])
local text = ("ü€\u{1F600}0123456789abcdefghi\0x"):rep(TEN // 30)
for i = 1, 2 do
  assert(child:send(text .. i))
  check.eq(child:receive(60) == text .. i, true)
end
assert(child:send(rows()))
local back = child:receive(60)
check.eq(#back, 100000)
for i = 1, #back do
  local row = back[i]
  if row.id ~= i or row.text ~= "row " .. i or row.even ~= (i % 2 == 0) then error("row " .. i) end
end
-- many on their way at once
for i = 1, 3 do assert(child:send(text .. i)) end
for i = 1, 3 do check.eq(child:receive(60) == text .. i, true) end
child:disconnect()
check.eq(child:wait(60).code, 0)

peers.expect_ok(peers.parent("node", [==[
const worker = start('process.on("message", function(m) process.send(m) end)');
main(async () => {
  const text = 'ü€\u{1F600}0123456789\0'.repeat(600000);
  const rows = Array.from({ length: 40000 }, (_, i) => ({ id: i, text: `row ${i}`, half: i / 2 }));
  for (const value of [text, rows]) {
    const answer = next(worker);
    worker.send(value);
    const back = await answer;
    if (value === rows) assert.deepStrictEqual(back, rows);
    else assert.ok(back === value);
  }
  const got = [];
  const all = new Promise((ok) => worker.on('message', (m) => { if (got.push(m) === 3) ok(); }));
  for (let i = 0; i < 3; i++) worker.send(text + i);
  await all;
  for (let i = 0; i < 3; i++) assert.ok(got[i] === text + i);
  const end = ended(worker, 'exit');
  worker.disconnect();
  assert.strictEqual((await end).code, 0);
});
]==]))
