-- A stream that nobody holds any more still delivers what was written; one that only we could read
-- does not delay the end.
if arg[1] == "dropped" then
  local task = require "procrun.core.task"
  do
    local reader, writer = require "procrun.pipe".new()
    local stdio = { reader, "inherit" }
    assert(require "procrun.proc".spawn("sh", { "-c", "sleep 0.1; wc -c" }, { stdio = stdio }))
    local t = task.spawn(function() writer:write(("x"):rep(1000000)) end)
    task.yield()
    t:cancel()
    pcall(t.wait, t)
  end
  collectgarbage()
  collectgarbage()
  if arg[2] then process.exit() end -- else: our child is waited for
  return
elseif arg[1] == "own" then
  local pipe, task = require "procrun.pipe", require "procrun.core.task"
  local reader, writer = pipe.new()
  local a, b = pipe.pair()
  debug.getregistry().held = { reader, writer, a, b }
  for _, s in ipairs { writer, a, b } do
    local t = task.spawn(function() s:write(("x"):rep(1000000)) end)
    task.yield()
    t:cancel()
  end
  return
elseif arg[1] == "stuck" then
  local reader, writer = require "procrun.pipe".new()
  print(reader)
  writer:write(("x"):rep(1000000))
elseif arg[1] == "idle" then
  local reader, writer = require "procrun.pipe".new()
  print(writer)
  reader:read()
end
if arg[1] then return end

local function run(what, settings)
  local command = ("%stimeout 20 '%s' '%s' %s 2>&1"):format(settings or "", arg[-1], arg[0], what)
  local file = assert(io.popen(command))
  local text = file:read("a")
  local _, _, status = file:close()
  return text, status or 0
end
local text, status = run("dropped")
assert(text:match("^%s*1000000%s*$") and status == 0, text)
text, status = run("dropped exit", "env -u PROCRUN_CHECK ") -- the child ends after us: not reaped
assert(text:match("^%s*1000000%s*$") and status == 0, text)
text, status = run("own")
assert(text == "" and status == 0, text)
text, status = run("stuck")
assert(status == 1 and text:find("deadlock") and text:find("a stream to take bytes"), text)
text, status = run("idle")
assert(status == 1 and text:find("deadlock") and text:find("input from a stream"), text)
