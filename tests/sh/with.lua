-- sh.with: the same verbs with words before each command, and options; they nest.
local check = require "tests.lib.check"
local sh = require "procrun.sh"

local say = sh.with {"printf", "<%s>"}
check.eq(say.text("$1 x", "a b"), "<a b><x>")
check.eq(say.text {"a b", false, 3}, "<a b><3>")
check.eq(say.try("a"):text(), "<a>")
check.eq(say.ok "a", true)
for line in say.lines "a" do check.eq(line, "<a>") end
check.eq(say.with("c d", "$1").text == nil, false)
check.eq(say.with {"c d"}.text "e", "<c d><e>")
check.eq(sh.with("printf $1", "[%s]").text "x", "[x]")

-- Options: those of the call win, variables are put together.
local root = sh.with {cwd = "/", extend_env = {A = "1"}}
check.eq(root.text "pwd", "/")
check.eq(root.text {"pwd", cwd = "/usr"}, "/usr")
check.eq(root.with {cwd = "/usr"}.text "pwd", "/usr")
check.eq(root.text {"sh", "-c", "echo $A$B", extend_env = {B = 2}}, "12")
check.eq(root.with {extend_env = {B = 2}}.text "sh -c 'echo $A$B'", "12")
check.eq(sh.with {check = false}("sh -c 'exit 3'").code, 3)
check.eq(sh.with {ok = {0, 3}}.run("sh -c 'exit 3'").ok, true)
check.eq(sh.with {timeout = "50ms"}.try("sleep 30").timed_out, true)

-- Called, it runs.
check.eq(sh.with {"sh", "-c"}("exit 0").ok, true)

-- Commands made by it have its words; a Command without them is not silently run without.
check.eq(sh.text(say.cmd "a" | "tr a b"), "<b>")
check.eq(say.text(say.cmd "a" | "tr a b"), "<b>")
check.eq(say.with {cwd = "/"}.text(say.cmd "a"), "<a>")
check.raises("made without the words of this sh.with: make it by its own cmd", function()
  return (say.text(sh.cmd "echo a"))
end)
check.eq(root.text(sh.cmd "pwd"), "/")
check.eq(root.text(sh.cmd {"pwd", cwd = "/usr"}), "/usr")

-- bash, too.
local A = sh.with {"env", "A=b c"}
check.eq(A.text(A.script('echo "$A$1"', "x y")), "b cx y")

-- Refused.
local function refused(reason, ...)
  local args = table.pack(...)
  check.matches(check.raises(reason, function()
    local w = sh.with(table.unpack(args, 1, args.n))
    return w
  end), "with%.lua:%d+: sh%.with: ")
end
refused("a table of words and options expected, got nil", nil)
refused("neither words nor options", {})
refused("unknown option 'tiemout'", {"a", tiemout = 1})
refused("argument 2 is nil", {"a", nil, "b"})
refused("unquoted '|'", "a | b")
refused("the name of the program is empty", {""})
refused("one table, or a template and its parameters", {"a"}, "b")
check.raises("there is no 'txet' here (known: bash, cmd, json, lines, ok, remote, run, script, "
  .. "start, text, try, with)", function() return say.txet end)
