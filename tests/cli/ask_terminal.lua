-- Questions on a terminal: what is shown, answers, defaults, Ctrl-D, time limits, redirections;
-- with an editor of lines and without.
local check = require "tests.lib.check"
local repl = require "tests.lib.repl"
local terminal = require "tests.lib.terminal"
local eq = check.eq

local program = os.getenv "PROCRUN"

local function try(library)

  -- A session in which the script runs; `redirect` stands behind its command.
  local function open(script, redirect)
    local file = check.write(check.tmp "ask.lua", "local cli = require 'cli'\n" .. script)
    return terminal.open(("sh -c \"'%s' '%s' %s; echo; stty -a | grep -o ' -*echo ' \""):format(
      program, file, redirect or ""), {PROCRUN_READLINE = library, TERM = "xterm",
      PROCRUN_CHECK = "1"})
  end

  local function ends_with_echo(session, wanted)
    session:expect(wanted)
    session:expect " echo"
    eq((session:finish()), 0)
  end

  do
    local s <close> = open [[
print(cli.confirm "Delete it?")
print(cli.confirm("Go on", {default = true}))
print(cli.confirm("Again", {default = false}))
print(cli.confirm "Sure?")]]
    s:expect "Delete it? [y/N] "
    s:send "maybe\r"
    s:expect "Please answer y or n."
    s:expect "Delete it? [y/N] "
    s:send "YES\r"
    s:expect "true"
    s:expect "Go on? [Y/n] "
    s:send "\r"
    s:expect "true"
    s:expect "Again? [y/N] "
    s:send "\r"
    s:expect "false"
    s:expect "Sure? [y/N] "
    s:send "\4"
    ends_with_echo(s, "\nnil\tend of input\tEOF")
  end

  do
    local s <close> = open [[
print(cli.prompt "Name")
print(cli.prompt("Port:", {default = 8080, validate = tonumber}))
print(cli.prompt("Port", {default = 8080, validate = tonumber}))
print(cli.prompt("Even?", {validate = function(text)
  local number = tonumber(text)
  if not number then return nil, text .. " is no number" end
  return number % 2 == 0
end}))
print(cli.prompt "  as it is: ")
print(cli.prompt("Never", {default = "x"}))]]
    s:expect "Name: "
    s:send "Jos\xc3\xa9x\127\r"
    s:expect "\nJosé\n"
    s:expect "Port [8080]: "
    s:send "http\r"
    s:expect "That is not a valid answer."
    s:expect "Port [8080]: "
    s:send "80\r"
    s:expect "\n80\n"
    s:expect "Port [8080]: "
    s:send "\r"
    s:expect "\n8080\n"
    s:expect "Even? "
    s:send "x\r"
    s:expect "x is no number\nEven? "
    s:send "3\r"
    s:expect "That is not a valid answer.\nEven? "
    s:send "4\r"
    s:expect "\n4\n"
    s:expect "  as it is: "
    s:send "\r"
    s:expect "Never [x]: "
    s:send "\4"
    ends_with_echo(s, "\nnil\tend of input\tEOF")
  end

  do -- what was typed ahead is read; two tasks ask one after the other; io.read goes on
    local s <close> = open [[
local task = require "task"
print "ready"
task.sleep(0.05)
local answers = task.all {function() return (cli.prompt "One") end,
  function() return (cli.prompt "Two") end}
print(answers[1], answers[2], io.read())]]
    s:expect "ready"
    s:send "1\r2\r3\r"
    ends_with_echo(s, "1\t2\t3")
  end

  if library ~= "none" then -- the line is edited, and what others print stands above it
    local s <close> = open [[
local task = require "task"
task.spawn(function() task.sleep(0.3) print "from elsewhere" end)
print(cli.prompt "\27[1mName\27[0m")]]
    s:expect "Name: "
    s:send "ac"
    s:expect "from elsewhere\n"
    s:expect "Name: ac"
    s:send "\27[Db\r"
    s:expect "\nabc\n"
    ends_with_echo(s, "")
  end

  do -- likewise behind a choice and a password
    local s <close> = open [[
print "ready"
require "task".sleep(0.05)
print((cli.select("Which", {"a", "b"})), cli.prompt "Name", cli.password(), io.read())]]
    s:expect "ready"
    s:send "\27[B\rme\rsecret\rrest\r"
    ends_with_echo(s, "b\tme\tsecret\trest\n")
  end

  do -- a question within a question
    local s <close> = open [[
print(cli.prompt("Name", {validate = function(name) return cli.confirm("Really " .. name) end}))]]
    s:expect "Name: "
    s:send "x\r"
    s:expect "Really x? [y/N] "
    s:send "y\r"
    ends_with_echo(s, "\nx\n")
  end

  do -- a time limit and a cancel; what was half typed does not reach the next question
    local s <close> = open [[
local task = require "task"
print(cli.confirm("Quick", {timeout = 0.3}))
print(task.timeout(0.3, cli.password))
local t = task.spawn(cli.prompt, "Cancelled")
task.sleep(0.05)
t:cancel()
pcall(t.wait, t)
print(cli.prompt "After")]]
    s:expect "Quick? [y/N] "
    s:send "ye"
    s:expect "\nnil\ttimeout\tETIMEDOUT"
    s:expect "Password: "
    s:send "secr"
    s:expect "\nnil\ttimeout\tETIMEDOUT"
    s:expect "Cancelled: "
    s:expect "\nAfter: "
    s:send "ok\r"
    s:expect "\nok\n"
    ends_with_echo(s, "")
  end

  -- Standard input and output lead elsewhere: the terminal is asked all the same.
  do
    local out, input = check.tmp "ask.out", check.write(check.tmp "ask.in", "1\n2\n")
    local s <close> = open([[
print(io.read(), cli.prompt "Name", io.read())
io.stderr:write("got ", cli.password(), "\n")]], ("<%s >%s"):format(input, out))
    s:expect "Name: "
    s:send "me\r"
    s:expect "Password: "
    s:send "secret\r"
    local between = s:expect "got secret"
    check.lacks(between, "secret")
    ends_with_echo(s, "")
    eq(check.read(out), "1\tme\t2\n")
  end
  do
    local s <close> = open([[print(cli.prompt "Name")]], "2>/dev/null >/dev/null </dev/null")
    s:expect "Name: "
    s:send "me\r"
    ends_with_echo(s, "")
  end

end

for _, library in ipairs {"none", "readline"} do
  if library == "none" or repl.has(library) then
    local fine, message = pcall(try, library)
    if not fine then error(library .. ": " .. tostring(message), 0) end
  end
end
