-- Who else uses the terminal: a flood of prints, a password that is typed, a program that gets the
-- screen by cli.pause, a busy loop that never waits.
local check = require "tests.lib.check"
local screen = require "tests.lib.screen"

local function open(name, script, options)
  local file = check.write(check.tmp(name),
    'local cli, proc, task = require "cli", require "proc", require "task"\n' .. script)
  return screen.open("$PROCRUN " .. file, options or {columns = 60, rows = 12})
end

-- every line of a flood arrives whole and in order
do
  local s <close> = open("flood.lua", [[
    local bar <close> = cli.progress(3000, {text = "flood"})
    for i = 1, 3000 do
      io.write(("line %d "):format(i), ("."):rep(i % 40), "\n") bar:add()
      if i % 50 == 0 then task.yield() end
    end]])
  s:tmux("set-option", "-g", "history-limit", "10000")
  check.eq(s:ended(), 0)
  s:wait_for "flood: done"
  local text = s:tmux("capture-pane", "-p", "-S", "-", "-t", ":0")
  local wanted = tonumber(text:match "line (%d+)")
  for line in text:gmatch "([^\n]*)\n" do
    local n, dots = line:match "^line (%d+) ?(%.*)$"
    if n then
      check.eq(tonumber(n), wanted)
      check.eq(#dots, wanted % 40)
      wanted = wanted + 1
    else
      assert(line == "" or line:find "^flood: done", line)
    end
  end
  check.eq(wanted, 3001)
end

-- the bar moves though nothing ever waits
do
  local s <close> = open("busy.lua", [[
    local bar <close> = cli.progress(nil, {text = "busy"})
    while true do bar:add() end]])
  local first = s:wait_until("a count", function(text) return text:match "busy (%d%d%d%d+)" end)
  s:wait_until("another", function(text)
    local count = text:match "busy (%d+)"
    return count and count ~= first:match "busy (%d+)"
  end)
  s:keys "C-c"
  s:wait_for "busy: cancelled"
end

-- while nothing that is typed is shown, nobody writes over the question
do
  local s <close> = open("password.lua", [[
    local s = cli.spinner "waiting"
    task.sleep(0.2)
    local word = proc.run("sh", {"-c", "stty -echo; printf '\nPassword: ' >/dev/tty;"
      .. "read word; stty echo; echo $word"}, {stdin = "inherit", capture = true}):text()
    s:finish()
    print("got", word)]])
  s:wait_for "Password:"
  require "procrun.task".sleep(0.5) -- several times the spinner would have been drawn
  check.matches(s:text(), "Password:$")
  s:keys("secret", "Enter")
  s:wait_for "got"
  check.matches(s:text(), "waiting: done in.*got +secret$")
end

-- a program that has the screen for itself
do
  local s <close> = open("pause.lua", [[
    local bar <close> = cli.progress(10, {text = "bar"})
    bar:set(5)
    task.sleep(0.1)
    do
      local pause <close> = cli.pause()
      local inner <close> = cli.pause()
      proc.run("sh", {"-c", "echo its screen; read x"}, {stdio = "inherit"})
      bar:set(6)
    end
    task.sleep(60)]])
  s:wait_for "its screen"
  require "procrun.task".sleep(0.3)
  check.eq(s:text(), "its screen")
  s:keys "Enter"
  s:wait_until("the bar", function(text) return text:find "^its screen\n\nbar .*60%% 6/10" end)
end
