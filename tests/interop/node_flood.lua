-- 100,000 messages each way at the same time, in order and unharmed: Node is our child.
-- requires: node>=20
-- timeout: 200
local check = require "tests.lib.check"
local json = require "procrun.json"
local peers = require "tests.lib.peers"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

local N <const>, TEXT <const> = 100000, "ü€\u{1F600}\0"
local child = peers.fork("node", [[
const N = 100000;
let n = 0;
process.on('message', (m) => {
  if (m.id !== ++n || m.text !== 'ü€\u{1F600}\0' || m.list[2] !== n / 2) {
    throw new Error(`message ${n} is wrong: ${JSON.stringify(m)}`);
  }
  if (n === N) process.send({ last: n }, () => process.disconnect());
});
for (let i = 1; i <= N; i++) process.send({ id: i, text: 'ü€\u{1F600}\0', list: [i, [], i / 2] });
]])
local log, n = worker.record(child), 0
child:on("message", function(m)
  if n == N then
    check.eq(m.last, N)
    return
  end
  n = n + 1
  local list = m.list
  local same = m.id == n and m.text == TEXT and list[1] == n and #list[2] == 0 and list[3] == n / 2
  if not same then error("message " .. n .. " is wrong: " .. json.encode(m)) end
end)
task.spawn(function()
  for i = 1, N do
    assert(child:send { id = i, text = TEXT, list = { i, {}, i / 2 } })
  end
end)
assert(log.done:wait(180))
check.eq(n, N)
check.eq(table.concat(log, " "), "disconnect exit close")
check.eq(child.result.code, 0)
