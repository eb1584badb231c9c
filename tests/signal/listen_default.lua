-- With the last listener gone the signal ends the program again; an error of one ends it with 1.
local function output(code)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>/dev/null; echo $?"):format(arg[-1], code)))
  local text = pipe:read("a")
  pipe:close()
  return text
end

local text = output [[
  local e = require "procrun.signal.listen"(require "procrun.events".new())
  e:once("SIGTERM", function(name)
    print(name)
    os.execute("kill -TERM $PPID")
  end)
  os.execute("kill -TERM $PPID")
  require "procrun.core.task".sleep(20)]]
assert(text == "SIGTERM\n143\n", text)

text = output [[
  local e = require "procrun.signal.listen"(require "procrun.events".new())
  e:on("SIGUSR1", function() error("in a listener") end)
  os.execute("kill -USR1 $PPID")
  require "procrun.core.task".sleep(20)]]
assert(text == "1\n", text)

text = output [[
  local e = require "procrun.signal.listen"(require "procrun.events".new())
  e:on("SIGTERM", print)]]
assert(text == "0\n", text)
