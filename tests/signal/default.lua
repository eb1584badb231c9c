-- When nobody wants a signal any more its default action is back, for those that end us by the
-- runtime's hand (TERM) and for those of the kernel (USR2).
local function status_of(code)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>/dev/null; echo $?"):format(arg[-1], code)))
  local text = pipe:read("a")
  pipe:close()
  return text
end

for name, status in pairs { TERM = 143, USR2 = 140, HUP = 129 } do
  local text = status_of(([[
    local signal = require "procrun.signal"
    local task = require "procrun.core.task"
    local s <close> = signal.open("%s")
    os.execute("kill -%s $PPID")
    print(s:wait(20))
    task.yield() -- the output is out
    s:close()
    os.execute("kill -%s $PPID")
    task.sleep(20)
    print("not here")]]):format(name, name, name))
  assert(text == ("SIG%s\n%d\n"):format(name, status), text)
end
