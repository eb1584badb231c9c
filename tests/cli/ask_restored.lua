-- However a password or a choice ends, the terminal is as it was: Ctrl-C, TERM, an error, a stop.
local check = require "tests.lib.check"
local terminal = require "tests.lib.terminal"

local program = os.getenv "PROCRUN"
local file = check.write(check.tmp "ask.lua", [[
local cli, task = require "cli", require "task"
local what, how = arg[1], arg[2]
print("pid=" .. process.pid .. ".")
if how == "error" then task.spawn(function() task.sleep(0.1) error "on purpose" end) end
if how == "exit" then task.spawn(function() task.sleep(0.1) os.exit(0) end) end
local _ <close> = setmetatable({}, {__close = function() io.stderr:write "closed\n" end})
if what == "password" then
  print("got " .. tostring(cli.password()))
elseif what == "prompt" then
  print("got " .. tostring(cli.prompt "Name"))
else
  print("got " .. tostring(cli.select("Which?", {"one", "two"})))
end]])

local function open(what, how)
  local command = "sh -c \"trap : INT HUP; stty -g; '%s' '%s' %s %s; stty -g; echo end\""
  return terminal.open(command:format(program, file, what, how))
end

local ASKED <const> = {password = "Password: ", prompt = "Name: ", select = "two"}
local ANSWER <const> = {password = "secret\r", prompt = "secret\r", select = "\27[B\r"}
local GOT <const> = {password = "got secret", prompt = "got secret", select = "got two"}

for what in pairs(ASKED) do
  for _, how in ipairs {"answer", "eof", "Ctrl-C", "TERM", "HUP", "error", "exit"} do
    local s <close> = open(what, how)
    s:expect "pid="
    local pid = s:expect "."
    s:expect(ASKED[what])
    if how == "answer" then s:send(ANSWER[what]) end
    if how == "eof" then s:send "\4" end
    if how == "Ctrl-C" then s:send "abc\3" end
    if how == "TERM" or how == "HUP" then os.execute("kill -" .. how .. " " .. pid) end
    local code, text = s:finish()
    local before, after = text:match "([%x:]+)\n.*\n([%x:]+)\nend"
    if not before or before ~= after then error(what .. ", " .. how .. ": " .. text) end
    check.has(text, how == "answer" and GOT[what] or how == "eof" and "got nil" or "closed")
    check.has(text, "closed")
    check.eq(code, 0)
    if what == "password" and how ~= "answer" then check.lacks(text, "abc") end
  end
end

-- Ctrl-Z: the shell finds its terminal as it was; in the foreground again, the question is there.
for what in pairs(ASKED) do
  local s <close> = terminal.open "bash --norc --noprofile -i"
  s:send "PS1='$ '\r"
  s:expect "'\n$ "
  s:send "stty -g\r"
  s:expect "stty -g\n"
  local before = s:expect "\n$ "
  s:send(("'%s' '%s' %s\r"):format(program, file, what))
  s:expect(ASKED[what])
  s:send "\26"
  s:expect "Stopped"
  s:expect "$ "
  s:send "stty -g\r"
  s:expect "stty -g\n"
  check.eq(s:expect "\n$ ", before)
  s:send "fg\r"
  s:expect(ASKED[what])
  s:send(ANSWER[what])
  local shown = s:expect(GOT[what])
  if what == "password" then check.lacks(shown, "secret") end
  s:expect "$ "
  s:send "exit\r"
  s:finish()
end
