-- procrun --trace: one line an event, of the kinds asked for, with their facts; workers trace, too.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local net = require "procrun.net"
local proc = require "procrun.proc"

local file = check.tmp("trace.txt")

-- Runs a script with these kinds of events: the result, the facts by "category event", the text.
local function trace(kinds, script)
  local path = check.write(check.tmp("script.lua"), script)
  local result = proc.run(process.exec_path, {"--trace=" .. kinds, "--trace-file", file, path})
  local lines, last, text = {}, {}, check.read(file)
  for line in text:gmatch("([^\n]*)\n") do
    local time, pid, category, event, facts =
      line:match("^(%d+%.%d%d%d%d%d%d) (%d+) (%l+) (%S+)(.*)$")
    assert(time, line)
    assert(tonumber(time) >= (last[pid] or 0), "in order: " .. line)
    last[pid] = tonumber(time)
    local key = category .. " " .. event
    lines[key] = lines[key] or {}
    table.insert(lines[key], facts)
  end
  assert(text:sub(-1) == "\n", text:sub(-100))
  return result, lines, text
end

local result, _, text = trace("proc", [[
  local proc = require "proc"
  proc.run("sh", {"-c", 'exit 3', "a \"b\"\n"})
  proc.spawn("sleep", {"100"}):kill()
  proc.run("/nonexistent")]])
assert(result.ok, tostring(result))
check.matches(text, ' proc spawn pid=%d+ file=sh args="%-c exit 3 a \\"b\\"\\n"\n',
  " proc exit pid=%d+ code=3 after=%d+%.%d+\n", " proc kill pid=%d+ signal=SIGTERM reached=1\n",
  " proc exit pid=%d+ signal=SIGTERM after=",
  " proc fail file=/nonexistent step=exec error=ENOENT\n")
assert(not text:find " task " and not text:find " stream ")

local lines
result, lines, text = trace("channel,task", [[
  if process.connected then
    for m in process:messages() do process:send {m} end
    return
  end
  local worker = require "proc".fork(arg[0])
  local t = require "task".spawn(function() local m = worker:receive() return m end)
  t.name = "the taker"
  require "task".yield() -- it waits before there can be an answer
  worker:send "hi"
  t:wait()
  local late = require "task".spawn(function() require "task".sleep(100) end)
  require "task".sleep(0.001)
  late:cancel()
  worker:disconnect()
  worker:wait()]])
assert(result.ok, tostring(result))
assert(#lines["channel send"] == 2 and #lines["channel receive"] == 2) -- ours and the worker's
check.matches(text, " channel send fd=%d+ type=string bytes=5 queue=5\n",
  " channel receive fd=%d+ type=array bytes=7 queue=0\n", " channel disconnect fd=%d+ ",
  " channel end fd=%d+ unread=0 unsent=0\n",
  " task start task=2 by=1 fn=[^ ]*script%.lua:6\n",
  ' task wait task=2 name="the taker" for="a message" at=[^ ]*script%.lua:6\n',
  ' task end task=2 name="the taker" outcome=done\n',
  ' task wait task=%d+ for="a sleep" limit=100 at=[^ ]*script%.lua:11\n',
  " task cancel task=(%d+)\n", " task end task=%d+ outcome=cancelled\n")

local server = net.listen {host = "127.0.0.1", port = 0}
local port = server:address().port
result, _, text = trace("all", ([[
  local net, fs, timer = require "net", require "fs", require "timer"
  local socket = assert(net.connect(%d, "127.0.0.1"))
  socket:write("12345")
  socket:close()
  fs.read(arg[0])
  fs.stat("/nonexistent")
  process:on("SIGUSR2", function() end)
  process.kill(process.pid, "SIGUSR2")
  timer.after(0.001, function() end)]]):format(port))
assert(result.ok, tostring(result))
check.matches(text,
  " net connect fd=%d+ local=127%.0%.0%.1:%d+ remote=127%.0%.0%.1:" .. port .. "\n",
  " stream write fd=%d+ bytes=5 unread=0 unsent=0\n", " stream close fd=%d+\n",
  " fs call op=[%w_]+ path=[^ ]*script%.lua\n", " fs done path=[^ ]*script%.lua\n",
  " fs done path=/nonexistent error=ENOENT\n",
  " signal arrive name=SIGUSR2 count=1 taken=yes\n",
  " timer start in=0%.00%d+ every=0%.000000 calls=[^ ]*script%.lua:9\n",
  " timer fire in=0%.000000 every=0%.000000 calls=[^ ]*script%.lua:9\n")
assert(server:accept("20s"))
server:close()

-- Other options may follow, -E among them, which has to be known early.
for _, option in ipairs {"--trace=proc", "--profile=" .. check.tmp("profile.txt")} do
  local plain = proc.run(process.exec_path, {"-E", "-e", "print(package.path)"}):check()
  result = proc.run(process.exec_path, {(option:gsub("=.*", "")), (option:gsub(".*=", "")), option,
    "-E", "-e", "print(package.path)"}, {extend_env = {LUA_PATH = "nowhere"}}):check()
  assert(result.stdout == plain.stdout and plain.stdout ~= "nowhere\n", result.stdout)
end

-- A file that cannot be written is told of once.
if fs.exists "/dev/full" then
  result = proc.run(process.exec_path, {"--trace=all", "--trace-file=/dev/full", "-e", "print(1)"})
  assert(result.ok and result.stdout == "1\n", tostring(result))
  local _, count = result.stderr:gsub("procrun: trace: lines are missing in the file: [^\n]+\n", "")
  assert(count == 1, result.stderr)
end

-- Misuse.
local function told(...)
  local r = proc.run(process.exec_path, {...})
  assert(r.code == 1 and r.stdout == "", tostring(r))
  return r.stderr
end
assert(told("--trace=proc,ipc", "-e", "print 'ran'") == "procrun: --trace: unknown category 'ipc' "
  .. "(known: proc, channel, task, stream, net, fs, timer, signal, all)\n")
assert(told("--trace=", "-e", ""):find "^procrun: '%-%-trace' needs a value: %-%-trace=proc,chan")
assert(told("--trace-file", "x", "-e", "") ==
  "procrun: --trace-file: --trace=CATEGORIES is missing\n")
assert(told("--trace=all", "--trace-file=/nonexistent/x", "-e", "") ==
  "procrun: trace: /nonexistent/x: no such file or directory\n")
