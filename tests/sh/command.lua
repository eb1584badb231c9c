-- A Command is a description: | and its methods give new ones, tostring shows it for a shell.
local check = require "tests.lib.check"
local sh = require "procrun.sh"
local fs = require "procrun.fs"
local cmd = sh.cmd

local dir <close> = assert(fs.temp_dir())
local function path(name) return dir.path .. "/" .. name end

-- Run as it is, any number of times; the same in every verb.
local two = cmd("printf '%s\\n' $1 $2", "b c", "a")
check.eq(sh.text(two), "b c\na")
check.eq(sh.try(two).stdout, "b c\na\n")
assert(sh.ok(two) and sh.run(two:with {stdout = "ignore"}).ok)

-- Pipelines, with what may stand on the right.
check.eq(sh.text(two | "sort"), "a\nb c")
check.eq(sh.text(two | cmd("grep -F", "b c")), "b c")
check.eq(sh.text(two | {"grep", "-F", "b c"} | "wc -l"), "1")
check.eq(sh.text(two | function(line) return line:upper() end), "B C\nA")
check.eq(sh.text(sh.data "x\ny\nz\n" | "tail -n1"), "z")
check.eq(sh.text(sh.data "" | "cat"), "")
check.eq(sh.text(sh.data "3\n1\n2" | "sort" | function(l) return l ~= "2" and l or nil end
  | "tr '\\n' ,"), "1,3,")

-- Files.
sh.run(two:to(path "out $x"))
check.eq(check.read(path "out $x"), "b c\na\n")
sh.run((cmd "echo more"):append(path "out $x"))
check.eq(check.read(path "out $x"), "b c\na\nmore\n")
sh.run(((cmd "cat"):from(path "out $x") | "sort"):to(path "sorted"))
check.eq(check.read(path "sorted"), "a\nb c\nmore\n")
check.eq(sh.text((cmd "tr a-z A-Z"):from(path "sorted")), "A\nB C\nMORE")
sh.run((cmd "echo anew"):to(path "sorted"))
check.eq(check.read(path "sorted"), "anew\n")
check.raises("/nowhere/x", function() return (sh.run((cmd "true"):to "/nowhere/x")) end)
check.raises("/nowhere/x", function() return (sh.run((cmd "true"):from "/nowhere/x")) end)
check.has(sh.run((cmd "echo x" | "cat"):to(path "o p")).command, "echo x | cat > '" .. path "o p")

-- The methods change nothing of what they are called on.
local pwd = cmd "pwd"
local there = pwd:with {cwd = "/"}
check.eq(sh.text(there), "/")
assert(sh.text(pwd) ~= "/")
check.eq(sh.text(there:with {cwd = "/usr"}), "/usr")
check.eq(sh.text(there), "/")
local env = (cmd {"sh", "-c", "echo $A$B", extend_env = {A = 1}}):with {extend_env = {B = 2}}
check.eq(sh.text(env), "12")
check.eq(sh.run((cmd "sh -c 'exit 3'"):with {check = false}).code, 3)
check.eq(sh.run((cmd "sh -c 'exit 3'"):with {ok = {3}}).ok, true)

-- In copy-and-paste form; a shell gives the same.
local function same(command, wanted)
  check.eq(tostring(command), wanted)
  check.eq(require "procrun.proc".run("sh", {"-c", wanted}):check():text(), sh.text(command))
end
same(two, "printf '%s\\n' 'b c' a")
same(two | "sort -r" | {"head", "-n", 1}, "printf '%s\\n' 'b c' a | sort -r | head -n 1")
same(cmd {"sh", "-c", "echo $PWD $A", cwd = "/usr", extend_env = {A = "x y"}},
  "(cd /usr && A='x y' sh -c 'echo $PWD $A')")
same(cmd {"env", env = {A = "'", ["x.y"] = 1}} | "sort", [[env -i A=''\''' 'x.y=1' env | sort]])
same((cmd {"sh", "-c", "echo ${HOME-none}", extend_env = {HOME = false}}),
  "env -u HOME sh -c 'echo ${HOME-none}'")
same(sh.data "a'b\n" | "cat", "printf %s 'a'\\''b\n' | cat")
same((cmd {"sh", "-c", "echo x >&2", stderr = "stdout"}), "sh -c 'echo x >&2' 2>&1")
same((cmd "cat"):from(path "sorted"), "cat < " .. path "sorted")
check.eq(tostring((cmd "a" | "b"):append "x y"), "a | b >> 'x y'")
check.eq(tostring((cmd {"a", cwd = "b", stderr = "ignore"}):to "c"), "(cd b && a) > c 2> /dev/null")
check.matches(tostring(cmd "a" | function() end | "b"), "^a | # filter: .*command%.lua:%d+\n  b$")

-- What makes no sense is refused where it is written.
local function refused(reason, fn)
  check.matches(check.raises(reason, fn), "command%.lua:%d+: ")
end
refused('write sh.cmd "a", or sh.data(bytes)', function() local _ = "a" | two end)
refused("on its right, got number", function() local _ = two | 3 end)
refused("sh.data can only be the first", function() local _ = two | sh.data "x" end)
refused("the output of the stage before goes to x", function() local _ = two:to "x" | "b" end)
refused("the stage behind reads x", function() local _ = two | (cmd "b"):from "x" end)
refused("goes to the option stdout", function() local _ = cmd {"a", stdout = "ignore"} | "b" end)
refused("unquoted '*'", function() local _ = two | "ls *" end)
refused("from: the option input is given", function()
  local _ = cmd {"cat", input = "x"}:from "y"
end)
refused("append: the option stdout is given", function()
  local _ = cmd {"cat", stdout = "ignore"}:append "y"
end)
refused("results come from verbs, sh.text(command)", function() return two:text() end)
refused("a Command has no 'too' (known: append, from, to, with)", function() return two:too() end)
refused("call it with a colon: command:to(...)", function() local _ = two.to("x") end)
refused("a path expected, got nil", function() local _ = two:to() end)
refused("a path expected, got \"\"", function() local _ = two:from "" end)
refused("unknown option 'cwdd'", function() local _ = two:with {cwdd = 1} end)
refused("option 'cwd': string expected, got 3", function() local _ = two:with {cwd = 3} end)
refused("one with words", function() local _ = two:with {"a"} end)
refused("it is a Command already", function() local _ = cmd(two) end)
refused("a Command takes no parameters", function() local _ = sh.run(two, 1) end)
refused("is run by a verb: sh.run(command)", function() local _ = two() end)
refused("a Command cannot be changed", function() two.x = 1 end)
refused("sh.data is only the first stage", function() local _ = sh.run(sh.data "x") end)
refused("string expected, got number", function() local _ = sh.data(3) end)
refused("write command:from(path), :to(path)", function() local _ = two > "x" end)
refused("write command:from(path), :to(path)", function() local _ = two < "x" end)
refused("write command:from(path), :to(path)", function() local _ = two >> "x" end)
