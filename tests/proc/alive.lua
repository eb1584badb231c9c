-- What keeps the process alive: a child until it is reaped, its channel; not what is unref'd, not a
-- timeout, not a detached child that was unref'd.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local dir <close> = assert(fs.temp_dir())
local script = dir.path .. "/s.lua"

local function run(text)
  fs.write(script, "local proc = require 'procrun.proc'\n" .. text)
  local began = timer.now()
  local r = proc.run(process.exec_path, { script }, { timeout = 20, stdin = "ignore" })
  assert(r.ok, tostring(r) .. (r.stderr or ""))
  return timer.now() - began, r.stdout
end

-- kept: the child, also when nobody refers to it
assert(run "proc.spawn('sleep', {0.5}, {stdio = 'ignore'})" >= 0.5)
assert(run "proc.spawn('sleep', {0.5}, {stdio = 'ignore'}):unref():ref()" >= 0.5)
local seconds, output = run [[
  proc.exec("sleep 0.3; echo late", function(err, stdout) io.write(stdout) end)]]
assert(seconds >= 0.3 and output == "late\n")

-- kept: by the task that waits, where the child alone does not keep it; and no longer than that
for _, how in ipairs {"unref", "forget"} do
  assert(run(("local c = proc.spawn('sleep', {0.3}, {stdio = 'ignore'}) c:%s() "):format(how)
    .. "assert(c:wait().ok)") >= 0.3)
end

-- not kept
local function lets_go(text)
  local took, out = run(text)
  assert(took < 5, text .. " took " .. took)
  local pid = out:match("%d+")
  if pid then os.execute("kill " .. pid .. " 2>/dev/null") end
end
lets_go "print(proc.spawn('sleep', {60}, {stdio = 'ignore'}):unref().pid)"
lets_go "print(proc.spawn('sleep', {60}, {stdio = 'ignore', timeout = 50}):unref().pid)"
lets_go "print(proc.spawn('sleep', {60}, {stdio = 'ignore', detached = true}):unref().pid)"
lets_go "local c = proc.spawn('sleep', {60}):unref() c.stdout:unref() c.stderr:unref() print(c.pid)"
lets_go "proc.spawn('true', {timeout = 60})" -- prints no pid
lets_go "local c = proc.spawn('sleep', {60}, {stdio = 'ignore'}):unref() print(c.pid) c:wait('5ms')"
lets_go [[
  local child = proc.spawn('sleep', {60}, {stdio = 'ignore'})
  print(child.pid)
  child:forget()]]

-- a forked child: the channel holds, too, until it is unref'd
local worker = dir.path .. "/w.lua"
fs.write(worker, "process:on('message', print) print(process.pid)")
local fork = ("local c = proc.fork(%q, {}, {autokill = false}):unref() "):format(worker)
lets_go(fork .. "c.channel:unref()")
lets_go(("local c = proc.fork(%q):unref() c:disconnect()"):format(worker))
