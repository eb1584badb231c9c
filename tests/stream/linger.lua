-- A stream that nobody holds any more still delivers what was written; one that only we could read
-- does not delay the end.
if arg[1] == "dropped" then
  local proc = require "procrun.proc"
  local task = require "procrun.core.task"
  local child = assert(proc.spawn("sh", { "-c", "sleep 0.1; wc -c" }, { stdio = { "pipe", "inherit" } }))
  local t = task.spawn(function() child.stdin:write(("x"):rep(1000000)) end)
  task.yield()
  t:cancel()
  if arg[2] then child:unref() end
  child.stdin, child.stdio, child = nil, nil, nil
  t = nil
  collectgarbage()
  collectgarbage()
  return
elseif arg[1] == "own" then
  local pipe, task = require "procrun.pipe", require "procrun.core.task"
  Reader, Writer = pipe.new() -- luacheck: ignore
  A, B = pipe.pair() -- luacheck: ignore
  for _, s in ipairs { Writer, A, B } do
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
text, status = run("dropped unref", "env -u PROCRUN_CHECK ") -- the child may end last, nobody reaps it
assert(text:find("1000000") and status == 0, text)
text, status = run("own")
assert(text == "" and status == 0, text)
text, status = run("stuck")
assert(status == 1 and text:find("deadlock") and text:find("a stream to take bytes"), text)
text, status = run("idle")
assert(status == 1 and text:find("deadlock") and text:find("input from a stream"), text)
