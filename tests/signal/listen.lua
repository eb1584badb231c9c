-- Listeners of an emitter get signals in order, in one task; they do not keep the process alive.
local events = require "procrun.events"
local listen = require "procrun.signal.listen"
local signal = require "procrun.signal"
local task = require "procrun.core.task"

local e = listen(events.extend({}))
local function send(name) os.execute("kill -" .. name .. " $PPID") end
local function turn() -- the loop has looked at what was sent
  local s <close> = assert(signal.open("CONT"))
  send("CONT")
  assert(s:wait(20))
end

local log, list = {}, task.list()
local function wait_for(text)
  local function look() return table.concat(log, " ") == text, true end
  assert(list:wait(20, "signals", look), table.concat(log, " "))
  log = {}
end
local function note(name, number, ...)
  assert(signal.number(name) == number and select("#", ...) == 0)
  log[#log + 1] = name
  list:wake()
end

e:on("SIGUSR2", function(name, number)
  turn() -- a listener may wait; what arrives meanwhile comes after it
  note(name, number)
end)
e:on("SIGTERM", note)
e:on("other", note) -- no signal
send("USR2")
turn()
send("TERM")
wait_for("SIGUSR2 SIGTERM")

-- Added and removed while others are listened to; `once`; two names of one signal.
e:once("SIGUSR1", note)
e:on("SIGIOT", note)
e:on("SIGABRT", note)
send("USR1")
wait_for("SIGUSR1")
send("ABRT")
wait_for("SIGIOT SIGABRT")
e:off("SIGIOT")
send("ABRT")
wait_for("SIGABRT")
e:remove_all_listeners()

-- All listeners gone and back again.
e:once("SIGHUP", note)
send("HUP")
wait_for("SIGHUP")
e:on("SIGHUP", note)
send("HUP")
wait_for("SIGHUP")
assert(listen.update(e, "SIGHUP", 1) == true and listen.update(e, "message", 1) == false)
assert(listen.update(e, "SIGNAL", 1) == false)
