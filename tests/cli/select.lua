-- A choice on a terminal: arrow keys, numbers, typing, marks; the list is gone when it is over.
local check = require "tests.lib.check"
local terminal = require "tests.lib.terminal"

local program = os.getenv "PROCRUN"

local function open(items, options, env)
  local file = check.write(check.tmp "select.lua", ([[
local cli = require "cli"
local value, index, code = cli.select("Which?", %s, %s)
if type(value) == "table" then value, index = table.concat(value, "|"), table.concat(index, "|") end
print(("result: %%s/%%s/%%s."):format(value, index, code))]]):format(items, options or "nil"))
  env = env or {}
  env.PROCRUN_CHECK = "1"
  local s = terminal.open(("'%s' '%s'"):format(program, file), env)
  s:expect "Which? "
  return s
end

local function try(items, options, keys, wanted)
  local s <close> = open(items, options)
  s:expect "three"
  for _, key in ipairs(keys) do s:send(key) end
  local _, text = s:finish()
  local last = text:match "Which%? [^\n]*\nresult: [^\n]*\n$"
  if not last or not last:find("result: " .. wanted .. ".", 1, true) then
    error(table.concat(keys, " ") .. ": " .. text, 2)
  end
  return last
end

local UP <const>, DOWN <const>, HOME <const>, END <const> = "\27[A", "\27[B", "\27[H", "\27[4~"
local ITEMS <const> = "{'one', 'two', 'three'}"

check.has(try(ITEMS, nil, {"\r"}, "one/1/nil"), "Which? one\n")
try(ITEMS, nil, {DOWN, "\r"}, "two/2/nil")
try(ITEMS, nil, {UP, "\r"}, "three/3/nil")
try(ITEMS, nil, {DOWN, DOWN, DOWN, "\r"}, "one/1/nil")
try(ITEMS, nil, {"\27OB", "\r"}, "two/2/nil")
try(ITEMS, nil, {"\14\14\16", "\r"}, "two/2/nil")
try(ITEMS, nil, {END, "\r"}, "three/3/nil")
try(ITEMS, nil, {END, HOME, "\n"}, "one/1/nil")
try(ITEMS, nil, {"3\r"}, "three/3/nil")
try(ITEMS, nil, {"31\r"}, "one/1/nil")
try(ITEMS, nil, {"9\r", "\27", "\r"}, "one/1/nil") -- nothing is like it: typed text, taken back
try(ITEMS, nil, {"TW\r"}, "two/2/nil")
try(ITEMS, nil, {"t", DOWN, "\r"}, "three/3/nil")
try(ITEMS, nil, {"twx\r", "\127", "\r"}, "two/2/nil")
try(ITEMS, nil, {"\4"}, "nil/end of input/EOF")
try(ITEMS, nil, {"\27"}, "nil/cancelled/ECANCELED")
try(ITEMS, nil, {"\27[99~\27[200~\1\t", "\r"}, "one/1/nil") -- keys that mean nothing
try(ITEMS, "{default = 'two'}", {"\r"}, "two/2/nil")
try("{'é', 'è', 'three'}", nil, {"\xc3", "\xa8\r"}, "è/2/nil")
try("{{label = 'one', value = 10}, {label = 'three'}}", nil, {"\r"}, "10/1/nil")
try("{{label = 'one', value = false}, 'three'}", nil, {"\r"}, "false/1/nil")

local MULTI <const> = "{multi = true%s}"
check.has(try(ITEMS, MULTI:format "", {" ", DOWN, DOWN, " ", "\r"}, "one|three/1|3/nil"),
  "Which? one, three\n")
try(ITEMS, MULTI:format "", {" ", " ", "\r"}, "//nil")
try(ITEMS, MULTI:format "", {"\1", "\r"}, "one|two|three/1|2|3/nil")
try(ITEMS, MULTI:format "", {"\1\1", "\r"}, "//nil")
try(ITEMS, MULTI:format ", default = {'two', 'one'}", {"\r"}, "one|two/1|2/nil")
try(ITEMS, MULTI:format ", default = {'two'}", {"2 3 \r"}, "three/3/nil")
try(ITEMS, MULTI:format "", {"\4"}, "nil/end of input/EOF")

-- Long items are cut to the terminal, long lists to a window of it.
do
  local s <close> = open("(function() local t = {} for i = 1, 99 do t[i] = ('x'):rep(90) .. i end "
    .. "return t end)()")
  local shown = s:expect(("x"):rep(77) .. "\n")
  check.lacks(shown, ("x"):rep(78))
  s:send "57\r"
  local _, text = s:finish()
  check.has(text, "x57/57/nil.")
end

-- What can do nothing but print gets a numbered list.
do
  local s <close> = open(ITEMS, nil, {TERM = "dumb"})
  check.has(s.text, "  2  two\r\n")
  check.lacks(s.text, "\27")
  s:send "two\r"
  s:expect "result: two/2/nil."
  s:finish()
end
