-- The events of a child in their order, and its exit code: our worker looks to a Node parent as a
-- Node worker does, and both look alike to us.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local json = require "procrun.json"
local peers = require "tests.lib.peers"
local proc = require "procrun.proc"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

-- What the child does: in JavaScript, in Lua; what the parent sees. The end of the output comes by
-- a way of its own: before `exit` unless a grandchild holds it, and anywhere between messages.
local SEND <const> = "for (const m of ['m1', 'm2', 'm3']) process.send(m); "
local LUA_SEND <const> = "for i = 1, 3 do process.send('m' .. i) end "
local OUT <const> = "process.stdout.write('x'.repeat(100000), "
  .. "() => process.send('m1', () => process.exit(3)));"
local LUA_OUT <const> = "process.stdout:write(('x'):rep(100000)) process.send 'm1' os.exit(3)"
local ROWS <const> = {
  { "exit", SEND .. "setImmediate(() => process.exit(0));", LUA_SEND .. "os.exit(0)",
    "spawn m1 m2 m3 disconnect end exit(0) close(0)" },
  { "natural end", SEND, LUA_SEND, "spawn m1 m2 m3 disconnect end exit(0) close(0)" },
  { "exit code", SEND .. "process.exitCode = 5;", LUA_SEND .. "process.exit_code = 5",
    "spawn m1 m2 m3 disconnect end exit(5) close(5)" },
  { "disconnect", SEND .. "setImmediate(() => process.disconnect());",
    LUA_SEND .. "process.disconnect()", "spawn m1 m2 m3 disconnect end exit(0) close(0)" },
  { "disconnect and live on",
    "process.send('m1', () => process.disconnect()); setTimeout(() => process.exit(9), 100);",
    "process.send 'm1' process.disconnect() require 'timer'.after(0.1, os.exit, 9)",
    "spawn m1 disconnect end exit(9) close(9)" },
  { "output", OUT, LUA_OUT, "spawn m1 disconnect end exit(3) close(3)" },
  { "SIGKILL", "process.send('m1', () => process.kill(process.pid, 'SIGKILL'));",
    "process.send 'm1' process.flush() process.kill(process.pid, 'SIGKILL')",
    "spawn m1 disconnect end exit(SIGKILL) close(SIGKILL)" },
  { "SIGTERM", "process.send('m1', () => process.kill(process.pid, 'SIGTERM'));",
    "process.send 'm1' process.kill(process.pid, 'SIGTERM') require 'task'.sleep(60)",
    "spawn m1 disconnect end exit(SIGTERM) close(SIGTERM)" },
  { "uncaught error", "process.send('m1', () => { throw new Error('no'); });",
    "process.send 'm1' error 'no'", "spawn m1 disconnect end exit(1) close(1)" },
  { "output held by a grandchild, which is killed at the exit",
    "const c = require('child_process').spawn('sleep', ['1000'], { stdio: ['ignore', 1, 'ignore'], "
      .. "detached: true }); c.unref(); process.send({ pid: c.pid }, () => process.disconnect());",
    "local c = require 'proc'.spawn('sleep', {'1000'}, { stdio = {'ignore', 1, 'ignore'}, "
      .. "detached = true }) c:unref() process.send { pid = c.pid } process.disconnect()",
    "spawn pid disconnect exit(0) end close(0)" },
  { "silence", "", "", "spawn disconnect end exit(0) close(0)" },
}

-- Seen by a Node parent: both workers of each row.
local rows = {}
for i, row in ipairs(ROWS) do rows[i] = { what = row[1], js = row[2], lua = row[3] } end
local result = peers.parent("node", [==[
const look = (file, options) => new Promise((ok) => {
  const log = [];
  const c = fork(file, [], { silent: true, execArgv: [], ...options });
  const tell = (code, signal) => `(${signal === null ? code : signal})`;
  c.on('spawn', () => log.push('spawn'));
  let held;
  c.on('message', (m) => { held = m.pid; log.push(m.pid ? 'pid' : m); });
  c.on('disconnect', () => log.push('disconnect'));
  c.stdout.on('data', () => {}).on('end', () => log.push('end'));
  c.stderr.on('data', () => {});
  c.on('exit', (code, signal) => {
    log.push('exit' + tell(code, signal));
    if (held) process.kill(held, 'SIGKILL');
  });
  c.on('close', (code, signal) => { log.push('close' + tell(code, signal)); ok(log.join(' ')); });
});
(async () => {
  const rows = JSON.parse(fs.readFileSync(0, 'utf8'));
  const out = [];
  for (const { js, lua } of rows) {
    const both = [look(script(js, 'cjs'), {}), look(script(lua), { execPath: PROCRUN })];
    out.push(await Promise.all(both));
  }
  console.log(JSON.stringify(out));
})();
]==], { input = json.encode(rows) })
check.eq(result.stderr, "")

local function without(log, pattern)
  local words = {}
  for word in log:gmatch "%S+" do
    if not word:find(pattern) then words[#words + 1] = word end
  end
  return table.concat(words, " ")
end
local function compare(row, seen, who)
  for _, left_out in ipairs { "^end", "^[smpd]" } do
    check.eq(without(seen, left_out), without(row[4], left_out), row[1] .. ", " .. who)
  end
end
for i, seen in ipairs(result:json()) do
  compare(ROWS[i], seen[1], "node of node")
  compare(ROWS[i], seen[2], "procrun of node")
end

-- Seen by us.
local function look(child)
  local log, done, held = {}, task.event(), nil
  local function note(name)
    return function(code, signal)
      local how = signal or code
      log[#log + 1] = name .. (how and ("(%s)"):format(how) or "")
      if name == "exit" and held then os.execute("kill -9 " .. held) end
      if name == "close" then done:set() end
    end
  end
  child:on("message", function(m)
    held = type(m) == "table" and m.pid
    log[#log + 1] = held and "pid" or m
  end)
  for _, name in ipairs { "spawn", "disconnect", "exit", "close" } do child:on(name, note(name)) end
  child.stdout:on("data", function() end)
  child.stdout:on("end", note "end")
  child.stderr:on("data", function() end)
  assert(done:wait(60))
  return table.concat(log, " ")
end
for _, row in ipairs(ROWS) do
  local silent = { silent = true }
  compare(row, look(peers.fork("node", row[2], {}, silent)), "node of procrun")
  compare(row, look(proc.fork(worker.file(row[3]), {}, silent)), "procrun of procrun")
end
