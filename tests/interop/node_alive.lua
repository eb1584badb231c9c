-- What an open channel keeps alive: our worker beside a Node worker, row by row, and both as
-- parents.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local peers = require "tests.lib.peers"
local proc = require "procrun.proc"
local task = require "procrun.task"
local worker = require "tests.lib.worker"

-- The child: what it does, in JavaScript and in Lua; true: it stays until the channel ends, "one":
-- until the first message, false: it ends by itself.
local CHILD <const> = {
  { "nothing", "", "", false },
  { "send", "process.send('x');", "process.send 'x'", false },
  { "internalMessage", "process.on('internalMessage', () => {});",
    "process.on('internal_message', print)", false },
  { "message", "process.on('message', () => {});", "process.on('message', f)", true },
  { "disconnect", "process.on('disconnect', () => {});", "process.on('disconnect', f)", true },
  { "once", "process.once('message', () => {});", "process.once('message', f)", "one" },
  { "added and removed", "const f = () => {}; process.on('message', f); process.off('message', f);",
    "process.on('message', f) process.off('message', f)", false },
  { "removed all", "process.on('message', () => {}); process.removeAllListeners('message');",
    "process.on('message', f) process.remove_all_listeners('message')", false },
  { "one of two removed",
    "const f = () => {}; process.on('message', f); process.on('message', () => {}); "
      .. "process.off('message', f);",
    "process.on('message', f) process.on('message', print) process.off('message', print)",
    true },
  { "unref after", "process.on('message', () => {}); process.channel.unref();",
    "process.on('message', f) process.channel:unref()", false },
  { "unref before", "process.channel.unref(); process.on('message', () => {});",
    "process.channel:unref() process.on('message', f)", false },
  { "ref alone", "process.channel.ref();", "process.channel:ref()", true },
  { "ref ref unref", "process.channel.ref(); process.channel.ref(); process.channel.unref();",
    "process.channel:ref() process.channel:ref() process.channel:unref()", false },
  { "own disconnect", "process.on('message', () => {}); process.disconnect();",
    "process.on('message', f) process.disconnect()", false },
}

-- Alive or dead: whoever stays is told to end by a message or by the end of the channel, and had
-- time enough to end before.
local function watch(child, how, what)
  if how then
    local result, _, code = child:wait(0.3)
    check.eq(result, nil, what)
    check.eq(code, "ETIMEDOUT", what)
    if how == "one" then child:send "x" else child:disconnect() end
  end
  local result = assert(child:wait(60), what)
  check.eq(result.signal, nil, what)
  check.eq(result.code, 0, what)
end
task.map(CHILD, 4, function(row)
  watch(peers.fork("node", row[2]), row[4], row[1] .. ", node")
  watch(proc.fork(worker.file("local function f() end " .. row[3])), row[4], row[1] .. ", procrun")
end)

-- The parent: what it does with a child that stays until the channel ends; does it end before?
local PARENT <const> = {
  { "nothing", "", "", true },
  { "unref", "c.unref();", "c:unref()", true },
  { "channel unref", "c.channel.unref();", "c.channel:unref()", true },
  { "both unref", "c.unref(); c.channel.unref();", "c:unref() c.channel:unref()", false },
  { "both unref, and a listener", "c.unref(); c.channel.unref(); c.on('message', () => {});",
    "c:unref() c.channel:unref() c:on('message', print)", false },
  { "unref and disconnect", "c.unref(); c.disconnect();", "c:unref() c:disconnect()", false },
  { "unref and ref", "c.unref(); c.channel.unref(); c.ref();",
    "c:unref() c.channel:unref() c:ref()", true },
  { "channel ref", "c.unref(); c.channel.unref(); c.channel.ref();",
    "c:unref() c.channel:unref() c.channel:ref()", true },
}
local STAY <const> = worker.file "process.on('message', function() end)"

-- Each parent says when it has done its row; then it ends, or has to be ended.
local function watch_parent(parent, stays, what)
  check.eq(parent.stdout:read "l", "done", what)
  if stays then
    check.eq(select(3, parent:wait(0.3)), "ETIMEDOUT", what)
    parent:kill "SIGKILL"
    check.eq(assert(parent:wait(60)).signal, "SIGKILL", what)
  else
    check.eq(assert(parent:wait(60), what).code, 0, what)
  end
end
local procrun = os.getenv "PROCRUN"
task.map(PARENT, 4, function(row)
  local js = peers.script("const c = require('child_process').fork(process.argv[2], [], "
    .. "{ execPath: process.argv[3] }); " .. row[2] .. " console.log('done');")
  local piped = { stdio = { "ignore", "pipe", "inherit" } }
  watch_parent(assert(proc.spawn(peers.path "node", { js, STAY, procrun }, piped)), row[4],
    row[1] .. ", node")
  local lua = worker.file("local c = require 'proc'.fork(arg[1]) " .. row[3] .. " print 'done' "
    .. "io.stdout:flush()")
  watch_parent(assert(proc.spawn(procrun, { lua, STAY }, piped)), row[4], row[1] .. ", procrun")
end)
