-- However the program ends, the terminal is as it was before; what was printed first arrives whole.
if arg[1] == "child" then
  local tty = require "procrun.tty"
  local timer = require "procrun.timer"
  local task = require "procrun.core.task"
  print("printed before")
  assert(arg[2] == "guard" and tty.raw() or tty.set_raw(true))
  local how = arg[3]
  if how == "error" then error("on purpose") end
  if how == "exit" then os.exit(0) end
  if how == "kill" then
    timer.after(0, os.execute, "kill -TERM $PPID")
    task.sleep(60)
  end
  if how == "twice" then -- the second one ends a program that does not come to its end
    os.execute("kill -TERM $PPID; sleep 0.05; kill -TERM $PPID; sleep 0.2")
    while true do os.execute("sleep 1") end
  end
  return -- "return"
end
if not os.execute("script --version >/dev/null 2>&1") then
  print("skip: script(1) is not installed")
  os.exit(77)
end
for _, what in ipairs { "guard", "switch" } do
  for _, how in ipairs { "return", "error", "exit", "kill", "twice" } do
    local run = ("'%s' '%s' child %s %s 2>/dev/null"):format(arg[-1], arg[0], what, how)
    local command = ("stty -g; %s; stty -g"):format(run)
    local pipe = assert(io.popen(([[script -qec "%s" /dev/null </dev/null]]):format(command)))
    local text = pipe:read("a")
    pipe:close()
    local before, after = text:match("(%S+)\r\nprinted before\r\n.-(%S+)\r\n$")
    assert(before and before == after, how .. ": " .. text)
  end
end
