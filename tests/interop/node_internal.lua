-- Messages whose `cmd` begins with NODE_ are Node's own: internal_message here, internalMessage
-- there.
-- requires: node>=20
local check = require "tests.lib.check"
local json = require "procrun.json"
local peers = require "tests.lib.peers"
local task = require "procrun.task"

-- Sent by Node: which of them are messages here? Our child says the same as Node's would.
local SENT <const> = [[
const sent = [{ cmd: 'NODE_X' }, { cmd: 'NODE_' }, { cmd: 'node_x' }, { cmd: 'NODEX' }, { cmd: 7 },
  { cmd: 'NODE_CLUSTER', act: 'online', seq: 0 }, ['NODE_X'], 'NODE_X', { a: { cmd: 'NODE_X' } },
  { cmd: 'NODE_X', deep: [{}] }, { cmd: ' NODE_X' }, 'end'];
]]
local WANTED <const> = [==[i{"cmd":"NODE_X"}
m{"cmd":"NODE_"}
m{"cmd":"node_x"}
m{"cmd":"NODEX"}
m{"cmd":7}
i{"act":"online","cmd":"NODE_CLUSTER","seq":0}
m["NODE_X"]
m"NODE_X"
m{"a":{"cmd":"NODE_X"}}
i{"cmd":"NODE_X","deep":[{}]}
m{"cmd":" NODE_X"}
m"end"]==]

local child = peers.fork("node", SENT .. "for (const m of sent) process.send(m);")
local got = {}
for _, event in ipairs { "message", "internal_message" } do
  child:on(event, function(m)
    got[#got + 1] = event:sub(1, 1) .. json.encode(m, { sort_keys = true })
  end)
end
child:wait(60)
check.eq(table.concat(got, "\n"), WANTED)

-- Tasks that receive get the messages alone.
child = peers.fork("node", SENT .. "for (const m of sent) process.send(m);")
local n = 0
for _ in child:messages() do n = n + 1 end
check.eq(n, 9)

-- Whoever listens to them alone hears them, too, up to a message that waits for its taker.
child = peers.fork("node", [[
process.send({ cmd: 'NODE_X' });
process.send('plain');
process.send({ cmd: 'NODE_Y' });
process.on('message', () => {});]])
local heard, all = {}, task.event()
child:on("internal_message", function(m)
  heard[#heard + 1] = m.cmd
  if m.cmd == "NODE_Y" then all:set() end
end)
while #heard == 0 do task.sleep "1ms" end
check.eq(child:receive(60), "plain")
assert(all:wait(60))
check.eq(table.concat(heard, " "), "NODE_X NODE_Y")
child:disconnect()
check.eq(child:wait(60).code, 0)

-- The same as our worker of a Node parent, and sent to Node.
peers.expect_ok(peers.parent("node", SENT .. [==[
const sorted = (v) => JSON.stringify(v, (k, x) => x && typeof x === 'object' && !Array.isArray(x)
  ? Object.fromEntries(Object.entries(x).sort()) : x);
const collect = (c) => new Promise((ok) => {
  const got = [];
  c.on('internalMessage', (m) => got.push('i' + sorted(m)));
  c.on('message', (m) => { got.push('m' + sorted(m)); if (m === 'end') ok(got.join('\n')); });
});
main(async () => {
  const wanted = `]==] .. WANTED .. [==[`;
  const worker = start(`
    local json = require "json"
    for _, event in ipairs {"message", "internal_message"} do
      process.on(event, function(m)
        local text = event:sub(1, 1) .. json.encode(m, {sort_keys = true})
        process.send({line = text})
        if m == "end" then process.send "end" end
      end)
    end`);
  const lines = [];
  const done = new Promise((ok) => {
    worker.on('message', (m) => { if (m === 'end') ok(); else lines.push(m.line); });
  });
  for (const m of sent) worker.send(m);
  await done;
  assert.strictEqual(lines.join('\n'), wanted);
  worker.disconnect();

  const teller = start(`
    for _, m in ipairs(require "json".decode(arg[1])) do process.send(m) end
    process:messages()()`, [JSON.stringify(sent)]);
  assert.strictEqual(await collect(teller), wanted);
  teller.disconnect();
});
]==]))

-- What belongs to the protocol is not sent for a script.
local ours = peers.fork("node", "process.on('message', () => {});")
check.raises("the cmd 'NODE_HANDLE_ACK' belongs to the protocol", ours.send, ours,
  { cmd = "NODE_HANDLE_ACK" })
ours:disconnect()
check.eq(ours:wait(60).code, 0)
