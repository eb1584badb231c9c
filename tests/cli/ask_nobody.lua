-- Questions where there is no terminal: a line of standard input, the default at its end, or an
-- error.
local check = require "tests.lib.check"

-- What the script prints, and what stands on standard error; it has no controlling terminal.
local function run(script, input)
  local file = check.write(check.tmp "ask.lua", "local cli = require 'cli'\n" .. script)
  local given = check.write(check.tmp "ask.in", input or "")
  local command = "PROCRUN_CHECK=1 setsid -w '%s' '%s' <'%s' >'%s' 2>'%s'"
  local _, what, code = os.execute(command:format(os.getenv "PROCRUN", file, given,
    check.tmp "ask.out", check.tmp "ask.err"))
  assert(what == "exit" and code == 0, check.read(check.tmp "ask.err"))
  return check.read(check.tmp "ask.out"), check.read(check.tmp "ask.err")
end
local function expect(script, input, wanted, shown)
  local out, err = run(script, input)
  check.eq(out, wanted)
  if shown then check.eq(err, shown) end
end

expect("print(cli.confirm 'Go on?')", "y\n", "true\n", "Go on? [y/N]\n")
expect("print(cli.confirm 'Go on?')", "no", "false\n")
expect("print(cli.confirm 'Go on?')", "\n", "false\n")
expect("print(cli.confirm 'Go on?')", "what\ny\n", "true\n",
  "Go on? [y/N]\nPlease answer y or n.\nGo on? [y/N]\n")
expect("print(cli.confirm 'Go on?')", "", "nil\tend of input\tEOF\n")
expect("print(cli.confirm 'Go on?')", "what", "nil\tend of input\tEOF\n")
expect("print(cli.confirm('Go on?', {default = true}))", "", "true\n")
expect("print(cli.confirm('Go on?', {default = false}))", "", "false\n")

expect("print(cli.prompt 'Name', cli.prompt 'Age', io.read())", "me\n7\nrest\n", "me\t7\trest\n",
  "Name:\nAge:\n")
expect("print(cli.prompt 'Name')", "", "nil\tend of input\tEOF\n")
expect("print(cli.prompt('Name', {default = 'x'}))", "", "x\n", "Name [x]:\n")
expect("print(cli.prompt('N', {validate = tonumber}))", "x\n3\n", "3\n",
  "N:\nThat is not a valid answer.\nN:\n")
expect("print(cli.prompt('N', {validate = tonumber}))", "x\n", "nil\tend of input\tEOF\n")
expect("print(#cli.prompt 'bytes')", "a\0\xff\r\n", "4\n")

expect("print(cli.password())", "secret\n",
  "nil\tpassword: there is no terminal to ask on\tENOTTY\n", "")

local LIST <const> = "print(cli.select('Which?', {'red', 'blue green', {label = 'b', value = 3}}"
local SHOWN <const> = "  1  red\n  2  blue green\n  3  b\nWhich?\n"
expect(LIST .. "))", "2\n", "blue green\t2\n", SHOWN)
expect(LIST .. "))", "blue green\n", "blue green\t2\n")
expect(LIST .. "))", " b \n", "3\t3\n")
expect(LIST .. "))", "4\n\nred\n", "red\t1\n", SHOWN
  .. "'4' is not in the list; a number from 1 to 3 is expected\nWhich?\n"
  .. "a number from 1 to 3 is expected\nWhich?\n")
expect(LIST .. "))", "", "nil\tend of input\tEOF\n")
expect(LIST .. ", {default = 3}))", "", "3\t3\n")
expect(LIST .. ", {default = 'red'}))", "\n", "red\t1\n")
local MULTI <const> = "local v, i = cli.select('Which?', {'a', 'b c', 'd'}, {multi = true%s})\n"
  .. "print(v and table.concat(v, '|'), i and (type(i) == 'table' and table.concat(i, '|') or i))"
expect(MULTI:format "", "1,3\n", "a|d\t1|3\n")
expect(MULTI:format "", "3 1 1\n", "a|d\t1|3\n")
expect(MULTI:format "", "b c\n", "b c\t2\n")
expect(MULTI:format "", "\n", "\t\n")
expect(MULTI:format ", default = {'d', 'a'}", "\n", "a|d\t1|3\n")
expect(MULTI:format ", default = {}", "", "\t\n")
expect(MULTI:format "", "", "nil\tend of input\n")

local cli = require "procrun.cli"
check.raises("bad argument #1 to 'confirm' (question expected, got nil)", cli.confirm)
check.raises("prompt: options: table expected, got string", cli.prompt, "x", "y")
check.raises("select: options: table expected, got string", cli.select, "x", {"a"},
  "y")
check.raises("confirm: unknown option 'defualt' (known: default, timeout)", cli.confirm, "x",
  {defualt = true})
check.raises("confirm: default: boolean expected, got string", cli.confirm, "x", {default = "y"})
check.raises("prompt: validate: function expected, got string", cli.prompt, "x", {validate = "y"})
check.raises("(list with at least one item expected, got an empty one)", cli.select, "x", {})
check.raises("(list with at least one item expected, got nil)", cli.select, "x")
check.raises("(item 2: a string or {label =, value =} expected)", cli.select, "x", {"a", true})
check.raises("select: default: 'c' is not in the list", cli.select, "x", {"a"}, {default = "c"})
check.raises("with multi a list of values expected, got string", cli.select, "x", {"a"},
  {default = "a", multi = true})
check.raises("confirm: timeout: time expected (seconds, or \"1.5s\"), got 'soon'", cli.confirm,
  "x", {timeout = "soon"})
