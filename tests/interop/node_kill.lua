-- kill -9 in the middle of a flood both ways, from either side: nobody hangs, no descriptor is
-- left, and the events come in their order.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local peers = require "tests.lib.peers"
local proc = require "procrun.proc"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

-- Sends for ever what fills its pipe, and hears what comes.
local NODE_FLOOD <const> = [[
let n = 0;
process.on('message', () => n++);
process.on('disconnect', () => {
  console.log('node saw the end', process.connected);
  process.exit(3);
});
const more = () => {
  while (process.connected && process.send('x'.repeat(100)));
  setImmediate(more);
};
process.on('error', () => {});
more();
]]
local LUA_FLOOD <const> = [[
local task, n = require "task", 0
process.on("message", function() n = n + 1 end)
process.on("disconnect", function() print("lua saw the end", process.connected) os.exit(3) end)
task.spawn(function() while process.send(("x"):rep(100)) do end end)
]]

local function descriptors()
  collectgarbage()
  collectgarbage()
  return #fs.readdir "/proc/self/fd"
end

-- Node is killed by us.
peers.path "node" -- what the first child of all opens stays
local before = descriptors()
for round = 1, 3 do
  local child = peers.fork("node", NODE_FLOOD)
  local log, n = worker.record(child), 0
  local sender = task.spawn(function()
    while true do
      local ok, _, code = child:send(("y"):rep(100))
      if not ok then return code end
    end
  end)
  child:on("message", function()
    n = n + 1
    if n == 1000 * round then child:kill "SIGKILL" end
  end)
  assert(log.done:wait(60))
  check.eq(table.concat(log, " "), "disconnect exit close")
  check.eq(child.result.signal, "SIGKILL")
  check.eq(sender:wait(60), "EPIPE")
  check.eq(child.connected, false)
end
check.eq(descriptors(), before)

-- Our worker is killed by Node.
peers.expect_ok(peers.parent("node", [==[
const count = () => fs.readdirSync('/proc/self/fd').length;
main(async () => {
  let before;
  for (let round = 0; round < 4; round++) {
    const worker = start(`]==] .. LUA_FLOOD .. [==[`);
    const end = ended(worker);
    let n = 0;
    worker.on('error', () => {});
    worker.on('message', () => {
      for (let i = 0; i < 3 && worker.connected; i++) worker.send('y'.repeat(100), () => {});
      if (++n === 1000) worker.kill('SIGKILL');
    });
    const { log, signal } = await end;
    assert.strictEqual(log, 'disconnect exit close');
    assert.strictEqual(signal, 'SIGKILL');
    before ??= count(); // what Node opens once for all
  }
  assert.strictEqual(count(), before);
});
]==]))

-- The parent is killed: what its child prints is all that is left of them.
local function survivor(...)
  local parent = assert(proc.spawn(...))
  check.eq(parent.stdout:read "l", "flooded")
  parent:kill "SIGKILL"
  local rest = parent.stdout:read "a"
  check.eq(parent:wait(60).signal, "SIGKILL")
  return rest
end
check.eq(survivor(peers.path "node", { peers.script([[
const { fork } = require('child_process');
const child = fork(process.argv[2], [], { execPath: process.argv[3] });
let n = 0;
child.on('message', () => {
  child.send('y'.repeat(100));
  if (++n === 1000) console.log('flooded');
});
]]), worker.file(LUA_FLOOD), os.getenv "PROCRUN" }), "lua saw the end\tfalse\n")
check.eq(survivor(os.getenv "PROCRUN", { worker.file [[
local child = require "proc".fork(arg[1], {}, { exec_path = arg[2], autokill = false })
local n = 0
child:on("message", function()
  child:send(("y"):rep(100))
  n = n + 1
  if n == 1000 then print "flooded" io.stdout:flush() end
end)
]], peers.script(NODE_FLOOD), peers.path "node" }), "node saw the end false\n")
