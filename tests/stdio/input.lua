-- io.read, io.lines, io.stdin and process.stdin share one buffer; waiting for it is a task's.
if arg[1] == "mix" then
  local got = { io.read(), process.stdin:read(), io.stdin:read("L") }
  table.move({ io.read("n", "n", 1) }, 1, 3, 4, got)
  for line in io.lines() do
    got[#got + 1] = line
    if line == "five" then break end
  end
  got[#got + 1] = io.stdin:lines("L")()
  got[#got + 1] = table.concat({ process.stdin:lines(1, 2)() }, ",")
  got[#got + 1] = io.read("a")
  got[#got + 1] = tostring(io.read("l"))
  print(table.concat(got, "|"))
  return
elseif arg[1] == "wait" then
  local task = require "procrun.task"
  local ticks = 0
  local t = task.spawn(function()
    while true do
      ticks = ticks + 1
      task.sleep(0.01)
    end
  end)
  local line = io.read()
  assert(ticks > 3, ticks)
  local rest = io.stdin:read("a")
  t:cancel()
  print(line, rest)
  return
end
local function run(what, command)
  local pipe = assert(io.popen(("%s | '%s' '%s' %s"):format(command, arg[-1], arg[0], what)))
  local text = pipe:read("a")
  assert(pipe:close(), text)
  return text
end
local text = run("mix", [[printf 'one\ntwo\nthree\n1 2.5\nfive\nsix\nabcrest\nof it']])
assert(text == "one|two|three\n|1|2.5|\n|five|six\n|a,bc|rest\nof it|nil\n", text)
text = run("wait", "{ sleep 0.2; echo late; sleep 0.1; echo later; }")
assert(text == "late\tlater\n\n", text)

-- Other files are as before, and misuse is told as Lua tells it.
local name = os.getenv("TMPDIR") .. "/file"
local f = assert(io.open(name, "w"))
assert(f:write("1\n", 2, "\n") == f and f:flush() == true and f:setvbuf("full", 100))
f:close()
for line in io.lines(name, "n") do assert(line == 1 or line == 2 or line == nil) end
f = assert(io.open(name))
assert(f:read("n", "l", "l") == 1 and f:read("a") == "")
f:close()
io.input(name)
assert(io.read() == "1" and io.lines()() == "2" and io.read() == nil)
io.close(io.input())
assert(not pcall(io.read))
io.input(io.stdin)
local ok, message = pcall(io.write, {})
assert(not ok and message:find("bad argument #1 to '[io.]*write' %(string expected"), message)
ok, message = pcall(function() io.stdout:write({}) end)
assert(not ok and message:find("bad argument #1 to 'write'"), message)
ok, message = pcall(function() f:read() end)
assert(not ok and message:find("attempt to use a closed file"), message)
ok, message = pcall(function() io.read("x") end)
assert(not ok and message:find("input.lua:%d+: bad argument #1 to 'read' %(invalid"), message)
